//! The same through the use cases: whoever sends a request again gets the first answer, byte for byte, however many
//! attempts run at once (T14).

use std::collections::BTreeSet;
use std::sync::{Arc, Barrier};

use chrono::{DateTime, Utc};
use gongkai::app::App;
use gongkai::app::case_view::CaseDetail;
use gongkai::app::error::AppError;
use gongkai::app::execute::{Expected, Request};
use gongkai::app::order::Order;
use gongkai::app::people::Applicant;
use gongkai::app::receive::Reception;
use gongkai::app::retry::{Answer, RetryKey};
use gongkai::app::set_up::NewAgency;
use gongkai::clock::Clock;
use gongkai::crypto::master_key::MasterKey;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::{By, Origin};
use gongkai::domain::channel::Channel;
use gongkai::domain::ids::{AccountId, AgencyId, CaseId};
use gongkai::domain::role::{Actor, Grant, Role};
use gongkai::domain::sensitivity::Sensitivity;
use gongkai::law::LawBook;

use super::desk::{Who, wait};
use crate::support::databases::{Backend, TestDatabase, both_databases};

const TIMES: usize = 16;

/// An agency's application and its clerk. The application is dropped before its database.
struct Front {
    app: Arc<App>,
    clerk: Actor,
    database: TestDatabase,
}

impl Front {
    fn open(backend: Backend) -> Self {
        let database = TestDatabase::new(backend);
        let law = Arc::new(LawBook::embedded().unwrap());
        let now: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
        let opened = App::open(database.url(), MasterKey::generate(), law, Clock::set_at(now), Origin::Api);
        let app = Arc::new(wait(opened).unwrap());
        let new = NewAgency { code: "qu".to_owned(), name: "某区".to_owned(), ..NewAgency::default() };
        let agency = AgencyId(wait(app.create_agency(By::Operator, new)).unwrap().id.0);
        let clerk = Actor {
            account: AccountId(Who::Clerk.account().0),
            person: Who::Clerk.person(),
            agency,
            grants: vec![Grant { role: Role::Clerk, agency, department: None }],
            clearance: Sensitivity::Ordinary,
        };
        Self { app, clerk, database }
    }

    fn receive(&self, key: &str, words: &str) -> Result<Answer, AppError> {
        let reception = Reception {
            portal_request: None,
            channel: Channel::Counter,
            arrived_on: None,
            applicant: Applicant {
                kind: ApplicantKind::NaturalPerson,
                name: "张三丰".to_owned(),
                identity: None,
                phone: None,
                email: None,
                address: None,
            },
            description: words.to_owned(),
            form_wanted: None,
            evidence: None,
        };
        wait(self.app.receive(&self.clerk, reception, Some(retry_key("/api/v1/cases", key, words)), render))
    }

    fn register(&self, case: CaseId, key: &str, subject: &str) -> Result<Answer, AppError> {
        wait(self.app.execute(Request {
            actor: self.clerk.clone(),
            case,
            order: Order::Register { subject: subject.to_owned(), documents: Vec::new() },
            on: None,
            expected: Expected::OneOf(vec![1]),
            retry: Some(retry_key(&format!("/api/v1/cases/{case}/registration"), key, subject)),
            render,
        }))
    }
}

/// The answers that so many attempts get when all run at once.
fn at_once(attempt: impl Fn(usize) -> Result<Answer, AppError> + Sync) -> Vec<Result<Answer, AppError>> {
    let together = Barrier::new(TIMES);
    let run = |n| {
        together.wait();
        attempt(n)
    };
    let run = &run;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..TIMES).map(|n| scope.spawn(move || run(n))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn retry_key(path: &str, key: &str, body: &str) -> RetryKey {
    RetryKey {
        method: "POST".to_owned(),
        path: path.to_owned(),
        key: key.to_owned(),
        body_hash: RetryKey::hash(body.as_bytes()),
    }
}

/// An answer that tells the case, its version and its number.
fn render(detail: &CaseDetail) -> Answer {
    let number = detail.case.state.registration().map(|registration| registration.number.clone());
    Answer {
        status: 201,
        etag: Some(detail.case.version.to_string()),
        location: Some(detail.case.id.to_string()),
        body: format!("{} {number:?} {:?}", detail.case.version, detail.description),
    }
}

fn case_of(answer: &Answer) -> CaseId {
    answer.location.as_deref().unwrap().parse().unwrap()
}

/// What all of them were told: one and the same.
#[track_caller]
fn one_answer(answers: Vec<Result<Answer, AppError>>) -> Answer {
    let mut answers: Vec<Answer> = answers.into_iter().map(Result::unwrap).collect();
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    answers.remove(0)
}

both_databases! {
    fn a_request_sent_many_times_at_once_becomes_one_case(backend) {
        let front = Front::open(backend);
        for round in 1..=5 {
            let key = format!("key-{round}");
            let answer = one_answer(at_once(|_| front.receive(&key, "某地块的征收批文")));
            assert_eq!(front.database.rows_of("cases").len(), round);
            assert_eq!(front.receive(&key, "某地块的征收批文").unwrap(), answer, "and so is the next");
            let other_body = front.receive(&key, "另一地块的征收批文").unwrap_err();
            assert!(matches!(other_body, AppError::RetryMismatch), "{other_body:?}");
        }
    }

    fn a_command_sent_many_times_at_once_is_carried_out_once(backend) {
        let front = Front::open(backend);
        for round in 1..=5 {
            let case = case_of(&front.receive(&format!("key-{round}"), "某地块的征收批文").unwrap());
            let answer = one_answer(at_once(|_| front.register(case, "again", "地块征收批文")));
            assert!(answer.body.contains(&format!("{round}号")), "{answer:?}");
            assert_eq!(answer.etag.as_deref(), Some("2"));
            // Long after, when the case has another version, the retry still gets its first answer.
            assert_eq!(front.register(case, "again", "地块征收批文").unwrap(), answer);
        }
    }

    fn of_many_clerks_one_registers_and_the_others_are_told(backend) {
        let front = Front::open(backend);
        for round in 1..=5 {
            let case = case_of(&front.receive(&format!("key-{round}"), "某地块的征收批文").unwrap());
            let answers = at_once(|n| front.register(case, &format!("clerk-{n}"), "地块征收批文"));
            let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
            assert_eq!(won.len(), 1);
            assert!(won[0].as_ref().unwrap().body.contains(&format!("{round}号")));
            let told: BTreeSet<_> = lost.into_iter().map(|lost| format!("{:?}", lost.unwrap_err())).collect();
            assert_eq!(told, BTreeSet::from(["VersionStale".to_owned()]));
        }
    }
}
