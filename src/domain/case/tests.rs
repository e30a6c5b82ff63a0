//! The rules of a case, told as an office's work: people, departments and dates are made up.

mod amendment;
mod archive;
mod attachments;
mod clock;
mod contacts;
mod custody;
mod four_eyes;
mod imported;
mod labels;
mod matrix;
mod publications;
mod random;
mod receipt;
mod relations;
mod remedies;
mod routes;
mod story;

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use uuid::Uuid;

use super::command::{Amend, Command, CommandKind, Filing, Receive, ReplyCommand, ReplyKind};
use super::decide::{Context, Happened, decide, open};
use super::event::{ApplicantRef, AssignmentKind, Digest, ServiceMethod, TextRef};
use super::evolve::{begin, evolve};
use super::refusal::{Refusal, RefusalCode};
use super::state::{Case, Status};
use super::{By, Origin, Recorded, fold};
use crate::domain::applicant::ApplicantKind;
use crate::domain::archive::{Retention, Shelf};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::tests::published;
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, AgencyId, ApplicantId, CaseId, DepartmentId, PersonId, TextId};
use crate::domain::outcome::Outcome;
use crate::domain::review::{Checklist, Decision, Step};
use crate::domain::statute::{ReceiptRule, Releases, StatutePack};

pub(super) const CLERK: PersonId = PersonId(Uuid::from_u128(1));
pub(super) const HANDLER: PersonId = PersonId(Uuid::from_u128(2));
pub(super) const LEGAL: PersonId = PersonId(Uuid::from_u128(3));
pub(super) const SECRECY: PersonId = PersonId(Uuid::from_u128(4));
pub(super) const APPROVER: PersonId = PersonId(Uuid::from_u128(5));
pub(super) const ARCHIVIST: PersonId = PersonId(Uuid::from_u128(6));
pub(super) const OTHER_HANDLER: PersonId = PersonId(Uuid::from_u128(7));
pub(super) const OTHER_APPROVER: PersonId = PersonId(Uuid::from_u128(8));

pub(super) const PLANNING: DepartmentId = DepartmentId(Uuid::from_u128(101));
pub(super) const LAND: DepartmentId = DepartmentId(Uuid::from_u128(102));
pub(super) const FINANCE: DepartmentId = DepartmentId(Uuid::from_u128(103));

pub(super) const AGENCY: AgencyId = AgencyId(Uuid::from_u128(1001));
pub(super) const CASE: CaseId = CaseId(Uuid::from_u128(1002));

/// The law as an office has it: Article 31's rule for each channel, the published calendar.
pub(super) struct Law {
    pub pack: StatutePack,
    pub calendar: WorkingCalendar,
}

pub(super) static LAW: LazyLock<Law> = LazyLock::new(|| {
    let mut pack = crate::domain::statute::tests::pack();
    for entry in &mut pack.receipt {
        entry.rule = match entry.channel {
            Channel::Counter => ReceiptRule::HandedIn,
            Channel::RegisteredPost => ReceiptRule::Signed,
            Channel::OrdinaryPost | Channel::Fax | Channel::Online | Channel::Email => ReceiptRule::Confirmed,
        };
    }
    for entry in pack.outcomes.iter_mut().filter(|entry| entry.code == Outcome::UnableNotHeld) {
        entry.also = vec!["36(5)".to_owned()];
    }
    for entry in &mut pack.outcomes {
        if entry.code == Outcome::Granted {
            entry.releases = Releases::All;
        } else if entry.code == Outcome::PartiallyGranted {
            entry.releases = Releases::Part;
        }
    }
    pack.fees = Some(clock::tiers());
    Law { pack, calendar: published() }
});

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A hash that stands for some content.
pub(super) fn hash(content: &str) -> Digest {
    let mut bytes = [0; 32];
    for (at, byte) in content.bytes().enumerate() {
        bytes[at % 32] ^= byte;
    }
    Digest(bytes)
}

/// Words, as an event refers to them.
pub(super) fn words(text: &str) -> TextRef {
    TextRef { id: TextId(Uuid::from_slice(&hash(text).0[..16]).unwrap()), commitment: hash(text) }
}

pub(super) fn applicant(name: &str) -> ApplicantRef {
    ApplicantRef {
        id: ApplicantId(Uuid::from_slice(&hash(name).0[..16]).unwrap()),
        kind: ApplicantKind::NaturalPerson,
        commitment: hash(name),
    }
}

/// What may be asked for, in short.
pub(super) mod ask {
    use super::*;

    pub use super::archive::asking::*;
    pub use super::clock::asking::*;
    pub use super::contacts::asking::*;
    pub use super::labels::asking::*;
    pub use super::publications::asking::*;
    pub use super::relations::asking::*;
    pub use super::remedies::asking::*;

    pub fn confirm() -> Command {
        Command::Confirm { evidence: words("电话确认") }
    }
    pub fn register() -> Command {
        Command::Register { subject: words("某地块征收批文"), documents: None }
    }
    pub fn assign(department: DepartmentId) -> Command {
        Command::Assign { kind: AssignmentKind::Lead, department, assignee: None, note: None }
    }
    pub fn assign_to(department: DepartmentId, assignee: u128) -> Command {
        let assignee = Some(AccountId(Uuid::from_u128(assignee)));
        Command::Assign { kind: AssignmentKind::Lead, department, assignee, note: None }
    }
    pub fn co_handle(department: DepartmentId) -> Command {
        Command::Assign { kind: AssignmentKind::CoHandling, department, assignee: None, note: None }
    }
    pub fn acknowledge(n: u32) -> Command {
        Command::Acknowledge { n }
    }
    pub fn hand_back(n: u32) -> Command {
        Command::Return { n, reason: words("不属于本科职责") }
    }
    pub fn draft(content: &str) -> Command {
        let basis = Box::default();
        Command::Draft { outcome: Outcome::Granted, text: words(content), content: hash(content), basis }
    }
    pub fn submit() -> Command {
        submit_by(crate::domain::review::Route::default())
    }
    pub fn submit_by(route: crate::domain::review::Route) -> Command {
        Command::Submit { route, unscanned: Vec::new() }
    }
    pub fn pass(step: Step, content: &str) -> Command {
        let (decision, content) = (Decision::Pass, hash(content));
        let checklist = (step == Step::Secrecy).then_some(Checklist::CLEAR);
        Command::Review { step, decision, content, opinion: None, acting_for: None, checklist }
    }
    pub fn send_back(step: Step, content: &str) -> Command {
        let opinion = Some(words("请补充依据"));
        let (decision, content) = (Decision::Return, hash(content));
        Command::Review { step, decision, content, opinion, acting_for: None, checklist: None }
    }
    pub fn answer_referral(finding: crate::domain::review::Finding) -> Command {
        Command::Reply(ReplyCommand::AnswerReferral { finding, text: words("复函") })
    }
    pub fn issue(content: &str) -> Command {
        Command::Issue { content: hash(content), number: None }
    }
    pub fn dispatch() -> Command {
        Command::Dispatch { method: ServiceMethod::Post, evidence: Some(words("EMS 单号")) }
    }
    pub fn serve(n: u32) -> Command {
        Command::Serve { n, evidence: None }
    }
    pub fn withdraw() -> Command {
        Command::Withdraw { reason: Some(words("不再需要")) }
    }
    pub fn archive() -> Command {
        Command::Archive(filing(None, None))
    }
    pub fn filing(retention: Option<Retention>, reason: Option<&str>) -> Filing {
        Filing { note: None, shelf: Shelf::of("Z109"), retention, reason: reason.map(words) }
    }
    pub fn amend(amend: Amend) -> Command {
        Command::Amend { amend, reason: words("录入有误") }
    }
    pub fn amend_applicant(name: &str) -> Command {
        amend(Amend::Applicant(applicant(name)))
    }
    pub fn amend_receipt(channel: Channel, arrived_on: &str, confirmed_on: Option<&str>) -> Command {
        let confirmed_on = confirmed_on.map(day);
        amend(Amend::Receipt { channel, arrived_on: day(arrived_on), confirmed_on })
    }
}

/// A case with its record and the day on which the office stands.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub case: Case,
    pub record: Vec<Recorded>,
    pub today: NaiveDate,
}

impl File {
    /// A request that arrived on a day, taken in by the clerk; today is late enough for whatever follows.
    pub fn received(channel: Channel, arrived_on: &str) -> Self {
        Self::open(channel, day(arrived_on), day("2026-12-31"), Some(CLERK)).unwrap()
    }

    pub fn open(
        channel: Channel,
        arrived_on: NaiveDate,
        today: NaiveDate,
        person: Option<PersonId>,
    ) -> Result<Self, Refusal> {
        let receive = Receive {
            channel,
            arrived_on,
            applicant: applicant("张某"),
            description: words("请求公开某地块的征收批文"),
            form_wanted: None,
            evidence: None,
        };
        Ok(Self::from_events(open(receive, &context(today, person))?, today, person))
    }

    /// The case of events that were decided together.
    pub fn from_events(events: Vec<Happened>, today: NaiveDate, person: Option<PersonId>) -> Self {
        let mut events = events.into_iter();
        let first = recorded(1, events.next().unwrap(), person);
        let case = begin(AGENCY, CASE, &first).unwrap();
        let mut file = Self { case, record: vec![first], today };
        for happened in events {
            file.write(happened, person);
        }
        file
    }

    /// Asks for a command; on refusal nothing is changed.
    pub fn ask(
        &mut self,
        person: Option<PersonId>,
        command: Command,
        on: NaiveDate,
    ) -> Result<CommandKind, Refusal> {
        let kind = command.kind();
        let events = decide(&self.case, command, on, &context(self.today, person))?;
        assert_eq!(events.len(), 1, "one command, one event");
        for happened in events {
            self.write(happened, person);
        }
        Ok(kind)
    }

    /// Somebody does something that must be possible.
    #[track_caller]
    pub fn does(&mut self, person: PersonId, command: Command, on: &str) -> &mut Self {
        let kind = command.kind();
        if let Err(refusal) = self.ask(Some(person), command, day(on)) {
            panic!("{} on {on} was refused: {:?}", kind.code(), refusal.code);
        }
        self
    }

    /// Somebody tries what must be refused; why it was.
    #[track_caller]
    pub fn refuses(&self, person: PersonId, command: Command, on: &str) -> RefusalCode {
        let kind = command.kind();
        match self.asked(person, command, on) {
            Ok(_) => panic!("{} on {on} was allowed", kind.code()),
            Err(refusal) => refusal.code,
        }
    }

    /// What would come of a command, which is not given.
    pub fn asked(&self, person: PersonId, command: Command, on: &str) -> Result<Vec<Happened>, Refusal> {
        decide(&self.case, command, day(on), &context(self.today, Some(person)))
    }

    pub fn status(&self) -> Status {
        self.case.state.status()
    }

    /// The case that the record makes when it is read again.
    pub fn read_again(&self) -> Case {
        fold(AGENCY, CASE, &self.record).unwrap()
    }

    fn write(&mut self, happened: Happened, person: Option<PersonId>) {
        let recorded = recorded(self.case.version + 1, happened, person);
        self.case = evolve(self.case.clone(), &recorded);
        self.record.push(recorded);
    }
}

pub(super) fn context(today: NaiveDate, person: Option<PersonId>) -> Context<'static> {
    Context { today, pack: &LAW.pack, calendar: &LAW.calendar, person }
}

/// An event as the store seals it: the number that is due is given.
fn recorded(seq: u32, happened: Happened, person: Option<PersonId>) -> Recorded {
    use super::event::{Event, Number};
    let mut event = happened.event;
    if let Event::Registered { number, .. } = &mut event
        && let Number::Due { year } = number
    {
        *number = Number::Given(format!("淮公申〔{year}〕1号"));
    }
    if let Event::Archived { file: Some(file), .. } = &mut event {
        file.item = super::event::ItemNumber::Given(1);
    }
    let by = person.map_or(By::Operator, |person| By::Account { account: AccountId(person.0), person });
    Recorded { seq, at: DateTime::UNIX_EPOCH, on: happened.on, by, origin: Origin::Api, event }
}

// --- how far a case has come -------------------------------------------------------------------------------------

/// A counter case handed in on Monday 2 March 2026, brought as far as `status` by real commands, a step a day.
pub(super) fn brought_to(status: Status) -> File {
    let mut file = if status == Status::AwaitingConfirmation {
        File::received(Channel::OrdinaryPost, "2026-03-02")
    } else {
        File::received(Channel::Counter, "2026-03-02")
    };
    let way: &[(PersonId, Command, &str)] = &[
        (CLERK, ask::register(), "2026-03-03"),
        (CLERK, ask::assign(PLANNING), "2026-03-04"),
        (HANDLER, ask::acknowledge(1), "2026-03-05"),
        (HANDLER, ask::draft("v1"), "2026-03-06"),
        (HANDLER, ask::submit(), "2026-03-09"),
        (LEGAL, ask::pass(Step::Legal, "v1"), "2026-03-10"),
        (SECRECY, ask::pass(Step::Secrecy, "v1"), "2026-03-11"),
        (APPROVER, ask::pass(Step::SignOff, "v1"), "2026-03-12"),
        (APPROVER, ask::issue("v1"), "2026-03-13"),
        (CLERK, ask::dispatch(), "2026-03-16"),
        (CLERK, ask::serve(1), "2026-03-18"),
        (ARCHIVIST, ask::archive(), "2026-03-20"),
    ];
    if status == Status::Withdrawn {
        file.does(CLERK, ask::withdraw(), "2026-03-03");
        return file;
    }
    if status == Status::Lapsed {
        file.does(CLERK, ask::correction(), "2026-03-03").does(CLERK, ask::serve_correction(1), "2026-03-03");
        file.does(CLERK, ask::lapse_correction(1), "2026-03-25");
        return file;
    }
    for (person, command, on) in way {
        if file.status() == status {
            return file;
        }
        file.does(*person, command.clone(), on);
    }
    assert_eq!(file.status(), status);
    file
}

/// Somebody tries what must be refused, with its article; the code.
#[track_caller]
fn refused(
    file: &File,
    person: PersonId,
    command: Command,
    on: &str,
) -> (&'static str, Option<&'static str>) {
    let code = file.refuses(person, command, on);
    (code.code(), code.article())
}
