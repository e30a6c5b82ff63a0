//! The queue: pages that neither skip nor repeat, in every order; filters that find what they say, on both databases
//! the same.

use chrono::{Days, NaiveDate};
use gongkai::domain::case::command::{ClockCommand, Command};
use gongkai::domain::case::decide::ImportedRow;
use gongkai::domain::case::{Stage, Status};
use gongkai::domain::channel::Channel;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::time_limit::{ClockState, CorrectionGround, Fact, Light, Rules, timeline};
use gongkai::store::{
    CaseObligationRow, CaseRow, Key, Owed, QueueFilter, Reach, Sort, StoredCase, statute_of,
};

use super::desk::{Desk, STATUTE, Who, day, ledger_row, wait, words};
use crate::support::databases::{Backend, both_databases};

/// The reach of who works for these departments, and may read all that is there.
pub fn within(departments: Option<Vec<Key>>) -> Reach {
    Reach { departments, ..Reach::whole() }
}

/// An office with 141 cases: a ledger with rows of every kind, and live cases at every step of the way.
pub struct Shelf {
    pub desk: Desk,
    pub cases: Vec<StoredCase>,
}

/// The applicant has ten working days to correct his application (Art. 30).
fn ask_for_correction() -> Command {
    Command::Clock(ClockCommand::RequestCorrection {
        working_days: Some(10),
        ground: CorrectionGround::UnclearContent,
        served_on: Some(day("2026-03-03")),
        items: words(),
        exception: None,
    })
}

impl Shelf {
    pub fn full(backend: Backend) -> Self {
        let desk = Desk::new(backend);
        desk.import((0..120).map(|n| desk.taken_over(varied(&desk, n))).collect()).unwrap();
        for steps in [0, 1, 2, 3, 6, 9, 10, 13] {
            desk.brought(steps, "2026-03-02");
        }
        for (channel, on) in
            Channel::ALL.iter().zip(["2026-02-02", "2026-02-13", "2026-02-28"].iter().cycle())
        {
            let case = desk.receive(*channel, on);
            let withdraw = Command::Withdraw { reason: None };
            desk.receive(*channel, on);
            desk.does(&case, Who::Clerk, withdraw, "2026-03-05");
        }
        let silent = desk.receive(Channel::Counter, "2026-03-02");
        let silent = desk.does(&silent, Who::Clerk, ask_for_correction(), "2026-03-03");
        let lapse = Command::Clock(ClockCommand::LapseCorrection { n: 1, note: None });
        desk.does(&silent, Who::Clerk, lapse, "2026-03-20");
        let mut shelf = Self { desk, cases: Vec::new() };
        shelf.read();
        assert_eq!(shelf.cases.len(), 141);
        shelf
    }

    /// Looks again at what is there.
    pub fn read(&mut self) {
        let agency = Key(self.desk.agency.0);
        self.cases = wait(self.desk.store.stored_cases_after(agency, None, i64::MAX)).unwrap();
    }

    /// Everything, first come by the limit.
    pub fn all(&self) -> QueueFilter {
        QueueFilter::all(Key(self.desk.agency.0), 1_000)
    }

    pub fn page(&self, filter: &QueueFilter) -> Vec<CaseRow> {
        let lines = wait(self.desk.store.cases_page(filter.clone())).unwrap();
        lines.into_iter().map(|line| line.row).collect()
    }

    /// The day by which a case stands where it stands.
    fn place(&self, row: &CaseRow, filter: &QueueFilter) -> NaiveDate {
        let Some(owed) = filter.owed.filter(|_| filter.sort == Sort::ObligationDueOn) else {
            return sort_date(row, filter.sort);
        };
        let case = self.cases.iter().find(|case| case.id == row.id).unwrap();
        case.obligations.iter().filter(|open| is_owed(open, &owed)).map(|open| open.due_on).min().unwrap()
    }

    /// The rows that a filter finds, page after page.
    fn walk(&self, filter: &QueueFilter, limit: i64) -> Vec<CaseRow> {
        let mut filter = QueueFilter { limit, ..filter.clone() };
        let mut rows = Vec::new();
        loop {
            let page = self.page(&filter);
            assert!(i64::try_from(page.len()).unwrap() <= limit);
            let Some(last) = page.last() else { return rows };
            filter.after = Some((self.place(last, &filter), last.id));
            rows.extend(page);
        }
    }

    /// What a filter must find: the cases of which this is true, in this order.
    fn expected(
        &self,
        filter: &QueueFilter,
        matches: impl Fn(&StoredCase, &CaseRow) -> bool,
    ) -> Vec<CaseRow> {
        let rows = self.cases.iter().filter_map(|case| {
            let row = case.row.as_ref().unwrap();
            matches(case, row).then(|| row.clone())
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|row| (self.place(row, filter), row.id));
        if matches!(filter.sort, Sort::DueOnDescending | Sort::ReceivedOnDescending) {
            rows.reverse();
        }
        rows
    }

    /// A filter finds these cases and no other, in every order and by pages of any size.
    #[track_caller]
    pub fn finds(&self, told: &str, filter: QueueFilter, matches: impl Fn(&StoredCase, &CaseRow) -> bool) {
        for sort in Sort::ALL {
            let filter = QueueFilter { sort: *sort, ..filter.clone() };
            let expected = self.expected(&filter, &matches);
            assert_eq!(self.page(&filter), expected, "{told}, {}", sort.code());
            assert_eq!(self.walk(&filter, 7), expected, "{told}, {} by pages", sort.code());
        }
    }
}

/// The nth row of the ledger: dates, channels, departments and outcomes of all kinds, several rows a day.
fn varied(desk: &Desk, n: usize) -> ImportedRow {
    let days = u64::try_from(n * 7919 % 101).unwrap();
    let received_on = day("2026-01-15") + Days::new(days);
    let replied_on = received_on + Days::new(days % 13);
    let outcome = Outcome::ALL[n % Outcome::ALL.len()];
    ImportedRow {
        channel: Channel::ALL[n % Channel::ALL.len()],
        department: desk.departments.get(n % 4).copied(),
        reply: n.is_multiple_of(3).then_some((outcome, replied_on)),
        archived_on: n.is_multiple_of(6).then_some(replied_on),
        ..ledger_row(&format!("台账-{n}"), received_on)
    }
}

fn sort_date(row: &CaseRow, sort: Sort) -> NaiveDate {
    match sort {
        Sort::DueOn | Sort::DueOnDescending | Sort::ObligationDueOn => {
            row.due_on.unwrap_or(day("9999-12-31"))
        }
        Sort::ReceivedOn | Sort::ReceivedOnDescending => row.received_on.unwrap_or(row.arrived_on),
    }
}

/// Whether something owed is what is asked for.
pub fn is_owed(open: &CaseObligationRow, owed: &Owed) -> bool {
    let chance = ["correction_notice", "extension_notice"].contains(&open.kind.as_str());
    owed.kind.is_none_or(|kind| open.kind == kind.code())
        && owed.from.is_none_or(|from| open.due_on >= from)
        && owed.to.is_none_or(|to| open.due_on <= to)
        && (!chance || open.due_on >= owed.today)
}

both_databases! {
    fn pages_neither_skip_nor_repeat_a_case(backend) {
        let shelf = Shelf::full(backend);
        for sort in Sort::ALL {
            let filter = QueueFilter { sort: *sort, ..shelf.all() };
            let expected = shelf.expected(&filter, |_, _| true);
            for limit in [1, 7, 50, 140, 141, 142] {
                assert_eq!(shelf.walk(&filter, limit), expected, "{} by {limit}", sort.code());
            }
        }
    }

    /// Cases come in and move on while somebody turns the pages: those that stay are each seen once.
    fn cases_that_stay_are_seen_once_while_others_come_and_go(backend) {
        let shelf = Shelf::full(backend);
        for sort in Sort::ALL {
            let mut filter = QueueFilter { sort: *sort, limit: 20, ..shelf.all() };
            let mut seen = Vec::new();
            loop {
                let page = shelf.page(&filter);
                let Some(last) = page.last() else { break };
                filter.after = Some((sort_date(last, *sort), last.id));
                seen.extend(page.iter().map(|row| row.id));
                if seen.len() < 120 {
                    shelf.desk.receive(Channel::Counter, "2026-01-15");
                    shelf.desk.receive(Channel::Counter, "2026-05-20");
                }
            }
            let stayed: Vec<_> = shelf.cases.iter().map(|case| case.id).collect();
            for id in stayed {
                assert_eq!(seen.iter().filter(|found| **found == id).count(), 1, "{}", sort.code());
            }
        }
    }

    fn each_filter_finds_what_it_says(backend) {
        let shelf = Shelf::full(backend);
        shelf.finds("everything", shelf.all(), |_, _| true);
        for stage in Stage::ALL {
            let filter = QueueFilter { stage: Some(*stage), ..shelf.all() };
            shelf.finds(stage.code(), filter, |_, row| row.stage == stage.code());
        }
        for status in Status::ALL {
            let filter = QueueFilter { status: Some(*status), ..shelf.all() };
            assert!(!shelf.page(&filter).is_empty(), "{}: none to find", status.code());
            shelf.finds(status.code(), filter, |_, row| row.status == status.code());
        }
        for clock in ClockState::ALL {
            let filter = QueueFilter { clock: Some(*clock), ..shelf.all() };
            shelf.finds(clock.code(), filter, |_, row| row.clock_state == clock.code());
        }
        for channel in Channel::ALL {
            let filter = QueueFilter { channel: Some(*channel), ..shelf.all() };
            shelf.finds(channel.code(), filter, |_, row| row.channel == channel.code());
        }
        for outcome in [Outcome::Granted, Outcome::OtherOther] {
            let filter = QueueFilter { outcome: Some(outcome), ..shelf.all() };
            shelf.finds(outcome.code(), filter, |_, row| row.outcome.as_deref() == Some(outcome.code()));
        }
        for on in ["2026-02-10", "2026-03-02", "2026-03-30"].map(day) {
            let told = on.to_string();
            let filter = QueueFilter { due_before: Some(on), ..shelf.all() };
            shelf.finds(&format!("due by {told}"), filter, |_, row| row.due_on.is_some_and(|due| due <= on));
            let filter = QueueFilter { received_from: Some(on), ..shelf.all() };
            let from = |_: &StoredCase, row: &CaseRow| row.received_on.is_some_and(|received| received >= on);
            shelf.finds(&format!("received from {told}"), filter, from);
            let filter = QueueFilter { received_to: Some(on), ..shelf.all() };
            let to = |_: &StoredCase, row: &CaseRow| row.received_on.is_some_and(|received| received <= on);
            shelf.finds(&format!("received to {told}"), filter, to);
        }
        let filter = QueueFilter { number: Some("台账-7".to_owned()), ..shelf.all() };
        shelf.finds("number", filter, |_, row| row.number.as_deref() == Some("台账-7"));
        let nobody = Key(uuid::Uuid::nil());
        shelf.finds("assignee", QueueFilter { assignee: Some(nobody), ..shelf.all() }, |_, _| false);
        shelf.finds("another agency", QueueFilter { agency: nobody, ..shelf.all() }, |_, _| false);
    }

    fn departments_find_the_cases_they_work_on(backend) {
        let shelf = Shelf::full(backend);
        let [planning, land, finance] = shelf.desk.departments[..] else { panic!() };
        let works = |case: &StoredCase, key: uuid::Uuid| case.departments.iter().any(|row| row.department_id.0 == key);
        for department in [planning, land, finance] {
            let filter = QueueFilter { department: Some(Key(department.0)), ..shelf.all() };
            shelf.finds("of a department", filter, |case, _| works(case, department.0));
        }
        // What somebody may see is limited to his departments, whatever he asks for.
        let mine = Some(vec![Key(planning.0), Key(land.0)]);
        let filter = QueueFilter { reach: within(mine.clone()), ..shelf.all() };
        shelf.finds("in scope", filter, |case, _| works(case, planning.0) || works(case, land.0));
        let filter = QueueFilter { reach: within(mine.clone()), department: Some(Key(land.0)), ..shelf.all() };
        shelf.finds("of one in scope", filter, |case, _| works(case, land.0));
        let filter = QueueFilter { reach: within(mine), department: Some(Key(finance.0)), ..shelf.all() };
        let both = |case: &StoredCase, _: &CaseRow| {
            works(case, finance.0) && (works(case, planning.0) || works(case, land.0))
        };
        shelf.finds("of one out of scope", filter, both);
        let filter = QueueFilter { reach: within(Some(Vec::new())), ..shelf.all() };
        shelf.finds("with no scope", filter, |_, _| false);
    }

    /// A light is what the limit says on the day, counted anew from the date of receipt.
    fn lights_are_those_of_the_day(backend) {
        let shelf = Shelf::full(backend);
        let (pack, calendar) = statute_of(&shelf.desk.law, STATUTE).unwrap();
        let light_on = |row: &CaseRow, today| {
            row.due_on?;
            let facts = [Fact::received(row.received_on?)];
            timeline(&facts, &Rules::of(pack, calendar), today).unwrap().light
        };
        let mut lit = 0;
        for today in day("2026-02-01").iter_days().step_by(3).take(48) {
            for light in Light::ALL {
                let filter = QueueFilter { light: Some((*light, today)), ..shelf.all() };
                let expected = shelf.expected(&filter, |_, row| light_on(row, today) == Some(*light));
                lit += expected.len();
                assert_eq!(shelf.page(&filter), expected, "{} on {today}", light.code());
            }
        }
        let owed = shelf.expected(&shelf.all(), |_, row| row.due_on.is_some());
        assert_eq!(lit, 48 * owed.len(), "every case that owes a reply has one light a day");
    }

    fn filters_may_be_combined(backend) {
        let shelf = Shelf::full(backend);
        let (from, land) = (day("2026-02-20"), shelf.desk.departments[1]);
        let filter = QueueFilter {
            stage: Some(Stage::Process),
            department: Some(Key(land.0)),
            received_from: Some(from),
            channel: Some(Channel::RegisteredPost),
            ..shelf.all()
        };
        assert!(!shelf.page(&filter).is_empty(), "none to find");
        shelf.finds("combined", filter, |case, row| {
            row.stage == "process"
                && row.channel == "registered_post"
                && row.received_on >= Some(from)
                && case.departments.iter().any(|row| row.department_id.0 == land.0)
        });
    }
}
