//! A retry is answered once: its key, and the answer kept under it, are written with the change or not at all (T14).

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};

use gongkai::domain::channel::Channel;
use gongkai::store::{At, Commit, KeepAnswer, Retry, StoreError};

use super::desk::{Desk, Who, retry, wait};
use crate::support::databases::both_databases;

fn keeping(answer: &str) -> KeepAnswer {
    let answer = answer.as_bytes().to_vec();
    Box::new(move |_| Ok(answer))
}

fn reception(desk: &Desk, key: &str) -> Commit {
    Commit { retry: Some(retry(Who::Clerk, key)), ..desk.reception(Channel::Counter, "2026-03-02") }
}

fn answer(desk: &Desk, retry: Retry) -> Option<Vec<u8>> {
    wait(desk.store.answer_by_key(retry)).unwrap().map(|row| row.answer)
}

both_databases! {
    fn the_first_answer_is_kept_with_what_it_answers(backend) {
        let desk = Desk::new(backend);
        // The answer is made when version and number are known.
        let keep: KeepAnswer = Box::new(|committed| Ok(committed.row.version.to_string().into_bytes()));
        wait(desk.store.commit(reception(&desk, "k1"), Some(keep))).unwrap();
        assert_eq!(answer(&desk, retry(Who::Clerk, "k1")), Some(b"1".to_vec()));
        // Another account, path, method or key is another request.
        let k1 = || retry(Who::Clerk, "k1");
        for other in [
            retry(Who::Handler, "k1"),
            Retry { path: "/api/v1/other".to_owned(), ..k1() },
            Retry { method: "PUT".to_owned(), ..k1() },
            retry(Who::Clerk, "k2"),
        ] {
            assert_eq!(answer(&desk, other), None);
        }
    }

    fn an_answer_that_cannot_be_kept_leaves_nothing(backend) {
        let desk = Desk::new(backend);
        let contents = desk.database.contents();
        let keep: KeepAnswer = Box::new(|_| Err(StoreError::Internal("no key".to_owned())));
        let failed = wait(desk.store.commit(reception(&desk, "k1"), Some(keep))).unwrap_err();
        assert!(matches!(failed, StoreError::Internal(_)), "{failed:?}");
        assert_eq!(desk.database.contents(), contents);
        wait(desk.store.commit(reception(&desk, "k1"), Some(keeping("first")))).unwrap();
        assert_eq!(answer(&desk, retry(Who::Clerk, "k1")), Some(b"first".to_vec()));
    }

    fn a_key_that_is_taken_leaves_nothing_of_the_second_attempt(backend) {
        let desk = Desk::new(backend);
        wait(desk.store.commit(reception(&desk, "k1"), Some(keeping("first")))).unwrap();
        let contents = desk.database.contents();
        let refused = wait(desk.store.commit(reception(&desk, "k1"), Some(keeping("second")))).unwrap_err();
        assert!(matches!(refused, StoreError::Taken { constraint: "idempotency_keys_pkey" }), "{refused:?}");
        assert_eq!(desk.database.contents(), contents);
        assert_eq!(answer(&desk, retry(Who::Clerk, "k1")), Some(b"first".to_vec()));
        desk.verify();
    }

    fn the_same_key_fifty_times_at_once_makes_one_case(backend) {
        const TIMES: usize = 50;
        let desk = Desk::new(backend);
        let (together, taken) = (Barrier::new(TIMES), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for n in 0..TIMES {
                let (desk, together, taken) = (&desk, &together, &taken);
                scope.spawn(move || {
                    let commit = reception(desk, "k1");
                    together.wait();
                    match wait(desk.store.commit(commit, Some(keeping(&n.to_string())))) {
                        Ok(_) => assert_eq!(answer(desk, retry(Who::Clerk, "k1")), Some(n.to_string().into_bytes())),
                        Err(StoreError::Taken { constraint: "idempotency_keys_pkey" }) => {
                            taken.fetch_add(1, Ordering::SeqCst);
                        }
                        Err(other) => panic!("{other:?}"),
                    }
                });
            }
        });
        assert_eq!(taken.load(Ordering::SeqCst), 49);
        assert_eq!(desk.database.rows_of("cases").len(), 1);
        desk.verify();
    }

    fn answers_are_forgotten_when_their_time_is_over(backend) {
        let desk = Desk::new(backend);
        let mut kept_at = Vec::new();
        for key in ["k1", "k2", "k3"] {
            let commit = reception(&desk, key);
            kept_at.push(commit.meta.at);
            wait(desk.store.commit(commit, Some(keeping(key)))).unwrap();
        }
        assert_eq!(wait(desk.store.answers_forget(At(kept_at[1]))).unwrap(), 1, "only what is older");
        assert_eq!(answer(&desk, retry(Who::Clerk, "k1")), None);
        assert_eq!(answer(&desk, retry(Who::Clerk, "k2")), Some(b"k2".to_vec()));
        desk.verify();
    }
}
