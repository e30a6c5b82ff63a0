//! A desk of an office on a database of its own, which works through the store as the program does: it decides, then
//! commits. Its words are sealed by nobody: the store never opens them.

mod checks;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use gongkai::crypto::column::AgencyKeys;
use gongkai::crypto::random;
use gongkai::domain::agency_event::AgencyEvent;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::archive::Shelf;
use gongkai::domain::case::command::{Command, Filing, Receive};
use gongkai::domain::case::decide::{Context, Happened, ImportedRow, decide, import, open};
use gongkai::domain::case::event::{ApplicantRef, AssignmentKind, Digest, TextRef};
use gongkai::domain::case::{By, Origin};
use gongkai::domain::channel::Channel;
use gongkai::domain::ids::{
    AccountId, AgencyId, ApplicantId, CaseId, DepartmentId, EventId, PersonId, TextId,
};
use gongkai::domain::numbering::NumberPattern;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::reply::Basis;
use gongkai::domain::review::{Checklist, Decision, Route, Step};
use gongkai::law::LawBook;
use gongkai::store::{
    AgencyKeyRow, AgencyRow, ApplicantRow, At, Before, Commit, DepartmentRow, Import, Key, Meta, Retry,
    SetUp, SetUpChange, Store, StoreError, TextRow, statute_of,
};
use uuid::Uuid;

use crate::support::databases::{Backend, TestDatabase};
use crate::support::replies::whole;
pub use checks::before;

/// The statute that the desk works under.
pub const STATUTE: &str = "cn-ogi-2019";

/// The people of the desk, by their task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Clerk,
    Handler,
    Legal,
    Secrecy,
    Approver,
    Archivist,
}

impl Who {
    pub fn person(self) -> PersonId {
        let n = match self {
            Self::Clerk => 1,
            Self::Handler => 2,
            Self::Legal => 3,
            Self::Secrecy => 4,
            Self::Approver => 5,
            Self::Archivist => 6,
        };
        PersonId(Uuid::from_u128(n))
    }

    pub fn account(self) -> AccountId {
        AccountId(self.person().0)
    }

    pub fn by(self) -> By {
        By::Account { account: self.account(), person: self.person() }
    }
}

/// The desk. The store is dropped before the database that its threads are connected to.
pub struct Desk {
    pub store: Arc<Store>,
    pub database: Arc<TestDatabase>,
    pub law: Arc<LawBook>,
    pub agency: AgencyId,
    pub departments: Vec<DepartmentId>,
    ticks: AtomicI64,
}

/// Waits for the store.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Desk {
    /// An agency with three departments on a fresh database.
    pub fn new(backend: Backend) -> Self {
        let (database, law) = (TestDatabase::new(backend), Arc::new(LawBook::embedded().unwrap()));
        let store = Store::open(database.url(), Arc::clone(&law)).unwrap();
        Self::of(Arc::new(store), Arc::new(database), law)
    }

    /// Another agency on the same database.
    pub fn joined(other: &Self) -> Self {
        Self::of(Arc::clone(&other.store), Arc::clone(&other.database), Arc::clone(&other.law))
    }

    fn of(store: Arc<Store>, database: Arc<TestDatabase>, law: Arc<LawBook>) -> Self {
        let agency = AgencyId(random::random_id());
        let departments = (1..=3).map(|_| DepartmentId(random::random_id())).collect();
        let desk = Self { store, database, law, agency, departments, ticks: AtomicI64::new(0) };
        wait(desk.store.set_up(desk.agency_made(agency))).unwrap();
        wait(desk.store.set_up(desk.departments_made())).unwrap();
        desk
    }

    pub fn pattern() -> NumberPattern {
        NumberPattern::parse("淮公申〔{year}〕{seq}号").unwrap()
    }

    /// Every write has an instant of its own.
    pub fn now(&self) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
        start + TimeDelta::milliseconds(self.ticks.fetch_add(1, Ordering::SeqCst))
    }

    /// The making of an agency.
    pub fn agency_made(&self, agency: AgencyId) -> SetUp {
        let (id, now) = (Key(agency.0), At(self.now()));
        self.store.seals().know(agency, vec![(now.0, Arc::new(AgencyKeys::generate()))]);
        let row = AgencyRow {
            id,
            code: format!("desk-{}", agency.0.simple()),
            name: "某区政府信息公开办公室".to_owned(),
            parent_id: None,
            zone: "Asia/Shanghai".to_owned(),
            statute: STATUTE.to_owned(),
            number_pattern: Self::pattern().to_string(),
            created_at: now,
            calendar: None,
            merged_into_id: None,
            merged_on: None,
        };
        let event = AgencyEvent::AgencyCreated {
            code: row.code.clone(),
            parent: None,
            statute: row.statute.clone(),
            number_pattern: row.number_pattern.clone(),
            calendar: None,
        };
        let keys =
            AgencyKeyRow { agency_id: id, key_id: id, wrapped: vec![0], created_at: now, retired_at: None };
        SetUp { agency, ..self.set_up(vec![event], SetUpChange::Agency(row, keys)) }
    }

    fn departments_made(&self) -> SetUp {
        let row = |(n, department): (usize, &DepartmentId)| DepartmentRow {
            agency_id: Key(self.agency.0),
            id: Key(department.0),
            name: format!("第{n}科"),
            created_at: At(self.now()),
        };
        let rows = self.departments.iter().enumerate().map(row).collect();
        let made = |department: &DepartmentId| AgencyEvent::DepartmentCreated { department: *department };
        self.set_up(self.departments.iter().map(made).collect(), SetUpChange::Departments(rows))
    }

    pub fn set_up(&self, events: Vec<AgencyEvent>, change: SetUpChange) -> SetUp {
        let at = self.now();
        let events = events.into_iter().map(|event| (EventId(random::new_id(at)), event)).collect();
        let meta = Meta { at, by: By::Operator, origin: Origin::CommandLine };
        SetUp { agency: self.agency, events, meta, on: day("2026-03-02"), change, retry: None }
    }

    pub fn context(&self, today: NaiveDate, who: Option<Who>) -> Context<'_> {
        let (pack, calendar) = statute_of(&self.law, STATUTE).unwrap();
        Context { today, pack, calendar, person: who.map(Who::person) }
    }

    // --- commits, decided and not yet written --------------------------------------------------------------------

    /// A request that arrived on a day, as the clerk takes it in.
    pub fn reception(&self, channel: Channel, on: &str) -> Commit {
        let receive = Receive {
            channel,
            arrived_on: day(on),
            applicant: ApplicantRef {
                id: ApplicantId(random::random_id()),
                kind: ApplicantKind::NaturalPerson,
                commitment: Digest([7; 32]),
            },
            description: words(),
            form_wanted: None,
            evidence: Some(words()),
        };
        let applicant = receive.applicant.clone();
        let events = open(receive, &self.context(day(on), Some(Who::Clerk))).unwrap();
        self.new_case(events, &applicant, Who::Clerk.by())
    }

    /// A row of a ledger, with this number.
    pub fn imported(&self, number: &str, received_on: &str, reply: Option<(Outcome, &str)>) -> Commit {
        let reply = reply.map(|(outcome, on)| (outcome, day(on)));
        self.taken_over(ImportedRow { reply, ..ledger_row(number, day(received_on)) })
    }

    pub fn taken_over(&self, row: ImportedRow) -> Commit {
        let applicant = row.applicant.clone();
        let events = import(row, &self.context(day("2026-12-31"), None)).unwrap();
        let mut commit = self.new_case(events, &applicant, By::Operator);
        commit.subject = Some("某地块的征收批文".to_owned());
        commit
    }

    fn new_case(&self, events: Vec<Happened>, applicant: &ApplicantRef, by: By) -> Commit {
        let case = CaseId(random::new_id(self.now()));
        let mut commit = self.commit_of(case, None, events, by);
        commit.applicant = Some(ApplicantRow {
            agency_id: Key(self.agency.0),
            id: Key(applicant.id.0),
            case_id: Key(case.0),
            name: vec![1],
            identity: None,
            phone: None,
            email: None,
            address: Some(vec![2]),
            salt: vec![3],
            name_index: vec![4],
            identity_index: None,
            created_at: At(commit.meta.at),
        });
        commit
    }

    /// What somebody asks of a case on a day: decided, which must be possible.
    #[track_caller]
    pub fn decided(&self, before: &Before, who: Who, command: Command, on: &str) -> Commit {
        let kind = command.kind();
        let subject = matches!(command, Command::Register { .. }).then(|| "某地块的征收批文".to_owned());
        let events = decide(&before.case, command, day(on), &self.context(day(on), Some(who)))
            .unwrap_or_else(|refusal| panic!("{}: {:?}", kind.code(), refusal.code));
        Commit { subject, ..self.commit_of(before.case.id, Some(before.clone()), events, who.by()) }
    }

    pub fn commit_of(&self, case: CaseId, before: Option<Before>, events: Vec<Happened>, by: By) -> Commit {
        let at = self.now();
        let text = |text: &TextRef| TextRow {
            agency_id: Key(self.agency.0),
            id: Key(text.id.0),
            case_id: Key(case.0),
            kind: "note".to_owned(),
            sealed: text.id.0.as_bytes().to_vec(),
            created_at: At(at),
        };
        let texts = events.iter().flat_map(|happened| happened.event.texts()).map(text).collect();
        let events = events.into_iter().map(|event| (EventId(random::new_id(at)), event)).collect();
        let (meta, law) = (Meta { at, by, origin: Origin::Api }, self.store.law());
        Commit { texts, ..Commit::bare((self.agency, case), before, events, meta, Self::pattern(), law) }
    }

    // --- what is done ------------------------------------------------------------------------------------------------

    pub fn commit(&self, commit: Commit) -> Result<Before, StoreError> {
        wait(self.store.commit(commit, None)).map(before)
    }

    pub fn receive(&self, channel: Channel, on: &str) -> Before {
        self.commit(self.reception(channel, on)).unwrap()
    }

    /// Somebody does something on a day, which must be possible.
    #[track_caller]
    pub fn does(&self, case: &Before, who: Who, command: Command, on: &str) -> Before {
        self.commit(self.decided(case, who, command, on)).unwrap()
    }

    /// A counter request, received and registered on a day.
    pub fn registered(&self, on: &str) -> Before {
        self.does(&self.receive(Channel::Counter, on), Who::Clerk, register(), on)
    }

    /// The whole way of a request, a step after the other: what to ask, and who asks.
    pub fn way(&self) -> Vec<(Who, Command)> {
        vec![
            (Who::Clerk, register()),
            (Who::Clerk, assign(self.departments[0], AssignmentKind::Lead)),
            (Who::Handler, Command::Acknowledge { n: 1 }),
            (Who::Clerk, assign(self.departments[1], AssignmentKind::CoHandling)),
            (
                Who::Handler,
                Command::Draft {
                    outcome: Outcome::Granted,
                    text: words(),
                    content: Digest([1; 32]),
                    basis: Self::basis(),
                },
            ),
            (Who::Handler, Command::Submit { route: Route::default(), unscanned: Vec::new() }),
            (Who::Legal, pass(Step::Legal)),
            (Who::Secrecy, pass(Step::Secrecy)),
            (Who::Approver, pass(Step::SignOff)),
            (Who::Approver, Command::Issue { content: Digest([1; 32]), number: None }),
            (
                Who::Clerk,
                Command::Dispatch {
                    method: gongkai::domain::case::event::ServiceMethod::Post,
                    evidence: Some(words()),
                },
            ),
            (Who::Clerk, Command::Serve { n: 1, evidence: None }),
            (
                Who::Archivist,
                Command::Archive(Filing {
                    note: None,
                    shelf: Shelf::of("Z109"),
                    retention: None,
                    reason: None,
                }),
            ),
        ]
    }

    /// What a granting reply says besides its words.
    fn basis() -> Box<Basis<TextRef>> {
        let law = LawBook::embedded().unwrap();
        let whole = whole(law.pack(STATUTE).unwrap(), Outcome::Granted);
        let basis: Result<_, std::convert::Infallible> = whole.try_map(|_, _| Ok(words()));
        Box::new(basis.unwrap())
    }

    /// A case brought so many steps along the way, all on one day.
    pub fn brought(&self, steps: usize, on: &str) -> Before {
        let way = self.way().into_iter().take(steps);
        way.fold(self.receive(Channel::Counter, on), |case, (who, command)| {
            self.does(&case, who, command, on)
        })
    }

    /// Rows of a ledger, to be taken over together.
    pub fn import(&self, rows: Vec<Commit>) -> Result<(), StoreError> {
        let told = AgencyEvent::LedgerImported { accepted: 2, unchanged: 0, refused: 0 };
        let about = self.set_up(vec![told], SetUpChange::Nothing);
        let commits = Box::new(rows.into_iter().map(Ok));
        let law = self.store.law();
        wait(self.store.import(Import { agency: self.agency, before: None, commits, about, law }))
    }
}

// --- commands in short -------------------------------------------------------------------------------------------

/// Words that nobody reads.
pub fn words() -> TextRef {
    TextRef { id: TextId(random::random_id()), commitment: Digest([0; 32]) }
}

/// An open row of a ledger.
pub fn ledger_row(number: &str, received_on: NaiveDate) -> ImportedRow {
    ImportedRow {
        number: number.to_owned(),
        channel: Channel::OrdinaryPost,
        received_on,
        registered_on: received_on,
        applicant: ApplicantRef {
            id: ApplicantId(random::random_id()),
            kind: ApplicantKind::OtherOrg,
            commitment: Digest([8; 32]),
        },
        description: words(),
        subject: words(),
        department: None,
        reply: None,
        archived_on: None,
        digest: Digest([9; 32]),
    }
}

pub fn register() -> Command {
    Command::Register { subject: words(), documents: None }
}

pub fn assign(department: DepartmentId, kind: AssignmentKind) -> Command {
    Command::Assign { kind, department, assignee: None, note: None }
}

pub fn pass(step: Step) -> Command {
    let (decision, content) = (Decision::Pass, Digest([1; 32]));
    let (opinion, acting_for) = (Some(words()), None);
    let checklist = (step == Step::Secrecy).then_some(Checklist::CLEAR);
    Command::Review { step, decision, content, opinion, acting_for, checklist }
}

/// A request's retry key, as an account sent it.
pub fn retry(who: Who, key: &str) -> Retry {
    Retry {
        account: who.account(),
        method: "POST".to_owned(),
        path: "/api/v1/cases".to_owned(),
        key: key.to_owned(),
        body_hash: vec![5; 32],
    }
}
