//! Every operation of the store that writes, and its writes.

use chrono::TimeDelta;
use gongkai::audit::attempts::Attempt;
use gongkai::crypto::random;
use gongkai::domain::agency_event::{AgencyEvent, DisabledWhy, RoleHeld};
use gongkai::domain::case::command::{Command, RelationCommand};
use gongkai::domain::case::event::AssignmentKind;
use gongkai::domain::channel::Channel;
use gongkai::domain::ids::{AccountId, AgencyId, PersonId};
use gongkai::domain::role::Role;
use gongkai::domain::sensitivity::Sensitivity;
use gongkai::store::{
    AccessChange, AccountRow, At, CameIn, Commit, GrantRow, KeepAnswer, Key, PersonRow, Proof, RefreshRow,
    SessionRow, SetUp, SetUpChange, StoreError,
};

use crate::store::desk::{Desk, Who, assign, register, retry, wait, words};

/// What an operation does, on something of its own; it may be done again after it failed.
pub type Task<'a> = Box<dyn Fn() -> Result<(), StoreError> + 'a>;

/// Its name, how it is prepared, and every write that it makes.
pub type Operation = (&'static str, fn(&Desk) -> Task<'_>, &'static [&'static str]);

pub const OPERATIONS: &[Operation] = &[
    (
        "receive",
        |desk| committing(desk, keyed(desk.reception(Channel::Counter, "2026-03-02"))),
        &[
            "INSERT applicants",
            "INSERT case_obligations",
            "INSERT case_texts",
            "INSERT cases",
            "INSERT events",
            "INSERT idempotency_keys",
            "UPDATE chain_heads",
        ],
    ),
    (
        "confirm: the clock starts anew",
        |desk| {
            let case = desk.receive(Channel::OrdinaryPost, "2026-03-02");
            let confirm = Command::Confirm { evidence: words() };
            committing(desk, desk.decided(&case, Who::Clerk, confirm, "2026-03-03"))
        },
        &[
            "INSERT case_obligations",
            "INSERT case_texts",
            "INSERT events",
            "UPDATE cases",
            "UPDATE chain_heads",
        ],
    ),
    (
        "withdraw: nothing is owed any more",
        |desk| {
            let case = desk.receive(Channel::Counter, "2026-03-02");
            let withdraw = Command::Withdraw { reason: None };
            committing(desk, desk.decided(&case, Who::Clerk, withdraw, "2026-03-03"))
        },
        &["DELETE case_obligations", "INSERT events", "UPDATE cases", "UPDATE chain_heads"],
    ),
    (
        "register, the year's first",
        |desk| {
            let case = desk.receive(Channel::Counter, "2026-03-02");
            committing(desk, keyed(desk.decided(&case, Who::Clerk, register(), "2026-03-02")))
        },
        &[
            "INSERT case_search",
            "INSERT case_texts",
            "INSERT events",
            "INSERT idempotency_keys",
            "INSERT number_counters",
            "UPDATE cases",
            "UPDATE chain_heads",
        ],
    ),
    (
        "register another",
        |desk| {
            desk.registered("2026-03-02");
            let case = desk.receive(Channel::Counter, "2026-03-02");
            committing(desk, keyed(desk.decided(&case, Who::Clerk, register(), "2026-03-02")))
        },
        &[
            "INSERT case_search",
            "INSERT case_texts",
            "INSERT events",
            "INSERT idempotency_keys",
            "UPDATE cases",
            "UPDATE chain_heads",
            "UPDATE number_counters",
        ],
    ),
    (
        "assign",
        |desk| {
            let lead = assign(desk.departments[0], AssignmentKind::Lead);
            let case = desk.registered("2026-03-02");
            committing(desk, desk.decided(&case, Who::Clerk, lead, "2026-03-02"))
        },
        &["INSERT case_departments", "INSERT events", "UPDATE cases", "UPDATE chain_heads"],
    ),
    (
        "assign anew",
        |desk| {
            let lead = assign(desk.departments[1], AssignmentKind::Lead);
            committing(desk, desk.decided(&desk.brought(4, "2026-03-02"), Who::Clerk, lead, "2026-03-02"))
        },
        &[
            "DELETE case_departments",
            "INSERT case_departments",
            "INSERT events",
            "UPDATE cases",
            "UPDATE chain_heads",
        ],
    ),
    (
        "hand back",
        |desk| {
            let back = Command::Return { n: 1, reason: words() };
            committing(desk, desk.decided(&desk.brought(4, "2026-03-02"), Who::Handler, back, "2026-03-02"))
        },
        &[
            "DELETE case_departments",
            "INSERT case_texts",
            "INSERT events",
            "UPDATE cases",
            "UPDATE chain_heads",
        ],
    ),
    (
        "split: two cases at once",
        |desk| {
            let case = desk.receive(Channel::Counter, "2026-03-02");
            let (part, reason) = (desk.reception(Channel::Counter, "2026-03-02"), words());
            let split = Command::Relation(RelationCommand::Split { case: part.case, reason });
            let whole = keyed(desk.decided(&case, Who::Clerk, split, "2026-03-03"));
            Box::new(move || {
                let keep: KeepAnswer = Box::new(|_| Ok(vec![1]));
                wait(desk.store.commit_all(whole.clone(), vec![part.clone()], Some(keep))).map(|_| ())
            })
        },
        &[
            "INSERT applicants",
            "INSERT case_obligations",
            "INSERT case_texts",
            "INSERT cases",
            "INSERT events",
            "INSERT idempotency_keys",
            "UPDATE cases",
            "UPDATE chain_heads",
        ],
    ),
    (
        "take a ledger over",
        ledger,
        &[
            "INSERT applicants",
            "INSERT case_obligations",
            "INSERT case_search",
            "INSERT case_texts",
            "INSERT cases",
            "INSERT events",
            "UPDATE chain_heads",
        ],
    ),
    (
        "make an agency",
        agency,
        &[
            "INSERT agencies",
            "INSERT agency_keys",
            "INSERT chain_heads",
            "INSERT events",
            "UPDATE chain_heads",
        ],
    ),
    (
        "make an account",
        |desk| {
            let made = account(desk, somebody());
            Box::new(move || wait(desk.store.set_up(made.clone())))
        },
        &[
            "INSERT accounts",
            "INSERT events",
            "INSERT idempotency_keys",
            "INSERT persons",
            "INSERT role_grants",
            "UPDATE chain_heads",
        ],
    ),
    (
        "change roles",
        roles,
        &["DELETE role_grants", "INSERT events", "INSERT role_grants", "UPDATE chain_heads"],
    ),
    (
        "change a password",
        password,
        &[
            "INSERT events",
            "INSERT password_history",
            "UPDATE accounts",
            "UPDATE chain_heads",
            "UPDATE sessions",
        ],
    ),
    (
        "disable an account",
        |desk| access(desk, |account| disabled(account, DisabledWhy::Administrator), AccessChange::Disabled),
        &["INSERT events", "UPDATE accounts", "UPDATE chain_heads", "UPDATE sessions"],
    ),
    (
        "end the stays of an account",
        |desk| access(desk, |account| AgencyEvent::SessionsEnded { account }, AccessChange::SessionsEnded),
        &["INSERT events", "UPDATE chain_heads", "UPDATE sessions"],
    ),
    (
        "confirm a second factor",
        |desk| {
            let keep = Key(random::random_id());
            let change = AccessChange::SecondFactorSet { secret: vec![1], step: 7, keep };
            access(desk, |account| AgencyEvent::SecondFactorSet { account }, change)
        },
        &["INSERT events", "UPDATE accounts", "UPDATE chain_heads", "UPDATE sessions"],
    ),
    (
        "reset a password",
        |desk| {
            let change = AccessChange::PasswordReset { hash: "+".to_owned(), with_second_factor: false };
            access(desk, |account| AgencyEvent::PasswordReset { account }, change)
        },
        &[
            "INSERT events",
            "INSERT password_history",
            "UPDATE accounts",
            "UPDATE chain_heads",
            "UPDATE sessions",
        ],
    ),
    (
        "reset a second factor",
        |desk| {
            access(
                desk,
                |account| AgencyEvent::SecondFactorReset { account },
                AccessChange::SecondFactorReset,
            )
        },
        &["INSERT events", "UPDATE accounts", "UPDATE chain_heads", "UPDATE sessions"],
    ),
    (
        "bind an account to the identity provider",
        |desk| {
            let change =
                AccessChange::Bound { agency: Key(desk.agency.0), subject: random::bytes::<32>().to_vec() };
            access(desk, |account| AgencyEvent::AccountBound { account }, change)
        },
        &["INSERT events", "INSERT provider_bindings", "UPDATE chain_heads", "UPDATE sessions"],
    ),
    (
        "clear an account for a label",
        |desk| {
            let set = |account| {
                let (from, to) = (Sensitivity::Ordinary, Sensitivity::TradeSecret);
                AgencyEvent::ClearanceSet { account, from, to }
            };
            access(desk, set, AccessChange::Cleared(Sensitivity::TradeSecret.level()))
        },
        &["INSERT events", "UPDATE accounts", "UPDATE chain_heads"],
    ),
    (
        "enable an account",
        |desk| access(desk, |account| AgencyEvent::AccountEnabled { account }, AccessChange::Enabled),
        &["INSERT events", "UPDATE accounts", "UPDATE chain_heads"],
    ),
    (
        "sign in",
        |desk| sign_in(desk, somebody()),
        &[
            "INSERT attempt_heads",
            "INSERT attempts",
            "INSERT refresh_tokens",
            "INSERT sessions",
            "UPDATE accounts",
            "UPDATE attempt_heads",
        ],
    ),
    ("go on with a stay", refresh, &["INSERT refresh_tokens", "UPDATE refresh_tokens", "UPDATE sessions"]),
];

fn committing(desk: &Desk, commit: Commit) -> Task<'_> {
    Box::new(move || {
        let keep = commit.retry.is_some().then(|| -> KeepAnswer { Box::new(|_| Ok(vec![1])) });
        wait(desk.store.commit(commit.clone(), keep)).map(|_| ())
    })
}

pub fn keyed(decided: Commit) -> Commit {
    Commit { retry: Some(retry(Who::Clerk, &decided.case.to_string())), ..decided }
}

fn ledger(desk: &Desk) -> Task<'_> {
    let rows = ["台账-1", "台账-2"].map(|number| desk.imported(number, "2024-02-10", None));
    Box::new(move || desk.import(rows.to_vec()))
}

fn agency(desk: &Desk) -> Task<'_> {
    let made = desk.agency_made(AgencyId(random::random_id()));
    Box::new(move || wait(desk.store.set_up(made.clone())))
}

/// Somebody new, with an account.
#[derive(Clone, Copy)]
struct Somebody {
    account: AccountId,
    person: PersonId,
    token: [u8; 32],
}

fn somebody() -> Somebody {
    let (account, person) = (AccountId(random::random_id()), PersonId(random::random_id()));
    Somebody { account, person, token: random::bytes() }
}

fn grant(desk: &Desk, who: Somebody, role: Role) -> GrantRow {
    GrantRow {
        id: Key(random::random_id()),
        agency_id: Key(desk.agency.0),
        account_id: Key(who.account.0),
        person_id: Key(who.person.0),
        role: role.code().to_owned(),
        department_id: None,
        granted_at: At(desk.now()),
    }
}

fn held(role: Role) -> Vec<RoleHeld> {
    vec![RoleHeld { role, department: None }]
}

/// An account with a person and a role, and its answer kept for retries.
fn account(desk: &Desk, who: Somebody) -> SetUp {
    let now = At(desk.now());
    let row = AccountRow {
        agency_id: Key(desk.agency.0),
        id: Key(who.account.0),
        person_id: Key(who.person.0),
        username: format!("clerk-{}", who.account),
        password_hash: "-".to_owned(),
        must_change_password: true,
        failed_logins: 0,
        locked_until: None,
        disabled: false,
        created_at: now,
        password_set_at: now,
        active_at: now,
        totp_secret: Some(vec![1]),
        totp_confirmed_at: None,
        totp_step: 0,
        clearance: 0,
    };
    let person_row = PersonRow { id: row.person_id, reference: who.person.to_string(), created_at: now };
    let Somebody { account, person, .. } = who;
    let event = AgencyEvent::AccountCreated { account, person, roles: held(Role::Clerk) };
    let rows = SetUpChange::Account(row, Some(person_row), vec![grant(desk, who, Role::Clerk)]);
    SetUp {
        retry: Some((retry(Who::Clerk, &account.to_string()), vec![1])),
        ..desk.set_up(vec![event], rows)
    }
}

fn roles(desk: &Desk) -> Task<'_> {
    let who = somebody();
    wait(desk.store.set_up(account(desk, who))).unwrap();
    let event = AgencyEvent::RolesChanged { account: who.account, roles: held(Role::Archivist) };
    let change = SetUpChange::Grants(who.account, vec![grant(desk, who, Role::Archivist)]);
    let made = desk.set_up(vec![event], change);
    Box::new(move || wait(desk.store.set_up(made.clone())))
}

fn password(desk: &Desk) -> Task<'_> {
    let who = somebody();
    sign_in(desk, who)().unwrap();
    let change =
        SetUpChange::Password { account: who.account, hash: "+".to_owned(), keep: random::random_id() };
    let made = desk.set_up(vec![AgencyEvent::PasswordChanged { account: who.account }], change);
    Box::new(move || wait(desk.store.set_up(made.clone())))
}

fn disabled(account: AccountId, why: DisabledWhy) -> AgencyEvent {
    AgencyEvent::AccountDisabled { account, why }
}

/// A change of the way into the account of somebody who is signed in.
fn access(desk: &Desk, event: fn(AccountId) -> AgencyEvent, change: AccessChange) -> Task<'_> {
    let who = somebody();
    sign_in(desk, who)().unwrap();
    let made = desk.set_up(vec![event(who.account)], SetUpChange::Access(who.account, change));
    Box::new(move || wait(desk.store.set_up(made.clone())))
}

/// After a wrong password, the right one.
fn sign_in(desk: &Desk, who: Somebody) -> Task<'_> {
    wait(desk.store.set_up(account(desk, who))).unwrap();
    wait(desk.store.login_failed(who.account, 5, At(desk.now()))).unwrap();
    let now = At(desk.now());
    let session = SessionRow {
        id: Key(random::random_id()),
        account_id: Key(who.account.0),
        created_at: now,
        last_used_at: now,
        expires_at: At(now.0 + TimeDelta::hours(12)),
        revoked_at: None,
        way: "password".to_owned(),
    };
    let refresh =
        RefreshRow { hash: who.token.to_vec(), session_id: session.id, issued_at: now, used_at: None };
    let proof = Proof { password_hash: "-".to_owned(), step: None, through_lock: false };
    let attempt = Attempt {
        kind: "signed_in".to_owned(),
        account: Some(who.account.0),
        name_hash: None,
        address_hash: None,
        operation: "POST /api/v1/auth/login".to_owned(),
        status: 200,
        count: 1,
        first_at: now.0,
        last_at: now.0,
    };
    let came_in = CameIn { agency: Key(desk.agency.0), attempt };
    Box::new(move || {
        let (session, came_in) = (session.clone(), came_in.clone());
        let begun = wait(desk.store.session_begin(session, refresh.clone(), proof.clone(), came_in))?;
        assert!(begun);
        Ok(())
    })
}

fn refresh(desk: &Desk) -> Task<'_> {
    let who = somebody();
    sign_in(desk, who)().unwrap();
    let now = At(desk.now());
    let idle = At(now.0 - TimeDelta::minutes(30));
    Box::new(move || {
        let next = random::bytes::<32>().to_vec();
        wait(desk.store.refresh_rotate(who.token.to_vec(), next, now, idle)).map(|_| ())
    })
}
