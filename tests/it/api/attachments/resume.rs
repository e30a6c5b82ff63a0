//! Uploads that are broken off: what was stored stays, what was not is sent again, and what was killed leaves nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::json;

use super::home::all_homes;
use super::{received, stored};
use crate::api::operations::{NOBODY, told};
use crate::support::client::Client;
use crate::support::databases::{Backend, both_databases};
use crate::support::files::{TEXT, attach, attachment, begin, newest, open, send, send_part};
use crate::support::office::{Office, PASSWORD};

const MIB: usize = 1 << 20;

/// A text of so many bytes.
fn long(size: usize) -> Vec<u8> {
    (0..size)
        .map(|at| if at % 61 == 60 { b'\n' } else { b'a' + u8::try_from((at / 7) % 26).unwrap() })
        .collect()
}

fn offset(who: &Client, case: &str, id: &str) -> usize {
    who.get(&format!("/cases/{case}/uploads/{id}"))
        .must(200)
        .at("/offset")
        .as_u64()
        .unwrap()
        .try_into()
        .unwrap()
}

all_homes! {
    fn a_file_comes_in_parts_and_goes_on_where_it_broke_off(home) {
        let office = home.open();
        let case = received(&office);
        let clerk = office.as_role("clerk").if_match("*");
        let file = long(3 * MIB + 500);
        let size = file.len();
        let id = begin(&clerk, &case.id, size).must(201).str("/id").to_owned();
        let attach_it = |body| clerk.post(&case.path("/attachments"), &body);
        let body = attachment(&id, "evidence", "长.txt");
        assert_eq!(told(&attach_it(body.clone())), "409 upload_incomplete");
        let part = |from: usize, to: usize| send_part(&clerk, &case.id, &id, &file[from..to], from, size);
        // One and a half MiB: the whole one is kept.
        assert_eq!(part(0, MIB + MIB / 2).must(200).at("/offset"), &json!(MIB));
        assert_eq!(told(&part(MIB / 2, MIB)), "409 upload_offset");
        assert_eq!(told(&part(2 * MIB, 3 * MIB)), "409 upload_offset");
        // Sent again with the same bytes it is taken; with others it is not.
        assert_eq!(part(0, 2 * MIB).must(200).at("/offset"), &json!(2 * MIB));
        let other = vec![b'x'; MIB];
        assert_eq!(told(&send_part(&clerk, &case.id, &id, &other, MIB, size)), "409 upload_differs");
        assert_eq!(offset(&clerk, &case.id, &id), 2 * MIB);
        assert_eq!(told(&attach_it(body.clone())), "409 upload_incomplete");
        assert_eq!(part(2 * MIB, size).must(200).at("/offset"), &json!(size));
        attach_it(body).must(200);
        assert_eq!(open(&clerk, &case.id, &id).must(200).bytes, file);
        assert_eq!(told(&part(0, MIB)), "409 upload_ended");
        assert_eq!(clerk.get(&case.path(&format!("/uploads/{id}"))).must(200).str("/state"), "attached");
    }

    fn an_upload_is_known_to_who_began_it_for_the_case_for_which_he_did(home) {
        let office = home.open();
        let (case, other) = (received(&office), received(&office));
        let clerk = office.as_role("clerk").if_match("*");
        let id = begin(&clerk, &case.id, TEXT.len()).must(201).str("/id").to_owned();
        let colleague = office.as_role("clerk-2").if_match("*");
        for (who, case) in [(&colleague, &case), (&clerk, &other)] {
            assert_eq!(told(&who.get(&case.path(&format!("/uploads/{id}")))), "404 not_found");
            assert_eq!(told(&send(who, &case.id, &id, TEXT)), "404 not_found");
            assert_eq!(told(&who.post(&case.path("/attachments"), &attachment(&id, "other", "a.txt"))), "404 not_found");
        }
        assert_eq!(told(&send(&clerk, &case.id, NOBODY, TEXT)), "404 not_found");
        for who in ["legal_reviewer", "approver", "archivist"] {
            assert_eq!(told(&begin(&office.as_role(who), &case.id, 4)), "403 forbidden", "{who}");
        }
        // So many may be under way.
        for _ in 1..64 {
            begin(&clerk, &case.id, 4).must(201);
        }
        assert_eq!(told(&begin(&clerk, &case.id, 4)), "409 too_many_uploads");
        begin(&colleague, &case.id, 4).must(201);
    }
}

both_databases! {
    fn sizes_are_what_the_settings_say(backend) {
        let limits = [("GONGKAI_ATTACHMENT_FILE_MIB", "1"), ("GONGKAI_ATTACHMENT_CASE_MIB", "2")];
        let office = Office::open_with(backend, &limits);
        let case = received(&office);
        let clerk = office.as_role("clerk").if_match("*");
        assert_eq!(told(&begin(&clerk, &case.id, MIB + 1)), "413 file_too_large");
        assert_eq!(told(&begin(&clerk, &case.id, 0)), "422 invalid");
        assert_eq!(told(&clerk.post(&case.path("/uploads"), &json!({ "size": -1 }))), "422 invalid");
        assert_eq!(told(&clerk.post(&case.path("/uploads"), &json!({}))), "422 invalid");
        let file = long(MIB);
        attach(&clerk, &case.id, "other", "一.txt", &file).must(200);
        let last = begin(&clerk, &case.id, MIB).must(201).str("/id").to_owned();
        send(&clerk, &case.id, &last, &long(MIB)[..]).must(200);
        assert_eq!(told(&begin(&clerk, &case.id, MIB + 1)), "413 file_too_large");
        attach(&clerk, &case.id, "other", "小.txt", b"x").must(200);
        // Together they would be too many by now.
        let refused = clerk.post(&case.path("/attachments"), &attachment(&last, "other", "二.txt"));
        assert_eq!(told(&refused), "413 case_quota");
        assert_eq!(told(&begin(&clerk, &case.id, MIB)), "413 case_quota");
        // More bytes than were announced are not taken.
        let id = begin(&clerk, &case.id, 4).must(201).str("/id").to_owned();
        assert_eq!(told(&send(&clerk, &case.id, &id, b"12345")), "413 file_too_large");
        for (range, wanted) in [("bytes 0-3/5", "422 invalid"), ("bytes 0-1/4", "422 invalid"), ("0-3/4", "422 invalid")] {
            assert_eq!(told(&send(&clerk.header("Content-Range", range), &case.id, &id, b"1234")), wanted, "{range}");
        }
        let path = format!("/api/v1{}", case.path(&format!("/uploads/{id}")));
        let text = clerk.try_send_bytes("PUT", &path, Some("text/plain"), b"1234").unwrap();
        assert_eq!(told(&text), "415 octet_stream_required");
    }
}

/// A connection of its own, on which a part is begun and not ended.
fn begin_to_send(office: &Office, case: &str, id: &str, bytes: &[u8], announced: usize) -> TcpStream {
    let login = json!({ "username": office.agency.username("clerk"), "password": PASSWORD });
    let token = office.anonymous().post("/auth/login", &login).must(200).str("/access_token").to_owned();
    let mut stream = TcpStream::connect(office.server.address().now()).unwrap();
    write!(
        stream,
        "PUT /api/v1/cases/{case}/uploads/{id} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: {announced}\r\n\r\n"
    )
    .unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

#[test]
fn what_is_broken_off_or_killed_leaves_no_half_file_that_counts() {
    let mut office = Office::open(Backend::Sqlite);
    let case = received(&office);
    let case = case.id.clone();
    let clerk = office.as_role("clerk").if_match("*");
    let file = long(4 * MIB + 10);
    let id = begin(&clerk, &case, file.len()).must(201).str("/id").to_owned();
    // The client goes away in the third MiB.
    drop(begin_to_send(&office, &case, &id, &file[..2 * MIB + MIB / 2], file.len()));
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while offset(&clerk, &case, &id) < 2 * MIB {
        assert!(std::time::Instant::now() < until, "two whole MiB arrived");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(offset(&clerk, &case, &id), 2 * MIB);
    // The server is killed in the fourth, and in the middle of writing a file.
    let mut stream = begin_to_send(&office, &case, &id, &file[..3 * MIB + 77], file.len());
    while offset(&clerk, &case, &id) < 3 * MIB {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    office.server.kill9();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
    let incoming = office.server.place.data_dir().join("attachments/incoming");
    std::fs::write(incoming.join("half-written"), b"half").unwrap();
    office.server.restart();
    assert_eq!(std::fs::read_dir(&incoming).unwrap().count(), 0, "temporary files are gone at the start");
    let clerk = office.as_role("clerk").if_match("*");
    assert_eq!(clerk.get(&format!("/cases/{case}/attachments")).must(200).at("/items"), &json!([]));
    assert_eq!(offset(&clerk, &case, &id), 3 * MIB, "what was stored is there");
    let size = file.len();
    send_part(&clerk, &case, &id, &file[3 * MIB..], 3 * MIB, size).must(200);
    clerk.post(&format!("/cases/{case}/attachments"), &attachment(&id, "other", "长.txt")).must(200);
    assert_eq!(newest(&clerk, &case)["size"], json!(size));
    assert_eq!(open(&clerk, &case, &id).must(200).bytes, file);
    assert_eq!(stored(&office).len(), 5);
}
