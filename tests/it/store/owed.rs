//! What is owed, as the queue finds it; the inbox; the figures of both. All against a plain look at every case.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use gongkai::domain::channel::Channel;
use gongkai::domain::time_limit::ObligationKind;
use gongkai::store::{CaseRow, DashboardFilter, InboxFilter, InboxPage, Key, Owed, QueueFilter, StoredCase};

use super::desk::{day, wait};
use super::pages::{Shelf, is_owed, within};
use crate::support::databases::{Backend, both_databases};

/// A full shelf, where on some cases a third party is asked twice: the second answer may be due before the first.
fn shelf(backend: Backend) -> Shelf {
    let mut shelf = Shelf::full(backend);
    for (n, from) in [(1, "reply"), (2, "correction_notice"), (3, "reply")] {
        let asked = format!(
            "INSERT INTO case_obligations SELECT agency_id, case_id, 'third_party_answer', {n}, due_on \
             FROM case_obligations WHERE kind = '{from}'"
        );
        shelf.desk.database.execute(&asked).unwrap();
    }
    shelf.read();
    assert!(shelf.cases.iter().any(|case| case.obligations.len() == 6));
    shelf
}

fn owes(case: &StoredCase, owed: &Owed) -> bool {
    case.obligations.iter().any(|open| is_owed(open, owed))
}

/// Some days on which something is owed, from the first to the last.
fn days(shelf: &Shelf) -> Vec<NaiveDate> {
    let all: BTreeSet<NaiveDate> =
        shelf.cases.iter().flat_map(|case| &case.obligations).map(|open| open.due_on).collect();
    all.iter().copied().step_by(all.len() / 4).collect()
}

fn waits(row: &CaseRow) -> bool {
    ["received", "awaiting_confirmation"].contains(&row.status.as_str())
}

impl Shelf {
    fn inbox(&self, departments: Option<Vec<Key>>, after: Option<(NaiveDate, Key)>, limit: i64) -> InboxPage {
        let filter =
            InboxFilter { agency: Key(self.desk.agency.0), reach: within(departments), after, limit };
        wait(self.desk.store.inbox_page(filter)).unwrap()
    }
}

both_databases! {
    fn what_is_owed_is_found_in_every_order(backend) {
        let shelf = shelf(backend);
        let days = days(&shelf);
        let kinds: Vec<_> = ObligationKind::ALL.iter().copied().map(Some).chain([None]).collect();
        let mut found = 0;
        for today in &days {
            for kind in &kinds {
                let told = format!("{:?} on {today}", kind.map(ObligationKind::code));
                let everything = Owed { kind: *kind, from: None, to: None, today: *today };
                let filter = QueueFilter { owed: Some(everything), ..shelf.all() };
                found += shelf.page(&filter).len();
                shelf.finds(&told, filter, |case, _| owes(case, &everything));
            }
            let kind = Some(ObligationKind::ThirdPartyAnswer);
            for owed in [
                Owed { kind: None, from: Some(days[1]), to: None, today: *today },
                Owed { kind: None, from: None, to: Some(days[2]), today: *today },
                Owed { kind, from: Some(days[1]), to: Some(days[2]), today: *today },
                Owed { kind, from: Some(days[2]), to: Some(days[1]), today: *today },
            ] {
                let filter = QueueFilter { owed: Some(owed), ..shelf.all() };
                shelf.finds(&format!("{owed:?}"), filter, |case, _| owes(case, &owed));
                let lead = shelf.desk.departments[0];
                let filter = QueueFilter {
                    owed: Some(owed),
                    department: Some(Key(lead.0)),
                    channel: Some(Channel::Fax),
                    ..shelf.all()
                };
                shelf.finds(&format!("{owed:?} by fax"), filter, |case, row| {
                    owes(case, &owed)
                        && row.channel == "fax"
                        && case.departments.iter().any(|row| row.department_id.0 == lead.0)
                });
            }
        }
        assert!(found > 1_000, "{found}");
    }

    fn a_line_shows_what_is_owed_on_its_case(backend) {
        let shelf = shelf(backend);
        let lines = wait(shelf.desk.store.cases_page(shelf.all())).unwrap();
        assert_eq!(lines.len(), shelf.cases.len());
        for line in lines {
            let case = shelf.cases.iter().find(|case| case.id == line.row.id).unwrap();
            let owed = line.owed.iter().map(|open| (open.kind.code().to_owned(), open.n.cast_signed(), open.due_on));
            let stored = case.obligations.iter().map(|open| (open.kind.clone(), open.n, open.due_on));
            assert_eq!(owed.collect::<Vec<_>>(), stored.collect::<Vec<_>>());
        }
    }

    fn the_inbox_is_what_waits_by_the_day_of_arrival(backend) {
        let mut shelf = Shelf::full(backend);
        for n in 0..40 {
            let on = (day("2026-02-02") + Days::new(n * 31 % 17)).to_string();
            shelf.desk.receive(Channel::ALL[usize::try_from(n).unwrap() % 6], &on);
        }
        shelf.read();
        let mut expected: Vec<CaseRow> = shelf.cases.iter().filter_map(|case| case.row.clone()).collect();
        expected.retain(waits);
        expected.sort_by_key(|row| (row.arrived_on, row.id));
        let mut arrivals: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for row in &expected {
            *arrivals.entry(row.arrived_on).or_default() += 1;
        }
        assert!(expected.len() > 40 && arrivals.values().any(|count| *count > 3));
        for limit in [1, 7, 1_000] {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = shelf.inbox(None, after, limit);
                assert_eq!((page.total, page.oldest), (i64::try_from(expected.len()).unwrap(), Some(day("2026-02-02"))));
                let here: BTreeSet<NaiveDate> = page.lines.iter().map(|line| line.row.arrived_on).collect();
                let counts: Vec<_> = here.iter().map(|day| (*day, arrivals[day])).collect();
                assert_eq!(page.days, counts, "of the page's days, by {limit}");
                let Some(last) = page.lines.last() else { break };
                after = Some((last.row.arrived_on, last.row.id));
                found.extend(page.lines.into_iter().map(|line| line.row));
            }
            assert_eq!(found, expected, "by {limit}");
        }
        // Before it is registered a case has no department.
        let of_department = shelf.inbox(Some(vec![Key(shelf.desk.departments[0].0)]), None, 10);
        assert!(of_department.lines.is_empty() && of_department.total == 0 && of_department.oldest.is_none());
    }

    fn figures_are_what_a_look_at_every_case_counts(backend) {
        let shelf = shelf(backend);
        let department = Key(shelf.desk.departments[1].0);
        for departments in [None, Some(vec![department])] {
            let counts = wait(shelf.desk.store.dashboard_counts(DashboardFilter {
                agency: Key(shelf.desk.agency.0),
                reach: within(departments.clone()),
 received_from: None,
 received_to: None,
}))
            .unwrap();
            let works = |case: &StoredCase| case.departments.iter().any(|row| row.department_id == department);
            let cases: Vec<_> = shelf.cases.iter().filter(|case| departments.is_none() || works(case)).collect();
            let rows: Vec<_> = cases.iter().map(|case| case.row.as_ref().unwrap()).collect();
            assert_eq!(counts.total, i64::try_from(rows.len()).unwrap());
            let unarchived = rows.iter().filter(|row| row.archived_on.is_none());
            assert_eq!(tally(&counts.statuses), tallied(unarchived.map(|row| row.status.clone())));
            let limits = counts.limits.iter().map(|(due, yellow, red, count)| ((*due, *yellow, *red), *count));
            let owing = rows.iter().filter(|row| row.due_on.is_some());
            let owing = owing.map(|row| (row.due_on, row.yellow_on, row.red_on));
            assert_eq!(limits.collect::<BTreeMap<_, _>>(), tallied(owing));
            let open = cases.iter().filter(|case| case.row.as_ref().unwrap().concluded_on.is_none());
            let at_work = open.flat_map(|case| {
                let rows = case.departments.iter().map(|row| (Some(row.department_id), Some(row.kind.clone())));
                let none = case.departments.is_empty().then_some((None, None));
                rows.chain(none).collect::<Vec<_>>()
            });
            let loads = counts.departments.iter().map(|(id, kind, count)| ((*id, kind.clone()), *count));
            assert_eq!(loads.collect::<BTreeMap<_, _>>(), tallied(at_work));
            let owed = counts.owed.iter().map(|(kind, due, count)| ((kind.clone(), *due), *count));
            let all = cases.iter().flat_map(|case| &case.obligations).map(|open| (open.kind.clone(), open.due_on));
            assert_eq!(owed.collect::<BTreeMap<_, _>>(), tallied(all));
            assert_eq!(counts.oldest, rows.iter().filter(|row| waits(row)).map(|row| row.arrived_on).min());
        }
    }
}

fn tallied<T: Ord>(all: impl Iterator<Item = T>) -> BTreeMap<T, i64> {
    let mut tally = BTreeMap::new();
    for one in all {
        *tally.entry(one).or_default() += 1;
    }
    tally
}

fn tally(counted: &[(String, i64)]) -> BTreeMap<String, i64> {
    counted.iter().cloned().collect()
}
