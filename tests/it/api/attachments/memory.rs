//! What files cost: the server's memory while the corpus and large legal files go through it, several at a time.

use std::fs;

use super::corpus::{harmless, hostile};
use super::makers::large_pdf;
use super::received;
use crate::support::databases::Backend;
use crate::support::files::{attach, begin, newest, open, send};
use crate::support::office::Office;

const MIB: u64 = 1 << 20;

/// A figure of the server's process, in bytes: what is resident now (`VmRSS`), or was at most (`VmHWM`).
fn figure(office: &Office, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", office.server.process_id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
fn memory_grows_by_64_mib_at_most_while_files_go_through() {
    let settings = [("GONGKAI_ATTACHMENT_FILE_MIB", "128"), ("GONGKAI_ATTACHMENT_CASE_MIB", "4000")];
    let office = Office::open_with(Backend::Sqlite, &settings);
    let case = received(&office);
    let clerk = office.as_role("clerk").if_match("*");
    attach(&clerk, &case.id, "other", "first.txt", b"first").must(200);
    let before = figure(&office, "VmRSS");
    let peak_before = figure(&office, "VmHWM");
    for sample in harmless().iter().chain(&hostile()) {
        attach(&clerk, &case.id, "other", &sample.name, &sample.bytes);
    }
    let after_corpus = figure(&office, "VmHWM");
    // Five at once, one of which alone is more than memory may grow by, each on a case of its own; then read back.
    let sizes = [72, 12, 12, 12, 12];
    std::thread::scope(|scope| {
        for (seed, size) in (1..).zip(sizes) {
            let office = &office;
            scope.spawn(move || {
                let clerk = office.as_role("clerk").patient().if_match("*");
                let case = received(office);
                let file = large_pdf(size << 20, seed);
                let id = begin(&clerk, &case.id, file.len()).must(201).str("/id").to_owned();
                send(&clerk, &case.id, &id, &file).must(200);
                let body = crate::support::files::attachment(&id, "evidence", "卷宗.pdf");
                clerk.post(&case.path("/attachments"), &body).must(200);
                let id = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
                assert!(open(&clerk, &case.id, &id).must(200).bytes == file, "what was sent is what is read");
            });
        }
    });
    let peak = figure(&office, "VmHWM");
    let grown = peak - before;
    println!(
        "resident before {} MiB (peak {}), peak after the corpus {} MiB, after {} large files at once {} MiB: grown by {} MiB",
        before / MIB,
        peak_before / MIB,
        after_corpus / MIB,
        sizes.len(),
        peak / MIB,
        grown / MIB
    );
    assert!(grown <= 64 * MIB, "grown by {} MiB", grown / MIB);
}
