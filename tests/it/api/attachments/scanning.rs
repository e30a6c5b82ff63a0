//! The antivirus program: a small one of our own that speaks clamd's protocol.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use super::received;
use crate::api::operations::told;
use crate::support::client::Client;
use crate::support::databases::{Backend, both_databases};
use crate::support::files::{TEXT, attach, newest, open};
use crate::support::office::Office;

/// What it finds harmful.
const HARM: &[u8] = b"harmful-by-agreement";

/// It listens while it lives.
pub struct FakeClamd {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    broken: Arc<Mutex<Vec<String>>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl FakeClamd {
    pub fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let broken = Arc::new(Mutex::new(Vec::new()));
        let thread = std::thread::spawn({
            let (stop, asked, broken) = (Arc::clone(&stop), Arc::clone(&asked), Arc::clone(&broken));
            move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    asked.fetch_add(1, Ordering::SeqCst);
                    if let Err(error) = answer(stream.unwrap()) {
                        broken.lock().unwrap_or_else(PoisonError::into_inner).push(error.to_string());
                    }
                }
            }
        });
        Self { address, stop, asked, broken, thread: Some(thread) }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for FakeClamd {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(broken.is_empty() || std::thread::panicking(), "the protocol was broken: {broken:?}");
    }
}

/// One talk, as clamd's manual has it.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut command = [0; 10];
    stream.read_exact(&mut command)?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut content = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
        if length == 0 {
            break;
        }
        let from = content.len();
        content.resize(from + length, 0);
        stream.read_exact(&mut content[from..])?;
    }
    let harmful = content.windows(HARM.len()).any(|part| part == HARM);
    stream.write_all(if harmful { b"stream: Test.Harm-1 FOUND\0" } else { b"stream: OK\0" })
}

/// An address where nobody listens.
pub fn nowhere() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn state(who: &Client, case: &str) -> String {
    newest(who, case)["state"].as_str().unwrap().to_owned()
}

pub fn wait_for(who: &Client, case: &str, wanted: &str) {
    let until = Instant::now() + Duration::from_mins(1);
    while state(who, case) != wanted {
        assert!(Instant::now() < until, "never {wanted}: {}", newest(who, case));
        std::thread::sleep(Duration::from_millis(100));
    }
}

both_databases! {
    fn what_is_scanned_is_available_and_what_is_found_is_refused(backend) {
        let clamd = FakeClamd::at(SocketAddr::from(([127, 0, 0, 1], 0)));
        let office = Office::open_with(backend, &[("GONGKAI_CLAMD", &format!("tcp://{}", clamd.address))]);
        let case = received(&office);
        let clerk = office.as_role("clerk").if_match("*");
        attach(&clerk, &case.id, "evidence", "收据.txt", TEXT).must(200);
        let one = newest(&clerk, &case.id);
        assert_eq!((&one["state"], &one["scanned"]), (&json!("available"), &json!(true)));
        assert_eq!(clamd.asked(), 1);
        // Far into the file, across what is sent at a time.
        let mut long = b"plain text\n".repeat(95_325);
        long.truncate((1 << 20) - 7);
        long.extend(HARM);
        let reply = attach(&clerk.accept_language("en"), &case.id, "evidence", "长.txt", &long);
        assert_eq!(told(&reply), "422 file_infected");
        assert!(reply.str("/detail").contains("Test.Harm-1"), "{}", reply.told());
        assert_eq!(newest(&clerk, &case.id), one, "nothing was attached");
        assert!(office.server.printed().contains("Test.Harm-1"), "the log tells");
    }

    fn while_it_is_away_files_stay_in_quarantine_and_are_scanned_when_it_is_back(backend) {
        let address = nowhere();
        let office = Office::open_with(backend, &[("GONGKAI_CLAMD", &format!("tcp://{address}"))]);
        let (good, bad) = (received(&office), received(&office));
        let clerk = office.as_role("clerk").if_match("*");
        attach(&clerk, &good.id, "evidence", "收据.txt", TEXT).must(200);
        attach(&clerk, &bad.id, "evidence", "坏.txt", HARM).must(200);
        attach(&clerk, &bad.id, "other", "又一份.txt", HARM).must(200);
        for case in [&good, &bad] {
            let one = newest(&clerk, &case.id);
            assert_eq!((&one["state"], &one["scanned"]), (&json!("quarantined"), &json!(false)));
            assert_eq!(told(&open(&clerk, &case.id, one["id"].as_str().unwrap())), "409 attachment_quarantined");
        }
        let version = clerk.get(&good.path("")).must(200).etag();
        let clamd = FakeClamd::at(address);
        wait_for(&clerk, &good.id, "available");
        wait_for(&clerk, &bad.id, "blocked");
        let id = |case: &str| newest(&clerk, case)["id"].as_str().unwrap().to_owned();
        assert_eq!(open(&clerk, &good.id, &id(&good.id)).must(200).bytes, TEXT);
        assert_eq!(clerk.get(&good.path("")).must(200).etag(), version, "a release changes no case");
        assert_eq!(told(&open(&clerk, &bad.id, &id(&bad.id))), "409 attachment_blocked");
        assert_eq!(newest(&clerk, &bad.id)["finding"], "Test.Harm-1");
        // It is in the record, of each attachment that has the content.
        let history = clerk.get(&bad.path("/history")).must(200);
        let events = history.at("/events").as_array().unwrap();
        let blocked: Vec<_> = events.iter().filter(|event| event["type"] == "attachment_blocked").collect();
        assert_eq!(blocked.len(), 2);
        assert!(blocked.iter().all(|event| event["event"]["finding"] == "Test.Harm-1" && event["account_id"].is_null()));
        assert!(clamd.asked() >= 2);
        office.server.place.must_be_sound();
    }
}

#[test]
fn what_was_found_stays_blocked_when_nobody_scans_any_more() {
    let address = nowhere();
    let office = Office::open_with(Backend::Sqlite, &[("GONGKAI_CLAMD", &format!("tcp://{address}"))]);
    let case = received(&office);
    let clerk = office.as_role("clerk").if_match("*");
    attach(&clerk, &case.id, "evidence", "坏.txt", HARM).must(200);
    let clamd = FakeClamd::at(address);
    wait_for(&clerk, &case.id, "blocked");
    drop(clamd);
    let id = case.id.clone();
    let Office { mut server, agency, .. } = office;
    server.stop();
    let server = server.start_again_with(&[]);
    let office = Office::of(server, agency);
    let clerk = office.as_role("clerk").if_match("*");
    assert_eq!(state(&clerk, &id), "blocked");
    // And what nobody scans is handed out.
    attach(&clerk, &id, "evidence", "收据.txt", TEXT).must(200);
    assert_eq!(state(&clerk, &id), "available");
}
