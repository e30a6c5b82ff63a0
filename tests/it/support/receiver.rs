//! Receivers of checkpoints on this machine: one that takes HTTP, one that takes mail.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a receiver does with what it gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Manner {
    /// Takes it (HTTP 204, SMTP 250).
    Takes,
    /// Refuses it with this status.
    Refuses(u16),
    /// Sends whoever asks to where it would be taken.
    SendsOn,
    /// Keeps it and hangs up without an answer.
    HangsUp,
    /// Keeps it and does not answer.
    Waits,
}

/// What came: how it was addressed and by whom, and the text.
#[derive(Clone, Debug)]
pub struct Got {
    pub manner: Manner,
    pub head: Vec<String>,
    pub text: String,
}

struct State {
    manner: Manner,
    got: Vec<Got>,
}

/// A receiver.
pub struct Receiver {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    stopping: Arc<AtomicBool>,
}

impl Receiver {
    pub fn of_posts() -> Self {
        Self::start(post)
    }

    pub fn of_mail() -> Self {
        Self::start(mail)
    }

    fn start(serve: fn(TcpStream, &Mutex<State>)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { manner: Manner::Takes, got: Vec::new() }));
        let stopping = Arc::new(AtomicBool::new(false));
        let receiver = Self { address, state: Arc::clone(&state), stopping: Arc::clone(&stopping) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopping.load(Ordering::Relaxed) {
                    break;
                }
                let state = Arc::clone(&state);
                std::thread::spawn(move || serve(stream.unwrap(), &state));
            }
        });
        receiver
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// What it does from now on.
    pub fn behaves(&self, manner: Manner) {
        self.state().manner = manner;
    }

    /// What came so far.
    pub fn got(&self) -> Vec<Got> {
        self.state().got.clone()
    }

    /// The texts that it has taken, one behind the other.
    pub fn taken(&self) -> String {
        self.got().into_iter().filter(|got| got.manner == Manner::Takes).map(|got| got.text).collect()
    }

    /// Waits until so many have come.
    pub fn must_get(&self, count: usize) {
        let start = Instant::now();
        while self.state().got.len() < count {
            assert!(start.elapsed() < Duration::from_secs(30), "{count} were to come: {:?}", self.got());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps what came; how to answer.
fn keep(state: &Mutex<State>, head: Vec<String>, text: String) -> Manner {
    let mut state = lock(state);
    let manner = state.manner;
    state.got.push(Got { manner, head, text });
    manner
}

/// Until whoever asks has gone.
fn wait(mut stream: TcpStream) {
    let _ = stream.read_to_end(&mut Vec::new());
}

fn post(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let manner = keep(state, head, String::from_utf8(body).unwrap());
    let mut stream = reader.into_inner();
    let answer = match manner {
        Manner::Takes => "204 X\r\n".to_owned(),
        Manner::Refuses(status) => format!("{status} X\r\nContent-Length: 0\r\n"),
        Manner::SendsOn => "307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n".to_owned(),
        Manner::HangsUp => return,
        Manner::Waits => return wait(stream),
    };
    let _ = write!(stream, "HTTP/1.1 {answer}Connection: close\r\n\r\n");
}

fn mail(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut data) = (Vec::new(), None::<String>);
    let _ = reader.get_mut().write_all(b"220 here\r\n");
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(text) = &mut data {
            if line != ".\r\n" {
                text.push_str(line.strip_prefix('.').unwrap_or(&line));
                continue;
            }
            let manner = keep(state, std::mem::take(&mut head), data.take().unwrap());
            let answer = match manner {
                Manner::Takes => "250 kept".to_owned(),
                Manner::Refuses(status) => format!("{status} not wanted: records@audit.example.com"),
                Manner::SendsOn | Manner::HangsUp => return,
                Manner::Waits => return wait(reader.into_inner()),
            };
            let _ = write!(reader.get_mut(), "{answer}\r\n");
            continue;
        }
        let line = line.trim().to_owned();
        let answer = match line.split(' ').next().unwrap() {
            "EHLO" => "250-here\r\n250 AUTH PLAIN",
            "AUTH" => "235 welcome",
            "DATA" => {
                data = Some(String::new());
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 well",
        };
        head.push(line);
        let _ = write!(reader.get_mut(), "{answer}\r\n");
    }
}

/// The attachment of a mail: its name and its text.
pub fn attachment(message: &str) -> (String, String) {
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    let (_, name) = head.split_once("\r\nContent-Disposition: attachment; filename=\"").unwrap();
    let text = STANDARD.decode(body.replace("\r\n", "")).unwrap();
    (name.split('"').next().unwrap().to_owned(), String::from_utf8(text).unwrap())
}
