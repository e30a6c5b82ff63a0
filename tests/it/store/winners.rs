//! Of several who change a case at once exactly one wins, and the others leave nothing behind (T13).

use std::sync::Barrier;

use gongkai::domain::case::command::Command;
use gongkai::domain::case::event::Digest;
use gongkai::domain::channel::Channel;
use gongkai::domain::outcome::Outcome;
use gongkai::store::{Before, Commit, Key, StoreError};

use super::desk::{Desk, Who, before, register, wait, words};
use crate::support::databases::both_databases;

/// Everybody commits at once; how it went for each.
fn all_at_once(desk: &Desk, commits: Vec<Commit>) -> Vec<Result<Before, StoreError>> {
    let together = Barrier::new(commits.len());
    let (store, together) = (&desk.store, &together);
    std::thread::scope(|scope| {
        let commit = |commit| {
            scope.spawn(move || {
                together.wait();
                wait(store.commit(commit, None)).map(before)
            })
        };
        let running: Vec<_> = commits.into_iter().map(commit).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// The one who won; all others were told that the case had changed.
#[track_caller]
fn winner(outcomes: Vec<Result<Before, StoreError>>) -> Before {
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    for refused in lost {
        assert!(matches!(refused, Err(StoreError::VersionConflict)), "{:?}", refused.err());
    }
    assert_eq!(won.len(), 1, "winners");
    won.into_iter().next().unwrap().unwrap()
}

fn draft(outcome: Outcome) -> Command {
    Command::Draft { outcome, text: words(), content: Digest([2; 32]), basis: Box::default() }
}

both_databases! {
    fn of_many_who_change_a_case_at_once_one_wins(backend) {
        const ROUNDS: u32 = 60;
        let desk = Desk::new(backend);
        let mut case = desk.brought(3, "2026-03-04");
        let start = case.case.version;
        for round in 1..=ROUNDS {
            let people = usize::try_from(2 + round % 15).unwrap();
            let decided = |n| desk.decided(&case, Who::Handler, draft(Outcome::ALL[n]), "2026-03-04");
            let commits: Vec<_> = (0..people).map(decided).collect();
            case = winner(all_at_once(&desk, commits));
            assert_eq!(case.case.version, start + round);
        }
        // Nothing of the losers is there: neither events nor words.
        let texts = desk.database.rows_of("case_texts").len();
        let told: usize = desk.events().len();
        assert_eq!(desk.read(case.case.id).unwrap().0, case.row);
        assert_eq!(texts, 3 + usize::try_from(ROUNDS).unwrap(), "one text for each draft that won");
        assert_eq!(told, 4 + 4 + usize::try_from(ROUNDS).unwrap());
        desk.verify();
    }

    fn a_stale_decision_is_refused_however_late_it_comes(backend) {
        let desk = Desk::new(backend);
        let received = desk.receive(Channel::Counter, "2026-03-02");
        let stale = desk.decided(&received, Who::Clerk, Command::Withdraw { reason: None }, "2026-03-02");
        let case = desk.does(&received, Who::Clerk, register(), "2026-03-02");
        let contents = desk.database.contents();
        for commit in [stale.clone(), stale] {
            assert!(matches!(desk.commit(commit), Err(StoreError::VersionConflict)));
        }
        assert_eq!(desk.database.contents(), contents);
        assert_eq!(desk.read(case.case.id).unwrap().0, case.row);
    }

    fn a_number_is_given_to_the_winner_only(backend) {
        let desk = Desk::new(backend);
        for round in 1..=20 {
            let received = desk.receive(Channel::Counter, "2026-03-02");
            let decided = |_| desk.decided(&received, Who::Clerk, register(), "2026-03-02");
            let case = winner(all_at_once(&desk, (0..8).map(decided).collect()));
            assert_eq!(case.row.number, Some(format!("淮公申〔2026〕{round}号")));
        }
        desk.verify();
    }

    /// Regression: the row and the events of a case were read one after the other, so that a commit between them
    /// gave a reader a version that was not the number of its events.
    fn who_reads_while_others_write_sees_a_case_whole(backend) {
        const WRITES: u32 = 150;
        let desk = Desk::new(backend);
        let mut case = desk.brought(3, "2026-03-04");
        let id = case.case.id;
        let (from, to) = (case.case.version, case.case.version + WRITES);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut seen = from;
                    while seen < to {
                        let (row, events) = desk.read(id).unwrap();
                        assert_eq!(usize::try_from(row.version).unwrap(), events.len(), "half a commit was read");
                        assert_eq!(events.last().unwrap().case_link.as_ref(), Some(&row.case_link));
                        seen = row.version.unsigned_abs();
                    }
                });
            }
            for _ in 0..WRITES {
                case = desk.does(&case, Who::Handler, draft(Outcome::Granted), "2026-03-04");
            }
        });
        desk.verify();
    }

    /// Regression: the four counts of table 3 were read one after the other, so that a commit between them gave a
    /// report that does not add up.
    fn figures_add_up_while_cases_come_and_go(backend) {
        const CASES: usize = 80;
        let desk = Desk::new(backend);
        let (first, last) = ("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap());
        let sum = |counts: &[(String, i64)]| -> i64 { counts.iter().map(|(_, count)| count).sum() };
        std::thread::scope(|scope| {
            let desk = &desk;
            let writing = scope.spawn(move || {
                for _ in 0..CASES {
                    let case = desk.receive(Channel::Counter, "2026-03-02");
                    desk.does(&case, Who::Clerk, Command::Withdraw { reason: None }, "2026-03-02");
                }
            });
            for _ in 0..2 {
                scope.spawn(move || {
                    let mut handled = 0;
                    while handled < i64::try_from(CASES).unwrap() {
                        let counts =
                            wait(desk.store.report_counts(Key(desk.agency.0), first, last)).unwrap();
                        handled = counts.concluded.iter().map(|(_, _, count)| count).sum();
                        let came = sum(&counts.new) + sum(&counts.carried_over);
                        assert_eq!(came, handled + sum(&counts.carried_forward), "what came in is not what went out");
                    }
                });
            }
            writing.join().unwrap();
        });
        desk.verify();
    }
}
