//! Reading what `strace` wrote: which answers went out after a sync that began after their requests had come in.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// The command line that runs a server under `strace`, itself staying the server's parent.
///
/// # Panics
///
/// If it is not installed: no test is ever skipped for want of a tool.
pub fn strace(log: &Path) -> Vec<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let strace = std::env::split_paths(&path).map(|folder| folder.join("strace")).find(|file| file.is_file());
    let strace = strace.expect(
        "strace is needed to see when the server syncs, and is not installed: run the tests with `scripts/test`, \
         which installs it",
    );
    let calls = "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync";
    let arguments = ["-D", "-f", "-yy", "-s", "48", "-e", calls, "-o"];
    let whole = std::iter::once(strace.to_string_lossy()).chain(arguments.map(Into::into));
    whole.chain([log.to_string_lossy()]).map(String::from).collect()
}

/// The trace of a server that has ended, whole.
pub fn finished(log: &Path) -> String {
    let since = Instant::now();
    loop {
        let trace = String::from_utf8_lossy(&fs::read(log).unwrap()).into_owned();
        let main = trace.split(' ').next().unwrap_or_default();
        if trace.lines().any(|line| line.starts_with(&format!("{main} ")) && line.contains("+++ exited")) {
            return trace;
        }
        assert!(since.elapsed() < Duration::from_secs(10), "strace has not ended");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A 2xx answer as it began to go out.
#[derive(Debug)]
pub struct Answer {
    /// The request's method and path, as far as the trace shows them.
    pub request: String,
    /// Whether SQLite's log was synced between the request's arrival and the answer.
    pub synced: bool,
}

/// One system call of the trace, at the moment it began or ended.
struct Moment<'a> {
    thread: &'a str,
    call: &'a str,
    /// The file or connection it is about; empty for the end of a call whose begin has a line of its own.
    about: &'a str,
    /// The bytes it moves, quoted, as far as they are shown.
    bytes: &'a str,
    begins: bool,
    ends: bool,
}

impl<'a> Moment<'a> {
    /// Reads a line such as `17 read(5<TCP:[…]>, "GET /…"..., 8192) = 90`; a call that another thread's line came
    /// into is on two lines, `17 read(5<…>, <unfinished ...>` and `17 <... read resumed>"GET /…"..., 8192) = 90`.
    fn read(line: &'a str) -> Option<Self> {
        let (thread, rest) = line.trim_start().split_once(' ')?;
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (call, rest) = resumed.split_once(" resumed>")?;
            return Some(Self { thread, call, about: "", bytes: quoted(rest), begins: false, ends: true });
        }
        let (call, rest) = rest.split_once('(')?;
        let about = rest.split_once('<')?.1;
        let about = about.split_once("]>").or_else(|| about.split_once('>'))?.0;
        let ends = !rest.ends_with("<unfinished ...>");
        Some(Self { thread, call, about, bytes: quoted(rest), begins: true, ends })
    }

    fn is_sync(&self) -> bool {
        matches!(self.call, "fsync" | "fdatasync")
    }
}

/// What stands between the first two quotation marks.
fn quoted(text: &str) -> &str {
    let rest = text.split_once('"').map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default()
}

/// Whether a line is the begin or the end of a sync.
pub fn is_sync(line: &str) -> bool {
    Moment::read(line).is_some_and(|moment| moment.is_sync())
}

/// Every 2xx answer of a trace, in order.
pub fn answers(trace: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut begun: HashMap<&str, (&str, usize)> = HashMap::new();
    let mut requests: HashMap<&str, (String, usize)> = HashMap::new();
    // When the last sync that has ended began; of several, the one that began last.
    let mut synced_since = None;
    for (now, line) in trace.lines().enumerate() {
        let Some(moment) = Moment::read(line) else { continue };
        if moment.begins {
            begun.insert(moment.thread, (moment.about, now));
        }
        let Some((about, since)) = begun.get(moment.thread).copied() else { continue };
        if moment.is_sync() {
            if moment.ends && about.ends_with("-wal") {
                synced_since = synced_since.max(Some(since));
            }
            continue;
        }
        let mut words = moment.bytes.split(' ');
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if first == "HTTP/1.1" && moment.begins {
            let Some((request, arrived)) = requests.remove(about) else { continue };
            if second.starts_with('2') {
                let synced = synced_since.is_some_and(|since| since > arrived);
                answers.push(Answer { request, synced });
            }
        } else if moment.ends && ["GET", "POST", "PUT", "DELETE"].contains(&first) {
            requests.insert(about, (format!("{first} {second}"), now));
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::answers;

    const ARRIVES: &str = r#"7 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:50]>, "POST /api/v1/cases HTTP/1.1\r\n"..., 4096, 0, NULL, NULL) = 80"#;
    const ANSWERED: &str = r#"7 sendto(9<TCP:[127.0.0.1:80->127.0.0.1:50]>, "HTTP/1.1 201 Created\r\ncontent"..., 90, MSG_NOSIGNAL, NULL, 0) = 90"#;
    const SYNC: &str = "8 fdatasync(5</d/gongkai.db-wal>) = 0";
    const SYNC_BEGINS: &str = "8 fdatasync(5</d/gongkai.db-wal> <unfinished ...>";
    const SYNC_ENDS: &str = "8 <... fdatasync resumed>)       = 0";

    #[track_caller]
    fn check(trace: &[&str], synced: &[bool]) {
        let found: Vec<bool> = answers(&trace.join("\n")).iter().map(|answer| answer.synced).collect();
        assert_eq!(found, synced);
    }

    #[test]
    fn only_a_sync_between_request_and_answer_counts() {
        check(&[ARRIVES, SYNC, ANSWERED], &[true]);
        check(&[ARRIVES, SYNC_BEGINS, SYNC_ENDS, ANSWERED], &[true]);
        check(&[ARRIVES, ANSWERED], &[false]);
        check(&[SYNC, ARRIVES, ANSWERED], &[false]);
        check(&[ARRIVES, ANSWERED, SYNC], &[false]);
        check(&[ARRIVES, SYNC_BEGINS, ANSWERED, SYNC_ENDS], &[false]);
        check(&[SYNC_BEGINS, ARRIVES, SYNC_ENDS, ANSWERED], &[false]);
        check(&[ARRIVES, SYNC, ANSWERED, ARRIVES, ANSWERED], &[true, false]);
        check(&[ARRIVES, "8 fdatasync(5</d/gongkai.db>) = 0", ANSWERED], &[false]);
    }

    #[test]
    fn a_request_on_two_lines_arrives_with_the_second() {
        let begins = "7 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:50]>,  <unfinished ...>";
        let ends =
            r#"7 <... recvfrom resumed>"POST /api/v1/cases HTTP/1.1\r\n"..., 4096, 0, NULL, NULL) = 80"#;
        check(&[begins, SYNC, ends, ANSWERED], &[false]);
        check(&[begins, ends, SYNC, ANSWERED], &[true]);
    }
}
