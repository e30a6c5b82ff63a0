//! Cases by the hundred, written past the interface, for tests that are about what comes afterwards. The rules decide
//! upon each command as always; what is saved is the way to the server and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use futures_util::future::join_all;
use gongkai::app::App;
use gongkai::app::directory;
use gongkai::app::people::{Applicant, Sealer, TextKind};
use gongkai::crypto::random;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::calendar::WorkingCalendar;
use gongkai::domain::case::command::{Command, Receive};
use gongkai::domain::case::decide::{Context, Happened, decide, open};
use gongkai::domain::case::event::{AssignmentKind, Digest};
use gongkai::domain::case::evolve::{begin, evolve};
use gongkai::domain::case::{By, Case, Origin, Recorded};
use gongkai::domain::channel::Channel;
use gongkai::domain::ids::{AccountId, AgencyId, CaseId, DepartmentId, EventId, PersonId};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::review::{Checklist, Decision, Route, Step};
use gongkai::domain::statute::StatutePack;
use gongkai::store::{At, Before, Commit, Committed, Meta};

use super::office::{Agency, BUDGET};
use super::replies::whole;
use super::server::block_on;
use super::story::SUBJECT;

/// How many are written side by side.
const AT_ONCE: usize = 64;
/// What is reviewed and issued. The program makes it of the words; to the rules any digest will do.
const CONTENT: Digest = Digest([0x5a; 32]);

/// A case whose reply waits to be issued.
pub struct Approved {
    pub id: String,
    pub content_hash: String,
    pub etag: String,
}

/// So many cases whose replies wait to be issued.
pub fn approved_cases(app: &App, agency: &Agency, count: usize) -> Vec<Approved> {
    block_on(async {
        let desk = Desk::new(app, agency).await;
        let mut made = Vec::new();
        while made.len() < count {
            let some = AT_ONCE.min(count - made.len());
            made.extend(join_all((0..some).map(|_| desk.approved_case())).await);
        }
        made
    })
}

/// A case with a history at random, by people who have no accounts: `below` throws the dice, which name a number below another. What
/// the rules refuse is left out.
pub fn case_at_random(
    app: &App,
    agency: AgencyId,
    department: DepartmentId,
    below: &mut dyn FnMut(usize) -> usize,
) {
    block_on(async {
        let desk = Desk::of_strangers(app, agency, department).await;
        let mut committed = Box::pin(desk.receive_register_assign()).await;
        let names: Vec<&str> = desk.people.keys().copied().collect();
        for _ in 0..below(14) {
            let mut gathered = desk.gather(names[below(names.len())], committed.clone());
            let texts = gathered.sealer.texts.len();
            let command = gathered.at_random(below);
            let case = gathered.case.as_ref().unwrap();
            match decide(case, command, desk.today, &desk.context(gathered.person)) {
                Ok(events) => {
                    gathered.happen(events);
                    committed = gathered.commit().await;
                }
                Err(_) => gathered.sealer.texts.truncate(texts),
            }
        }
    });
}

/// Who writes, and for whom.
struct Desk<'a> {
    app: &'a App,
    agency: Arc<directory::Agency>,
    department: DepartmentId,
    people: BTreeMap<&'static str, (AccountId, PersonId)>,
    today: NaiveDate,
    law: (Arc<StatutePack>, Arc<WorkingCalendar>),
}

/// Commands of one person, gathered for one commit.
struct Gathered<'a> {
    desk: &'a Desk<'a>,
    person: PersonId,
    meta: Meta,
    id: CaseId,
    before: Option<Before>,
    case: Option<Case>,
    events: Vec<Happened>,
    sealer: Sealer<'a>,
    subject: Option<String>,
}

impl<'a> Desk<'a> {
    async fn new(app: &'a App, agency: &Agency) -> Self {
        let mut people = BTreeMap::new();
        for name in ["clerk", "handler", "legal_reviewer", "secrecy_reviewer", "approver"] {
            let row = app.store.account_by_username(agency.username(name)).await.unwrap().unwrap();
            people.insert(name, (AccountId(row.id.0), PersonId(row.person_id.0)));
        }
        let known = app.agency(agency.id).await.unwrap();
        let today = app.today(&known);
        let law = app.statute(&known.row.statute).unwrap();
        Self { app, agency: known, department: agency.departments[BUDGET], people, today, law }
    }

    async fn of_strangers(app: &'a App, agency: AgencyId, department: DepartmentId) -> Self {
        let names = ["clerk", "handler", "legal_reviewer", "secrecy_reviewer", "approver"];
        let somebody = || (AccountId(random::random_id()), PersonId(random::random_id()));
        let people = names.into_iter().map(|name| (name, somebody())).collect();
        let known = app.agency(agency).await.unwrap();
        let today = app.today(&known);
        let law = app.statute(&known.row.statute).unwrap();
        Self { app, agency: known, department, people, today, law }
    }

    async fn approved_case(&self) -> Approved {
        let received = Box::pin(self.receive_register_assign()).await;
        let mut handler = self.gather("handler", received);
        handler.command(Command::Acknowledge { n: 1 });
        let text = handler.sealer.text(TextKind::Reply, "经研究，予以公开，见附件。").unwrap();
        let basis = whole(self.law.0.as_ref(), Outcome::Granted);
        let basis = basis.try_map(|_, words| handler.sealer.text(TextKind::Fact, words)).unwrap();
        let basis = Box::new(basis);
        handler.command(Command::Draft { outcome: Outcome::Granted, text, content: CONTENT, basis });
        handler.command(Command::Submit { route: Route::default(), unscanned: Vec::new() });
        let mut committed = handler.commit().await;
        let reviewers = ["legal_reviewer", "secrecy_reviewer", "approver"];
        for (name, step) in reviewers.into_iter().zip([Step::Legal, Step::Secrecy, Step::SignOff]) {
            let mut reviewer = self.gather(name, committed);
            let (decision, content) = (Decision::Pass, CONTENT);
            let (opinion, acting_for) = (None, None);
            let checklist = (step == Step::Secrecy).then_some(Checklist::CLEAR);
            let pass = Command::Review { step, decision, content, opinion, acting_for, checklist };
            reviewer.command(pass);
            committed = reviewer.commit().await;
        }
        let case = committed.case;
        Approved {
            id: case.id.to_string(),
            content_hash: CONTENT.to_string(),
            etag: format!("\"{}\"", case.version),
        }
    }

    async fn receive_register_assign(&self) -> Committed {
        let id = CaseId(random::new_id(self.app.clock.now()));
        let mut clerk = self.gathered("clerk", id, None);
        let applicant = Applicant {
            kind: ApplicantKind::NaturalPerson,
            name: "王示例".to_owned(),
            identity: None,
            phone: None,
            email: None,
            address: None,
        };
        let receive = Receive {
            channel: Channel::Counter,
            arrived_on: self.today,
            applicant: clerk.sealer.applicant(&applicant).unwrap(),
            description: clerk.sealer.text(TextKind::Description, "申请公开绩效评价报告。").unwrap(),
            form_wanted: None,
            evidence: None,
        };
        let events = open(receive, &self.context(clerk.person)).unwrap();
        clerk.happen(events);
        let subject = clerk.sealer.text(TextKind::Subject, SUBJECT).unwrap();
        clerk.subject = Some(SUBJECT.to_owned());
        clerk.command(Command::Register { subject, documents: None });
        let (kind, department) = (AssignmentKind::Lead, self.department);
        clerk.command(Command::Assign { kind, department, assignee: None, note: None });
        clerk.commit().await
    }

    fn context(&self, person: PersonId) -> Context<'_> {
        let (pack, calendar) = &self.law;
        Context { today: self.today, pack, calendar, person: Some(person) }
    }

    /// Begins to gather what somebody does to a case.
    fn gather(&'a self, name: &str, committed: Committed) -> Gathered<'a> {
        let Committed { case, row } = committed;
        let link = row.case_link.as_slice().try_into().unwrap();
        let head = gongkai::audit::chain::Head { seq: case.version.into(), link };
        self.gathered(name, case.id, Some(Before { case, row, head }))
    }

    fn gathered(&'a self, name: &str, id: CaseId, before: Option<Before>) -> Gathered<'a> {
        let (account, person) = self.people[name];
        let at = self.app.clock.now();
        Gathered {
            desk: self,
            person,
            meta: Meta { at, by: By::Account { account, person }, origin: Origin::Api },
            id,
            case: before.as_ref().map(|before| before.case.clone()),
            before,
            events: Vec::new(),
            sealer: Sealer::new(&self.agency, id, At(at)),
            subject: None,
        }
    }
}

impl Gathered<'_> {
    /// One of the commands of a case's way to its reply.
    fn at_random(&mut self, below: &mut dyn FnMut(usize) -> usize) -> Command {
        match below(8) {
            0 => Command::Acknowledge { n: 1 },
            1 | 2 => {
                let text = self.sealer.text(TextKind::Reply, "经研究，予以公开，见附件。").unwrap();
                let basis = whole(self.desk.law.0.as_ref(), Outcome::Granted);
                let basis = basis.try_map(|_, words| self.sealer.text(TextKind::Fact, words)).unwrap();
                Command::Draft { outcome: Outcome::Granted, text, content: CONTENT, basis: Box::new(basis) }
            }
            3 => Command::Submit { route: Route::default(), unscanned: Vec::new() },
            n => {
                let step = [Step::Legal, Step::Secrecy, Step::SignOff][n % 3];
                let (opinion, acting_for) = (None, None);
                let checklist = (step == Step::Secrecy).then_some(Checklist::CLEAR);
                Command::Review {
                    step,
                    decision: Decision::Pass,
                    content: CONTENT,
                    opinion,
                    acting_for,
                    checklist,
                }
            }
        }
    }

    fn command(&mut self, command: Command) {
        let case = self.case.as_ref().unwrap();
        let events = decide(case, command, self.desk.today, &self.desk.context(self.person)).unwrap();
        self.happen(events);
    }

    fn happen(&mut self, events: Vec<Happened>) {
        for happened in &events {
            let recorded = Recorded {
                seq: self.case.as_ref().map_or(0, |case| case.version) + 1,
                at: self.meta.at,
                on: happened.on,
                by: self.meta.by,
                origin: self.meta.origin,
                event: happened.event.clone(),
            };
            self.case = match self.case.take() {
                Some(case) => Some(evolve(case, &recorded)),
                None => begin(self.desk.agency.id, self.id, &recorded),
            };
        }
        self.events.extend(events);
    }

    async fn commit(self) -> Committed {
        let id = || EventId(random::new_id(self.meta.at));
        let commit = Commit {
            agency: self.desk.agency.id,
            case: self.id,
            before: self.before,
            events: self.events.into_iter().map(|happened| (id(), happened)).collect(),
            meta: self.meta,
            texts: self.sealer.texts,
            applicant: self.sealer.applicant,
            portal_request: None,
            attachment: None,
            subject: self.subject,
            documents: None,
            publications: None,
            number_pattern: self.desk.agency.number_pattern.clone(),
            retry: None,
            law: self.desk.app.store.law(),
        };
        self.desk.app.store.commit(commit, None).await.unwrap()
    }
}
