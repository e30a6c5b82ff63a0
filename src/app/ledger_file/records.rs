//! From bytes to records: CSV (RFC 4180) read one record at a time, in constant memory, with true line
//! numbers.
//!
//! A reader of its own, because the `csv` crate holds a record of any length in memory, takes malformed
//! quoting for text without a word, and loses count of lines at blank ones; here each of these is a finding
//! with its line.

use std::io::{BufRead, BufReader, Cursor, ErrorKind, Read};

/// The longest record that is read, in bytes. The longest lawful one (8,000 characters of text) is well
/// below.
pub(super) const MAX_RECORD_BYTES: usize = 64 * 1024;

/// What some programs put before UTF-8 text.
const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// One record. Its fields are bytes: what is not UTF-8 is judged field by field.
#[derive(Default)]
pub(super) struct Record {
    /// The physical line on which it begins, from 1.
    pub(super) line: u64,
    /// A quotation mark stands where none may: in a field not quoted, or with text after the closing one.
    pub(super) stray_quote: bool,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    /// The fields in order, without their quotation marks.
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| self.bytes.get(start..end).unwrap_or_default())
    }

    fn start(&mut self, line: u64) {
        self.line = line;
        self.stray_quote = false;
        self.bytes.clear();
        self.ends.clear();
    }

    fn end_field(&mut self) {
        self.ends.push(self.bytes.len());
    }

    /// Whether it holds nothing but commas and white space: a blank line, or a spreadsheet's empty row.
    fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }
}

/// Why no further record can be read. Everything before it was read.
#[derive(Debug)]
pub(super) enum Stop {
    /// The record that begins on `line` is longer than [`MAX_RECORD_BYTES`]; a quotation mark still open then
    /// was opened on `quote_line`.
    TooLong { line: u64, quote_line: Option<u64> },
    /// The file ends inside quotation marks, opened on `quote_line`, in the record that begins on `line`.
    UnclosedQuote { line: u64, quote_line: u64 },
    /// The file has more bytes than the limit given; it is reached on `line`.
    TooLarge { line: u64 },
    /// The source fails on `line`.
    Io { line: u64, error: std::io::Error },
}

/// Where in a record the reader is.
#[derive(Clone, Copy)]
enum State {
    /// At the first byte of a field.
    FieldStart,
    /// In a field not quoted.
    Bare,
    /// Inside quotation marks, opened on this line.
    Quoted { opened: u64 },
    /// After a quotation mark inside quotation marks: the closing one, or the first of a doubled one.
    QuoteSeen { opened: u64 },
}

/// The records of a file, one after the other. A record ends at LF, CRLF or CR outside quotation marks;
/// records that hold nothing are passed over. A byte order mark at the beginning of the file is skipped.
pub(super) struct Records<R: Read> {
    source: BufReader<std::io::Chain<Cursor<Vec<u8>>, R>>,
    /// The line of the next byte.
    line: u64,
    /// The last byte was a CR, so that an LF now is the second half of the same line break.
    after_cr: bool,
    /// How many bytes more the file may have.
    left: u64,
}

impl<R: Read> Records<R> {
    /// Opens a file of at most `max_bytes` at its first byte.
    pub(super) fn open(mut file: R, max_bytes: u64) -> Result<Self, Stop> {
        let mut head = Vec::new();
        (&mut file).take(3).read_to_end(&mut head).map_err(|error| Stop::Io { line: 1, error })?;
        if head == BYTE_ORDER_MARK {
            head.clear();
        }
        let source = BufReader::with_capacity(MAX_RECORD_BYTES, Cursor::new(head).chain(file));
        Ok(Self { source, line: 1, after_cr: false, left: max_bytes })
    }

    /// Reads the next record that holds something; `false` at the end of the file. After a [`Stop`] nothing
    /// more may be read.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, Stop> {
        while self.read_any(record)? {
            if !record.is_blank() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn read_any(&mut self, record: &mut Record) -> Result<bool, Stop> {
        record.start(self.line);
        let mut state = State::FieldStart;
        let mut length = 0_usize;
        loop {
            let (line, after_cr) = (self.line, self.after_cr);
            let Some(byte) = self.next_byte()? else { return at_end_of_file(state, record) };
            if length == 0 && after_cr && byte == b'\n' {
                continue;
            }
            length += 1;
            if length > MAX_RECORD_BYTES {
                return Err(too_long(state, record.line));
            }
            match step(state, byte, line, record) {
                Some(next) => state = next,
                None => return Ok(true),
            }
        }
    }

    /// The next byte, with the count of lines kept: LF, CRLF and CR each end one line.
    fn next_byte(&mut self) -> Result<Option<u8>, Stop> {
        let byte = loop {
            match self.source.fill_buf() {
                Ok(buffered) => break buffered.first().copied(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Io { line: self.line, error }),
            }
        };
        let Some(byte) = byte else { return Ok(None) };
        self.left = self.left.checked_sub(1).ok_or(Stop::TooLarge { line: self.line })?;
        self.source.consume(1);
        if byte == b'\r' || (byte == b'\n' && !self.after_cr) {
            self.line += 1;
        }
        self.after_cr = byte == b'\r';
        Ok(Some(byte))
    }
}

/// Takes one byte, which stands on `line`; `None` when it ends the record.
fn step(state: State, byte: u8, line: u64, record: &mut Record) -> Option<State> {
    match (state, byte) {
        (State::Quoted { opened }, b'"') => Some(State::QuoteSeen { opened }),
        (State::Quoted { opened }, _) | (State::QuoteSeen { opened }, b'"') => {
            record.bytes.push(byte);
            Some(State::Quoted { opened })
        }
        (_, b',') => {
            record.end_field();
            Some(State::FieldStart)
        }
        (_, b'\n' | b'\r') => {
            record.end_field();
            None
        }
        (State::FieldStart, b'"') => Some(State::Quoted { opened: line }),
        (State::QuoteSeen { .. }, _) | (_, b'"') => {
            record.stray_quote = true;
            record.bytes.push(byte);
            Some(State::Bare)
        }
        (_, _) => {
            record.bytes.push(byte);
            Some(State::Bare)
        }
    }
}

fn at_end_of_file(state: State, record: &mut Record) -> Result<bool, Stop> {
    match state {
        State::Quoted { opened } => Err(Stop::UnclosedQuote { line: record.line, quote_line: opened }),
        State::FieldStart if record.ends.is_empty() => Ok(false),
        State::FieldStart | State::Bare | State::QuoteSeen { .. } => {
            record.end_field();
            Ok(true)
        }
    }
}

fn too_long(state: State, line: u64) -> Stop {
    let quote_line = match state {
        State::Quoted { opened } => Some(opened),
        State::FieldStart | State::Bare | State::QuoteSeen { .. } => None,
    };
    Stop::TooLong { line, quote_line }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Read1 = (u64, Vec<String>, bool);

    /// All records as (line, fields, stray quote), and what stopped the reading.
    fn read_all(bytes: &[u8], max_bytes: u64) -> (Vec<Read1>, Option<Stop>) {
        let mut records = Records::open(bytes, max_bytes).unwrap();
        let (mut found, mut record) = (Vec::new(), Record::default());
        loop {
            match records.read(&mut record) {
                Ok(false) => return (found, None),
                Err(stop) => return (found, Some(stop)),
                Ok(true) => {
                    let fields = record.fields().map(|field| String::from_utf8_lossy(field).into_owned());
                    found.push((record.line, fields.collect(), record.stray_quote));
                }
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u64, &[&str])]) {
        let (found, stop) = read_all(text.as_bytes(), u64::MAX);
        let found: Vec<(u64, Vec<&str>)> = found
            .iter()
            .map(|(line, fields, stray)| {
                assert!(!stray);
                (*line, fields.iter().map(String::as_str).collect())
            })
            .collect();
        let expected: Vec<(u64, Vec<&str>)> =
            expected.iter().map(|(line, fields)| (*line, fields.to_vec())).collect();
        assert_eq!(found, expected);
        assert!(stop.is_none());
    }

    #[test]
    fn every_kind_of_line_break_ends_a_record_and_counts_once() {
        check("a,b\nc,d\n", &[(1, &["a", "b"]), (2, &["c", "d"])]);
        check("a,b\r\nc,d\r\n", &[(1, &["a", "b"]), (2, &["c", "d"])]);
        check("a,b\rc,d", &[(1, &["a", "b"]), (2, &["c", "d"])]);
        check("a\r\n\r\n\nb\r\rc", &[(1, &["a"]), (4, &["b"]), (6, &["c"])]);
    }

    #[test]
    fn a_record_of_several_lines_begins_on_its_first() {
        check(
            "a,\"1\r\n2\n3\r4\"\r\nb,\"\"\"x\"\", y\"\nc,z",
            &[(1, &["a", "1\r\n2\n3\r4"]), (5, &["b", "\"x\", y"]), (6, &["c", "z"])],
        );
    }

    #[test]
    fn blank_lines_and_empty_rows_are_passed_over_and_counted() {
        check("\n\na\n,,,\n \t,\"\"\nb,\n", &[(3, &["a"]), (6, &["b", ""])]);
        check("", &[]);
        check("\r\n", &[]);
    }

    #[test]
    fn a_byte_order_mark_is_skipped_even_before_a_quotation_mark() {
        check("\u{feff}\"a\",b", &[(1, &["a", "b"])]);
        check("\u{feff}", &[]);
        check("\"a\"", &[(1, &["a"])]);
    }

    #[test]
    fn a_stray_quotation_mark_is_seen_and_does_not_swallow_the_rest() {
        for text in ["5\" pipe,x\nb\n", "\"a\" b,x\nb\n", " \"a\",x\nb\n", "\"a\"b\"\"\"\nb\n"] {
            let (found, stop) = read_all(text.as_bytes(), u64::MAX);
            assert!(found[0].2 && !found[1].2, "{text}");
            assert_eq!((found[1].0, found.len(), stop.is_none()), (2, 2, true));
        }
    }

    #[test]
    fn an_unclosed_quotation_mark_is_found_at_its_line() {
        let (found, stop) = read_all(b"a\nb,\"1\n2\",\"3\n4\n", u64::MAX);
        assert_eq!(found.len(), 1);
        assert!(matches!(stop, Some(Stop::UnclosedQuote { line: 2, quote_line: 3 })), "{stop:?}");
    }

    #[test]
    fn a_record_of_a_gibibyte_stops_the_reading_at_64_kib() {
        /// Counts what is taken from it, and never ends.
        struct Endless(usize);
        impl Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                buffer.fill(b'x');
                self.0 += buffer.len();
                Ok(buffer.len())
            }
        }
        let mut endless = Endless(0);
        let mut records = Records::open(Cursor::new(b"a\nb\n").chain(&mut endless), u64::MAX).unwrap();
        let mut record = Record::default();
        assert!(records.read(&mut record).unwrap() && records.read(&mut record).unwrap());
        let stop = records.read(&mut record).unwrap_err();
        assert!(matches!(stop, Stop::TooLong { line: 3, quote_line: None }), "{stop:?}");
        assert!(endless.0 <= 3 * MAX_RECORD_BYTES);

        let swallowed = format!("a\nb,\"{}", "x\n".repeat(MAX_RECORD_BYTES));
        let stop = read_all(swallowed.as_bytes(), u64::MAX).1;
        assert!(matches!(stop, Some(Stop::TooLong { line: 2, quote_line: Some(2) })), "{stop:?}");
    }

    #[test]
    fn the_longest_record_is_read_whole() {
        let longest = "x".repeat(MAX_RECORD_BYTES - 1);
        check(&format!("{longest}\nb"), &[(1, &[&longest]), (2, &["b"])]);
    }

    #[test]
    fn a_file_over_the_limit_stops_the_reading() {
        let (found, stop) = read_all(b"a\nb\nc\n", 4);
        assert_eq!(found.len(), 2);
        assert!(matches!(stop, Some(Stop::TooLarge { line: 3 })), "{stop:?}");
    }

    #[test]
    fn a_failing_source_stops_the_reading_and_an_interrupted_one_does_not() {
        struct Failing(Vec<ErrorKind>);
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(self.0.pop().unwrap().into())
            }
        }
        let failing = Failing(vec![ErrorKind::BrokenPipe, ErrorKind::Interrupted]);
        let mut records = Records::open(Cursor::new(b"abc\n").chain(failing), u64::MAX).unwrap();
        let mut record = Record::default();
        assert!(records.read(&mut record).unwrap());
        let stop = records.read(&mut record).unwrap_err();
        assert!(matches!(stop, Stop::Io { line: 2, .. }), "{stop:?}");
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_as_it_was(
            rows in proptest::collection::vec(proptest::collection::vec("[a,\"\n\r 申]{0,6}", 3), 0..8),
            crlf in any::<bool>(),
        ) {
            let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let (found, stop) = read_all(&writer.into_inner().unwrap(), u64::MAX);
            let blank = |row: &Vec<String>| row.iter().all(|field| field.trim_ascii().is_empty());
            let rows: Vec<Vec<String>> = rows.into_iter().filter(|row| !blank(row)).collect();
            let fields: Vec<Vec<String>> = found.into_iter().map(|(_, fields, _)| fields).collect();
            prop_assert_eq!(fields, rows);
            prop_assert!(stop.is_none());
        }

        #[test]
        fn hostile_bytes_never_panic_and_lines_are_those_of_an_editor(
            bytes in proptest::collection::vec(proptest::sample::select(b"a,\"\n\r\x00\xff".as_slice()), 0..60),
        ) {
            for (line, ..) in read_all(&bytes, u64::MAX).0 {
                let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\r', "\n");
                prop_assert!(text.lines().count() >= usize::try_from(line).unwrap());
            }
        }
    }
}
