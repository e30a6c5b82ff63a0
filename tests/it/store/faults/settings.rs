//! What an agency sets, delegates and makes up, and its writes.

use gongkai::audit::checkpoint::CheckpointKey;
use gongkai::crypto::random;
use gongkai::domain::access::{AccessKind, RevealField};
use gongkai::domain::agency_event::AgencyEvent;
use gongkai::domain::archive::Retention;
use gongkai::domain::case::event::Digest;
use gongkai::domain::digest::DigestKind;
use gongkai::domain::ids::{AccountId, CaseId, DelegationId, NoticeId, PersonId, PortalId};
use gongkai::domain::record_event::CheckpointKeyMade;
use gongkai::store::{
    AccessRow, AccountRow, At, CheckpointRow, DelegationRow, DigestRow, GrantRow, Key, NewPortal, NoticeRow,
    NoticeStepRow, PersonRow, PortalRow, PortalSecretRow, ReportEntryRow, ReportFreezeRow, SetUp,
    SetUpChange, SettingRow, ShelfRow, SigningKeyRow,
};

use super::operations::{Operation, Task};
use crate::store::desk::{Desk, day, wait};

pub const SETTINGS: &[Operation] = &[
    (
        "open a portal",
        |desk| setting_up(desk, portal_opened(desk, &new_portal(desk, random::random_id()))),
        &[
            "INSERT accounts",
            "INSERT events",
            "INSERT persons",
            "INSERT portal_secrets",
            "INSERT portals",
            "INSERT role_grants",
            "UPDATE chain_heads",
        ],
    ),
    (
        "give a portal another secret",
        |desk| {
            let new = new_portal(desk, random::random_id());
            wait(desk.store.set_up(portal_opened(desk, &new))).unwrap();
            let portal = PortalId(new.portal.id.0);
            let issued = AgencyEvent::PortalSecretIssued { portal, n: 2, overlap_hours: 1 };
            let rows = SetUpChange::PortalSecret(portal_secret(&new.portal, 2), At(desk.now()));
            setting_up(desk, desk.set_up(vec![issued], rows))
        },
        &["INSERT events", "INSERT portal_secrets", "UPDATE chain_heads", "UPDATE portal_secrets"],
    ),
    (
        "close a portal",
        |desk| {
            let new = new_portal(desk, random::random_id());
            wait(desk.store.set_up(portal_opened(desk, &new))).unwrap();
            let closed = AgencyEvent::PortalClosed { portal: PortalId(new.portal.id.0) };
            setting_up(desk, desk.set_up(vec![closed], SetUpChange::PortalClosed(new.portal)))
        },
        &["INSERT events", "UPDATE accounts", "UPDATE chain_heads", "UPDATE portals"],
    ),
    (
        "set something for replies anew",
        |desk| {
            wait(desk.store.set_up(bodies(desk, "first"))).unwrap();
            setting_up(desk, bodies(desk, "second"))
        },
        &["DELETE agency_settings", "INSERT agency_settings", "INSERT events", "UPDATE chain_heads"],
    ),
    (
        "delegate review",
        |desk| setting_up(desk, delegation(desk, random::random_id())),
        &["INSERT delegations", "INSERT events", "UPDATE chain_heads"],
    ),
    (
        "end a delegation",
        |desk| {
            let id = random::random_id();
            wait(desk.store.set_up(delegation(desk, id))).unwrap();
            let ended = AgencyEvent::DelegationEnded { delegation: DelegationId(id) };
            setting_up(desk, desk.set_up(vec![ended], SetUpChange::DelegationEnded(Key(id))))
        },
        &["INSERT events", "UPDATE chain_heads", "UPDATE delegations"],
    ),
    (
        "make a digest",
        |desk| {
            let (kind, period, hash) = (DigestKind::MonthlyLedger, "2026-02".to_owned(), "0".repeat(64));
            let row = DigestRow {
                agency_id: Key(desk.agency.0),
                kind: kind.code().to_owned(),
                period: period.clone(),
                made_at: At(desk.now()),
                hash: hash.clone(),
                content: "{}".to_owned(),
            };
            let made = AgencyEvent::DigestMade { kind, period, hash };
            setting_up(desk, desk.set_up(vec![made], SetUpChange::Digest(row)))
        },
        &["INSERT digests", "INSERT events", "UPDATE chain_heads"],
    ),
    (
        "make a key that signs checkpoints",
        |desk| {
            let key = CheckpointKey::new(desk.agency.0, [1; 32]).to_string();
            let key = CheckpointKeyMade { n: 1, key };
            let row = SigningKeyRow {
                agency_id: Key(desk.agency.0),
                n: 1,
                public_key: vec![1; 32],
                secret: vec![2; 78],
                made_at: At(desk.now()),
            };
            let made = AgencyEvent::CheckpointKeyMade(key);
            setting_up(desk, desk.set_up(vec![made], SetUpChange::SigningKey(row)))
        },
        &["INSERT events", "INSERT signing_keys", "UPDATE chain_heads"],
    ),
    (
        "keep a checkpoint",
        |desk| {
            let row = CheckpointRow {
                agency_id: Key(desk.agency.0),
                size: 2,
                made_at: At(desk.now()),
                note: "n".to_owned(),
                frontier: vec![0; 32],
            };
            Box::new(move || wait(desk.store.checkpoint_put(0, row.clone())).map(|_| ()))
        },
        &["INSERT checkpoints", "UPDATE chain_heads"],
    ),
    (
        "enter table 2",
        |desk| {
            let (year, version, hash) = (2025, 1, "0".repeat(64));
            let row = ReportEntryRow {
                agency_id: Key(desk.agency.0),
                year,
                version,
                content: "{}".to_owned(),
                entered_at: At(desk.now()),
                entered_by: None,
            };
            let entered = AgencyEvent::ReportEntered { year, version, hash };
            setting_up(desk, desk.set_up(vec![entered], SetUpChange::ReportEntry(row)))
        },
        &["INSERT events", "INSERT report_entries", "UPDATE chain_heads"],
    ),
    (
        "freeze a report",
        |desk| {
            let (year, n, hash) = (2025, 1, "0".repeat(64));
            let row = ReportFreezeRow {
                agency_id: Key(desk.agency.0),
                year,
                n,
                hash: hash.clone(),
                content: "{}".to_owned(),
                frozen_at: At(desk.now()),
                frozen_by: None,
            };
            let frozen = AgencyEvent::ReportFrozen { year, n, hash };
            setting_up(desk, desk.set_up(vec![frozen], SetUpChange::ReportFreeze(row)))
        },
        &["INSERT events", "INSERT report_freezes", "UPDATE chain_heads"],
    ),
    (
        "set the archive's codes and periods",
        |desk| {
            let (fonds, catalogue) = ("Z109".to_owned(), "1".to_owned());
            let row = ShelfRow {
                agency_id: Key(desk.agency.0),
                fonds: fonds.clone(),
                catalogue: catalogue.clone(),
                ordinary: Some(Retention::Years30.code().to_owned()),
                contested: None,
                updated_at: At(desk.now()),
            };
            let ordinary = Some(Retention::Years30);
            let set = AgencyEvent::ArchiveShelfSet { fonds, catalogue, ordinary, contested: None };
            setting_up(desk, desk.set_up(vec![set], SetUpChange::Shelf(row)))
        },
        &["INSERT archive_shelves", "INSERT events", "UPDATE chain_heads"],
    ),
    (
        "record an access",
        |desk| {
            let id = random::new_id(desk.now());
            let row = AccessRow {
                agency_id: Key(desk.agency.0),
                case_id: Key(random::random_id()),
                id: Key(id),
                kind: AccessKind::Reveal.code().to_owned(),
                recorded_at: At(desk.now()),
                account_id: Some(Key(random::random_id())),
                person_id: Some(Key(random::random_id())),
                fields: "name phone".to_owned(),
                sealed: Some(vec![1]),
                attachment_id: Some(Key(random::random_id())),
            };
            let fields = vec![RevealField::Name, RevealField::Phone];
            let (case, reason) = (CaseId(row.case_id.0), Digest([0; 32]));
            let event = AgencyEvent::PersonalDataRevealed { case, fields, reason };
            setting_up(desk, desk.set_up(vec![event], SetUpChange::Accesses(vec![row], 120)))
        },
        &["INSERT accesses", "INSERT events", "UPDATE chain_heads"],
    ),
    (
        "send a supervision notice",
        |desk| setting_up(desk, notice_sent(desk, random::new_id(desk.now()))),
        &["INSERT events", "INSERT supervision_notices", "INSERT supervision_steps", "UPDATE chain_heads"],
    ),
    (
        "answer a supervision notice",
        |desk| {
            let id = random::new_id(desk.now());
            wait(desk.store.set_up(notice_sent(desk, id))).unwrap();
            let mut row = notice(desk, id);
            (row.version, row.answered_on) = (2, Some(day("2026-03-02")));
            let answered = AgencyEvent::NoticeAnswered { notice: NoticeId(id), n: 2, words: Digest([3; 32]) };
            let change = SetUpChange::NoticeStep(row, notice_step(desk, id, 2, "answered"));
            setting_up(desk, desk.set_up(vec![answered], change))
        },
        &["INSERT events", "INSERT supervision_steps", "UPDATE chain_heads", "UPDATE supervision_notices"],
    ),
];

fn notice(desk: &Desk, id: uuid::Uuid) -> NoticeRow {
    NoticeRow {
        agency_id: Key(desk.agency.0),
        id: Key(id),
        from_agency_id: Key(desk.agency.0),
        case_id: None,
        version: 1,
        due_on: day("2026-03-06"),
        answered_on: None,
        closed_on: None,
        created_at: At(desk.now()),
    }
}

fn notice_step(desk: &Desk, id: uuid::Uuid, n: i32, kind: &str) -> NoticeStepRow {
    NoticeStepRow {
        agency_id: Key(desk.agency.0),
        notice_id: Key(id),
        n,
        kind: kind.to_owned(),
        happened_on: day("2026-03-02"),
        due_on: day("2026-03-06"),
        recorded_at: At(desk.now()),
        account_id: Key(random::random_id()),
        person_id: Key(random::random_id()),
        sealed: Some(vec![1]),
    }
}

fn notice_sent(desk: &Desk, id: uuid::Uuid) -> SetUp {
    let (from, due_on, words) = (desk.agency, day("2026-03-06"), Digest([3; 32]));
    let sent = AgencyEvent::NoticeSent { notice: NoticeId(id), from, case: None, due_on, words };
    let step = notice_step(desk, id, 1, "sent");
    desk.set_up(vec![sent], SetUpChange::NoticeSent(notice(desk, id), step, None))
}

fn setting_up(desk: &Desk, made: SetUp) -> Task<'_> {
    Box::new(move || wait(desk.store.set_up(made.clone())))
}

fn bodies(desk: &Desk, value: &str) -> SetUp {
    let row = SettingRow {
        agency_id: Key(desk.agency.0),
        name: "remedy_bodies".to_owned(),
        value: value.to_owned(),
        updated_at: At(desk.now()),
    };
    let set = AgencyEvent::RemedyBodiesSet { digest: Digest([2; 32]) };
    desk.set_up(vec![set], SetUpChange::Setting(row))
}

fn delegation(desk: &Desk, id: uuid::Uuid) -> SetUp {
    let (from, to) = (PersonId(random::random_id()), PersonId(random::random_id()));
    let (starts_on, ends_on) = (day("2026-03-02"), day("2026-03-06"));
    let row = DelegationRow {
        agency_id: Key(desk.agency.0),
        id: Key(id),
        from_person_id: Key(from.0),
        to_person_id: Key(to.0),
        starts_on,
        ends_on,
        ended_at: None,
        created_at: At(desk.now()),
    };
    let delegation = DelegationId(id);
    let delegated = AgencyEvent::ReviewDelegated { delegation, from, to, starts_on, ends_on };
    desk.set_up(vec![delegated], SetUpChange::Delegation(row))
}

/// A portal with everything that belongs to it.
fn new_portal(desk: &Desk, id: uuid::Uuid) -> NewPortal {
    let [account, person] = [(); 2].map(|()| Key(random::random_id()));
    let (agency_id, created_at) = (Key(desk.agency.0), At(desk.now()));
    let portal = PortalRow {
        agency_id,
        id: Key(id),
        account_id: account,
        name: id.to_string(),
        created_at,
        closed_at: None,
    };
    NewPortal {
        secret: portal_secret(&portal, 1),
        person: PersonRow { id: person, reference: id.to_string(), created_at },
        account: AccountRow {
            agency_id,
            id: account,
            person_id: person,
            username: id.to_string(),
            password_hash: "none".to_owned(),
            must_change_password: false,
            failed_logins: 0,
            locked_until: None,
            disabled: false,
            created_at,
            password_set_at: created_at,
            active_at: created_at,
            totp_secret: None,
            totp_confirmed_at: None,
            totp_step: 0,
            clearance: 0,
        },
        grant: GrantRow {
            id: Key(random::random_id()),
            account_id: account,
            person_id: person,
            role: "portal".to_owned(),
            agency_id,
            department_id: None,
            granted_at: created_at,
        },
        portal,
    }
}

fn portal_secret(portal: &PortalRow, n: i32) -> PortalSecretRow {
    PortalSecretRow {
        agency_id: portal.agency_id,
        portal_id: portal.id,
        n,
        hash: random::bytes::<32>().to_vec(),
        created_at: portal.created_at,
        expires_at: None,
    }
}

fn portal_opened(desk: &Desk, new: &NewPortal) -> SetUp {
    let (portal, account) = (PortalId(new.portal.id.0), AccountId(new.account.id.0));
    let opened = AgencyEvent::PortalOpened { portal, account };
    desk.set_up(vec![opened], SetUpChange::Portal(Box::new(new.clone())))
}
