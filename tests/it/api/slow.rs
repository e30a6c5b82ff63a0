//! Who sends slowly, endlessly or too much is cut off, and keeps nobody else waiting.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::operations::told;
use crate::support::databases::Backend;
use crate::support::office::{Office, PASSWORD};
use crate::support::story::request;

/// A caller at the socket, who may be as rude as he likes.
struct Wire {
    stream: TcpStream,
    since: Instant,
}

impl Wire {
    fn open(office: &Office) -> Self {
        let stream = TcpStream::connect(office.server.address().now()).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, since: Instant::now() }
    }

    fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// The head of a POST that receives a case, with these lines in it.
    fn head(&mut self, lines: &[String]) {
        let lines: Vec<String> = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let lines = lines.concat();
        let head = format!(
            "POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{lines}\r\n"
        );
        assert!(self.send(head.as_bytes()));
    }

    /// What has come when the server closes or falls silent for so long.
    fn answer(&mut self, silence: Duration) -> String {
        self.stream.set_read_timeout(Some(silence)).unwrap();
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = self.stream.read(&mut buffer) {
            answer.extend_from_slice(&buffer[..count]);
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a drop a second until the server ends the connection; what it said, and after how long.
    fn drip(&mut self, drop: &str) -> (String, Duration) {
        loop {
            let answer = self.answer(Duration::from_secs(1));
            let open = self.send(drop.as_bytes());
            if !answer.is_empty() || !open || self.since.elapsed() > Duration::from_mins(1) {
                return (answer, self.since.elapsed());
            }
        }
    }
}

fn token(office: &Office) -> String {
    let login = json!({ "username": format!("{}.clerk", office.agency.code), "password": PASSWORD });
    let token = office.anonymous().post("/auth/login", &login).must(200);
    format!("Authorization: Bearer {}", token.str("/access_token"))
}

#[test]
fn a_body_that_drips_is_cut_off_and_so_are_headers() {
    let office = Office::open(Backend::Sqlite);
    let token = token(&office);
    std::thread::scope(|scope| {
        for (length, drop) in [("Content-Length: 1000", " "), ("Transfer-Encoding: chunked", "1\r\n \r\n")] {
            let (office, token) = (&office, &token);
            scope.spawn(move || {
                let mut wire = Wire::open(office);
                wire.head(&[token.clone(), length.to_owned()]);
                let (answer, after) = wire.drip(drop);
                assert!(answer.starts_with("HTTP/1.1 408 "), "{length}: {answer}");
                assert!(after < Duration::from_secs(20), "{length}: open for {after:?}");
                assert!(
                    after > Duration::from_secs(3),
                    "{length}: an honest slow line has no chance: {after:?}"
                );
            });
        }
        scope.spawn(|| {
            let mut wire = Wire::open(&office);
            assert!(wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "));
            let (answer, after) = wire.drip("x");
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
            assert!(after < Duration::from_secs(10), "headers: open for {after:?}");
        });
        // Many who drip keep nobody waiting.
        scope.spawn(|| {
            let mut crowd: Vec<Wire> = (0..64).map(|_| Wire::open(&office)).collect();
            for wire in &mut crowd {
                wire.head(&[token.clone(), "Content-Length: 1000".to_owned()]);
                assert!(wire.send(b"{"));
            }
            let clerk = office.as_role("clerk");
            let started = Instant::now();
            clerk.post("/cases", &request()).must(201);
            clerk.get("/cases").must(200);
            assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
        });
    });
}

#[test]
fn a_body_too_large_is_refused_before_it_is_sent() {
    let office = Office::open(Backend::Sqlite);
    let token = token(&office);
    // 100 MB are announced and none are sent: the answer does not wait for them.
    for (authorization, status) in [(token.clone(), "413"), ("X-Nobody: 1".to_owned(), "401")] {
        let mut wire = Wire::open(&office);
        wire.head(&[authorization, "Content-Length: 104857600".to_owned()]);
        let answer = wire.answer(Duration::from_secs(2));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
        assert!(wire.since.elapsed() < Duration::from_secs(5), "{:?}", wire.since.elapsed());
    }
    // One that does not say how much it will send is stopped at 256 KiB.
    let mut wire = Wire::open(&office);
    wire.head(&[token.clone(), "Transfer-Encoding: chunked".to_owned()]);
    let chunk = format!("8000\r\n{}\r\n", " ".repeat(0x8000));
    let sent = (0..100).take_while(|_| wire.send(chunk.as_bytes())).count();
    let answer = wire.answer(Duration::from_secs(2));
    // A connection that is reset while it is still being written to may take the answer with it.
    assert!(answer.starts_with("HTTP/1.1 413 ") || (answer.is_empty() && sent < 100), "{sent}: {answer}");
    assert!(wire.since.elapsed() < Duration::from_secs(10));
    // What fits is taken, to the last byte.
    let clerk = office.as_role("clerk");
    let mut body = request().to_string().into_bytes();
    for (length, wanted) in [(256 * 1024, "201"), (256 * 1024 + 1, "413 too_large")] {
        body.resize(length, b' ');
        let reply = clerk.try_send_bytes("POST", "/api/v1/cases", Some("application/json"), &body).unwrap();
        assert_eq!(told(&reply), wanted, "{}", reply.told());
    }
}

#[test]
fn a_body_too_deep_is_not_json_of_ours() {
    let office = Office::open(Backend::Sqlite);
    let clerk = office.as_role("clerk");
    let post = |body: String| {
        clerk.try_send_bytes("POST", "/api/v1/cases", Some("application/json"), body.as_bytes()).unwrap()
    };
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        for body in [
            deep.clone(),
            deep[..deep.len() / 2].to_owned(),
            format!("{{\"description\":{deep}}}"),
            format!("{{\"nothing\":{deep}}}"),
            format!("{{\"applicant\":{deep}}}"),
        ] {
            let started = Instant::now();
            assert_eq!(told(&post(body)), "400 malformed");
            assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        }
    }
    office.as_role("clerk").get("/me").must(200);
}

#[test]
fn half_a_request_and_one_of_two_lengths_do_no_harm() {
    let office = Office::open(Backend::Sqlite);
    let token = token(&office);
    let body = request().to_string();
    // Cut off in the middle: nothing is received.
    let mut wire = Wire::open(&office);
    wire.head(&[token.clone(), format!("Content-Length: {}", body.len())]);
    assert!(wire.send(&body.as_bytes()[..body.len() / 2]));
    drop(wire);
    // Two lengths, as in request smuggling.
    for lengths in [
        ["Content-Length: 5".to_owned(), "Transfer-Encoding: chunked".to_owned()],
        ["Content-Length: 5".to_owned(), format!("Content-Length: {}", body.len())],
    ] {
        let mut wire = Wire::open(&office);
        wire.head(&[token.clone(), lengths[0].clone(), lengths[1].clone()]);
        assert!(wire.send(body.as_bytes()));
        let answer = wire.answer(Duration::from_secs(2));
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{lengths:?}: {answer}");
    }
    assert_eq!(office.as_role("clerk").get("/cases").must(200).at("/items"), &json!([]));
}
