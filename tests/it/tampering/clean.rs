//! Nothing happened that should not: no alarm. Databases with histories at random, signed now and then, verified against everything
//! that could contradict (reliability T46: no false alarm on 1,000 of them). The gate takes some; `bench/clean.sh` takes 1,000.

use std::net::Ipv4Addr;

use gongkai::app::attempts::Shown;
use gongkai::app::checkpoints::When;
use gongkai::app::progress::silent;
use gongkai::app::set_up::NewAgency;
use gongkai::app::verify::{Against, Ends};
use gongkai::domain::case::By;
use gongkai::domain::ids::{AgencyId, DepartmentId};
use zeroize::Zeroizing;

use super::{Dice, app, happens};
use crate::support::databases::Backend;
use crate::support::many_cases::case_at_random;
use crate::support::server::{Place, block_on};

/// Databases in the gate; every tenth is on PostgreSQL.
const IN_THE_GATE: usize = 40;

/// A database with a history at random, verified: how many events and checkpoints there were, or what was said of it.
fn verified(backend: Backend, dice: &mut Dice) -> Result<(u64, usize), String> {
    let (place, second) = (Place::new(backend), tempfile::tempdir().unwrap());
    let app = app(&place, second.path());
    let found = |code: &str| {
        let new = NewAgency {
            code: code.to_owned(),
            name: format!("{code}市人民政府办公室"),
            ..NewAgency::default()
        };
        let id = AgencyId(block_on(app.create_agency(By::Operator, new)).unwrap().id.0);
        let row = block_on(app.create_department(By::Operator, id, "预算处", None)).unwrap();
        (id, DepartmentId(row.id.0))
    };
    let agencies: Vec<_> = ["320800", "320900"][..=dice.below(2)].iter().map(|code| found(code)).collect();
    let mut made = 0;
    for _ in 0..dice.below(12) {
        let (agency, department) = agencies[dice.below(agencies.len())];
        match dice.below(7) {
            0 | 1 => case_at_random(&app, agency, department, &mut |bound| dice.below(bound)),
            2 => happens(&app, agency, 1 + dice.below(4)),
            3 => drop(block_on(app.change_signing_key(agency)).unwrap()),
            4 => {
                for n in 0..dice.below(5) {
                    let name = Shown::Name(Zeroizing::new(format!("nobody-{n}")));
                    app.note_shown(
                        name,
                        Some(&Ipv4Addr::LOCALHOST.to_string()),
                        "POST /api/v1/auth/login",
                        401,
                    );
                }
                block_on(app.write_attempts(dice.below(2) == 0));
            }
            _ => made += block_on(app.make_checkpoints_of(agency, When::Now)).unwrap(),
        }
    }
    if dice.below(4) > 0 {
        made += block_on(app.make_checkpoints(When::Now)).unwrap();
    }
    let mut events = 0;
    let mut keys = Vec::new();
    for (agency, _) in &agencies {
        keys.extend(block_on(app.checkpoint_keys(*agency)).unwrap());
    }
    // Against the second place; half of the time with keys that are known from elsewhere.
    let keys = Some(keys).filter(|_| dice.below(2) == 0);
    let against = Against { ends: Ends::All, folder: Some(second.path().to_owned()), keys };
    for one in block_on(app.verify_all(against, &silent())).unwrap() {
        match one.outcome {
            Ok(report) => {
                events += report.events;
                if !report.warnings.is_empty() {
                    return Err(format!("agency {}: {:?}", one.code, report.warnings));
                }
            }
            Err(findings) => return Err(format!("agency {}: {findings:?}", one.code)),
        }
    }
    let rebuilt = block_on(app.rebuild(true, &silent())).unwrap();
    if !rebuilt.is_sound() || !rebuilt.differences.is_empty() {
        return Err(format!("{rebuilt:?}"));
    }
    Ok((events, made))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how many is for whoever runs `bench/clean.sh`")]
fn clean_databases_raise_no_alarm() {
    let count = std::env::var("GONGKAI_CLEAN_DATABASES").ok();
    let count = count.map_or(IN_THE_GATE, |count| count.parse().unwrap());
    let mut dice = Dice::new("clean databases");
    let (mut events, mut checkpoints, mut alarms) = (0, 0, Vec::new());
    for n in 0..count {
        let backend = if n % 10 == 9 { Backend::Postgres } else { Backend::Sqlite };
        match verified(backend, &mut dice) {
            Ok((some, made)) => {
                events += some;
                checkpoints += made;
            }
            Err(alarm) => alarms.push(format!("database {n}: {alarm}")),
        }
    }
    println!("{count} clean databases, {events} events, {checkpoints} checkpoints: {} alarms", alarms.len());
    assert!(alarms.is_empty(), "{alarms:#?}");
    assert!(events > 4 * u64::try_from(count).unwrap() && checkpoints > count / 2, "{events}, {checkpoints}");
}
