//! Guessing is stopped before it costs anything, and keeps nobody from his desk (reliability T24, T25).

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::operations::{check_answer, told, without_request};
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{Office, PASSWORD};

/// A proxy that is believed stands before the server, and each hash is one line of the log.
const BEHIND_A_PROXY: [(&str, &str); 2] =
    [("GONGKAI_TRUSTED_PROXIES", "127.0.0.0/8"), ("GONGKAI_LOG", "warn,gongkai::crypto::hasher=debug")];
const CLERK: &str = "320800.clerk";

fn office(backend: crate::support::databases::Backend, limits: &[(&'static str, &str)]) -> Office {
    Office::open_with(backend, &[&BEHIND_A_PROXY, limits].concat())
}

fn try_from(
    client: impl std::borrow::Borrow<Client>,
    address: &str,
    username: &str,
    password: &str,
) -> Reply {
    let login = json!({ "username": username, "password": password });
    client.borrow().header("X-Forwarded-For", address).post("/auth/login", &login)
}

fn hashes(office: &Office) -> usize {
    office.server.printed().matches("a password is hashed").count()
}

/// Asks `count` times by 16 at once; how many answers had each of the statuses, and how long it took.
fn storm(count: u32, ask: impl Fn(u32) -> Reply + Sync, statuses: &[u16]) -> (Vec<u32>, Duration) {
    let (next, begun) = (AtomicU32::new(0), Instant::now());
    let found: Vec<AtomicU32> = statuses.iter().map(|_| AtomicU32::new(0)).collect();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= count {
                        break;
                    }
                    let reply = ask(n);
                    if reply.status != 401 {
                        let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
                        assert!((1..=900).contains(&wait), "{wait}");
                    }
                    let at = statuses.iter().position(|status| *status == reply.status);
                    found[at.unwrap_or_else(|| panic!("{}", reply.told()))].fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    (found.into_iter().map(AtomicU32::into_inner).collect(), begun.elapsed())
}

both_databases! {
    /// The settings as they come: thirty tries in a quarter of an hour.
    fn ten_thousand_guesses_of_one_name_from_a_hundred_addresses_cost_thirty_hashes(backend) {
        for name in [CLERK, "320800.nobody"] {
            let office = office(backend, &[("GONGKAI_SIGN_IN_RATE", "120"), ("GONGKAI_SIGN_IN_NAME_RATE", "30")]);
            let nobody = &office.anonymous();
            let guess = |n: u32| try_from(nobody, &format!("198.51.100.{}", n % 100), name, "Not-The-Password-1");
            let (found, took) = storm(5_000, guess, &[401, 429]);
            // One comes back every 30 seconds.
            let most = 30 + took.as_secs() / 30 + 1;
            assert!(found[0] >= 30 && u64::from(found[0]) <= most, "{found:?} in {took:?}");
            assert_eq!(u32::try_from(hashes(&office)).unwrap(), found[0], "what is refused costs no hash");
        }
    }

    fn ten_thousand_guesses_of_many_names_cost_what_their_hundred_addresses_may(backend) {
        let office = office(backend, &[("GONGKAI_SIGN_IN_RATE", "2"), ("GONGKAI_SIGN_IN_NAME_RATE", "30")]);
        let nobody = &office.anonymous();
        let guess = |n: u32| {
            // IPv6: every other address is of the same network.
            let address = format!("2001:db8:0:{:x}::{:x}", n % 100, n);
            try_from(nobody, &address, &format!("320800.clerk-{n}"), "Not-The-Password-1")
        };
        let (found, took) = storm(10_000, guess, &[401, 429]);
        let most = 100 * (2 + took.as_secs() / 30 + 1);
        assert!(found[0] >= 200 && u64::from(found[0]) <= most, "{found:?} in {took:?}");
        assert_eq!(u32::try_from(hashes(&office)).unwrap(), found[0]);
    }

    /// 64 at once: exactly as many as may get through, and what is refused tells nothing about the name.
    fn of_sixty_four_at_once_exactly_seven_are_looked_at_and_no_answer_tells_whose_name_exists(backend) {
        let office = office(backend, &[("GONGKAI_SIGN_IN_NAME_RATE", "7")]);
        let mut answers = Vec::new();
        for (net, name) in [CLERK, "320800.nobody"].into_iter().enumerate() {
            let replies: Vec<Reply> = std::thread::scope(|scope| {
                let ask = |n| {
                    let office = &office;
                    let address = format!("198.51.{net}.{n}");
                    scope.spawn(move || try_from(office.anonymous(), &address, name, "Not-The-Password-1"))
                };
                let all: Vec<_> = (0..64).map(ask).collect();
                all.into_iter().map(|one| one.join().unwrap()).collect()
            });
            assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), 7);
            let limited = replies.iter().find(|reply| reply.status == 429).unwrap();
            check_answer(limited);
            assert_eq!(told(limited), "429 too_often");
            let refused = replies.iter().find(|reply| reply.status == 401).unwrap();
            let shape = |reply: &Reply| {
                let (status, headers, mut body) = without_request(reply);
                body.as_object_mut().unwrap().remove("detail");
                let headers: Vec<_> = headers
                    .into_iter()
                    .filter(|(name, _)| !["retry-after", "content-length"].contains(&name.as_str()))
                    .collect();
                (status, headers, body)
            };
            answers.push((without_request(refused), shape(limited)));
        }
        assert_eq!(answers[0], answers[1]);
    }

    fn who_is_locked_out_by_strangers_works_on_and_signs_in_where_he_is_known(backend) {
        let office = office(backend, &[("GONGKAI_SIGN_IN_NAME_RATE", "30")]);
        let nobody = &office.anonymous();
        let own = |password: &str| try_from(nobody, "192.0.2.10", CLERK, password);
        let tokens = own(PASSWORD).must(200);
        let stay = nobody.header("Authorization", format!("Bearer {}", tokens.str("/access_token")));
        while try_from(nobody, "203.0.113.66", CLERK, "Not-The-Password-1").status == 401 {}
        // At a strange address nobody gets in: first for the tries, then for the lock.
        assert_eq!(told(&try_from(nobody, "192.0.2.99", CLERK, PASSWORD)), "429 too_often");
        let locked = "SELECT username AS line FROM accounts WHERE locked_until IS NOT NULL";
        assert_eq!(office.server.place.database.lines(locked), [CLERK]);
        // Where he is, he works on, stays, and comes in again. The lock goes on holding elsewhere.
        stay.get("/cases").must(200);
        nobody.post("/auth/refresh", &json!({ "refresh_token": tokens.str("/refresh_token") })).must(200);
        own(PASSWORD).must(200);
        assert_eq!(office.server.place.database.lines(locked), [CLERK]);
        // Four slips are forgiven; the fifth makes him a stranger.
        for _ in 0..4 {
            assert_eq!(told(&own("Not-The-Password-2")), "401 login_failed");
        }
        own(PASSWORD).must(200);
        for _ in 0..5 {
            assert_eq!(told(&own("Not-The-Password-2")), "401 login_failed");
        }
        assert_eq!(told(&own(PASSWORD)), "429 too_often");
        stay.get("/cases").must(200);
        office.as_role("clerk-2").get("/cases").must(200);
    }

    /// The lock itself, where tries are left: a stranger with the right password is refused in the same words, the known one is not.
    fn the_lock_holds_against_strangers_with_the_right_password(backend) {
        let office = office(backend, &[]);
        let nobody = &office.anonymous();
        let from = |address: &str, password: &str| try_from(nobody, address, CLERK, password);
        from("192.0.2.10", PASSWORD).must(200);
        for _ in 0..4 {
            assert_eq!(told(&from("203.0.113.66", "Not-The-Password-1")), "401 login_failed");
        }
        let wrong = without_request(&from("203.0.113.66", "Not-The-Password-1"));
        assert_eq!(without_request(&from("203.0.113.66", PASSWORD)), wrong);
        assert_eq!(without_request(&from("192.0.2.11", PASSWORD)), wrong);
        from("192.0.2.10", PASSWORD).must(200);
        assert_eq!(without_request(&from("192.0.2.11", PASSWORD)), wrong, "it holds still");
        // Nobody is believed about his own address where the proxy is not.
        let distrusting = Office::open_with(backend, &[]);
        let nobody = &distrusting.anonymous();
        for n in 0..5 {
            let address = format!("203.0.113.{n}");
            assert_eq!(told(&try_from(nobody, &address, CLERK, "Not-The-Password-1")), "401 login_failed");
        }
        assert_eq!(told(&try_from(nobody, "192.0.2.10", CLERK, PASSWORD)), "401 login_failed");
    }

    /// More sign-ins than can wait: some are told to come again, none waits for ever, and the server answers others.
    fn when_too_many_passwords_wait_the_rest_are_told_to_come_again(backend) {
        let office = office(backend, &[]);
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let ask = |n| {
                let office = &office;
                scope.spawn(move || {
                    let name = format!("320800.nobody-{n}");
                    try_from(office.anonymous(), "198.51.100.1", &name, "Not-The-Password-1")
                })
            };
            let all: Vec<_> = (0..200).map(ask).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let busy: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 503).collect();
        assert!(!busy.is_empty() && busy.len() <= 135, "{}", busy.len());
        for reply in &busy {
            check_answer(reply);
            assert_eq!((told(reply).as_str(), reply.header("retry-after")), ("503 busy", Some("1")));
        }
        assert!(replies.iter().all(|reply| [401, 503].contains(&reply.status)));
        assert_eq!(hashes(&office), replies.len() - busy.len());
    }
}
