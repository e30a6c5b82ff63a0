//! Registration numbers: gapless, by year, whoever registers at once; a number that a ledger brought is stepped over.

use std::collections::BTreeSet;

use gongkai::domain::channel::Channel;
use gongkai::store::StoreError;

use super::desk::{Desk, Who, register};
use crate::support::databases::{Backend, both_databases};

const DESKS: usize = 16;

/// The numbers that so many desks give at once, each to so many requests of each day.
fn given_by_all_desks(desk: &Desk, each: usize, days: &[&str]) -> BTreeSet<String> {
    let desk = || {
        let mut given = Vec::new();
        for _ in 0..each {
            for on in days {
                given.push(desk.registered(on).row.number.unwrap());
            }
        }
        given
    };
    std::thread::scope(|scope| {
        let desks: Vec<_> = (0..DESKS).map(|_| scope.spawn(desk)).collect();
        let given: Vec<_> = desks.into_iter().flat_map(|desk| desk.join().unwrap()).collect();
        let distinct: BTreeSet<_> = given.iter().cloned().collect();
        assert_eq!(distinct.len(), given.len(), "a number was given twice");
        distinct
    })
}

fn numbers(year: i32, seqs: impl IntoIterator<Item = usize>) -> BTreeSet<String> {
    seqs.into_iter().map(|seq| format!("淮公申〔{year}〕{seq}号")).collect()
}

both_databases! {
    fn sixteen_desks_leave_no_gap_in_either_year(backend) {
        let each = if backend == Backend::Sqlite { 12 } else { 6 };
        let desk = Desk::new(backend);
        let given = given_by_all_desks(&desk, each, &["2025-12-31", "2026-01-05"]);
        let all = DESKS * each;
        assert_eq!(given, &numbers(2025, 1..=all) | &numbers(2026, 1..=all));
        desk.verify();
    }

    fn a_number_from_the_ledger_is_stepped_over(backend) {
        let desk = Desk::new(backend);
        for taken in [1, 5, 6, 20] {
            let number = format!("淮公申〔2026〕{taken}号");
            desk.commit(desk.imported(&number, "2026-01-05", None)).unwrap();
        }
        desk.commit(desk.imported("淮公申〔2025〕2号", "2025-01-06", None)).unwrap();
        let given = given_by_all_desks(&desk, 1, &["2026-03-02"]);
        // Sixteen numbers: 1 to 20 but for the four that are taken.
        assert_eq!(given, numbers(2026, (1..=20).filter(|seq| ![1, 5, 6, 20].contains(seq))));
        assert_eq!(desk.registered("2026-03-02").row.number.unwrap(), "淮公申〔2026〕21号");
        assert_eq!(desk.registered("2025-12-31").row.number.unwrap(), "淮公申〔2025〕1号");
        assert_eq!(desk.registered("2025-12-31").row.number.unwrap(), "淮公申〔2025〕3号");
        desk.verify();
    }

    /// A registration that fails takes its number back.
    fn a_registration_that_fails_leaves_no_gap(backend) {
        let desk = Desk::new(backend);
        let received = desk.receive(Channel::Counter, "2026-03-02");
        let stale = desk.decided(&received, Who::Clerk, register(), "2026-03-02");
        desk.does(&received, Who::Clerk, register(), "2026-03-02");
        assert!(matches!(desk.commit(stale), Err(StoreError::VersionConflict)));
        assert_eq!(desk.registered("2026-03-02").row.number.unwrap(), "淮公申〔2026〕2号");
    }
}
