//! Reading and judging a ledger (台账) that an office kept as a spreadsheet: design section 5.1. Nothing here
//! knows the store; `import-ledger` turns the rows accepted into cases.
//!
//! The file is CSV in UTF-8, with or without a byte order mark; lines end with LF or CRLF. The first row
//! names the eleven columns of [`HEADER`], in any order. Every mistake of every row is reported, with its
//! physical line.

mod header;
mod judge;
mod records;
mod row;

use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDate;

use self::judge::Bounds;
use self::records::{MAX_RECORD_BYTES, Record, Records, Stop};
pub use self::row::LedgerRow;

/// The header row of a ledger.
pub const HEADER: &str = "number,channel,received_on,registered_on,applicant_kind,applicant_name,description,\
                          department,outcome,replied_on,archived_on";

/// The most rows that one file may have; a larger ledger comes in several files.
pub const MAX_ROWS: u64 = 1_000_000;

/// The most bytes that one file may have.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// After this many refusals reading stops: the file is not a ledger, or wrong as a whole.
pub const MAX_REFUSALS: usize = 100_000;

/// A file read and judged.
#[derive(Debug, Default)]
pub struct LedgerFile {
    /// The rows without a mistake, in the file's order.
    pub rows: Vec<LedgerRow>,
    /// What was found wrong, in the file's order; a row may have several. Empty means that the file is
    /// acceptable.
    pub refused: Vec<Refused>,
    /// How many rows were read: those accepted and those refused, without the header and rows that hold
    /// nothing.
    pub rows_read: u64,
    /// Whether the file was read to its end. If not, the last refusal says why, and what follows its line is
    /// unknown.
    pub complete: bool,
}

/// Something wrong in a file. The reason never repeats a text of a case (it may be an applicant's data): line
/// and column lead there. It may name what was probably meant, a code or a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The physical line, from 1, on which the row begins.
    pub line: u64,
    /// The row's `number`, where it is legible.
    pub number: Option<String>,
    /// The column, where the reason lies in one.
    pub column: Option<&'static str>,
    /// Why, in English.
    pub reason_en: String,
    /// Why, in Chinese.
    pub reason_zh: String,
}

/// Reads a ledger to its end and judges every row.
///
/// `today` is the civil date in the agency's zone: no date in the ledger may be after it. `earliest` is the
/// first day on which a case may have been received (inclusive): a mistyped year should not become a case of
/// the year 202.
///
/// The rules of a row (all fields are taken without the white space around them):
///
/// - `number`: 1 to 64 characters without control characters, unique in the file;
/// - `channel`, `applicant_kind`, `outcome`: the codes of the interface;
/// - dates: `YYYY-MM-DD`, real, not after `today`; rest days are accepted; `registered_on` and `replied_on`
///   not before `received_on`, `archived_on` not before `replied_on`;
/// - `applicant_name`: 1 to 200 characters; `description`: 1 to 8,000, line breaks allowed; `department`: at
///   most 100, may be empty;
/// - `outcome` and `replied_on`: both, or neither (an open case); `archived_on`: only with them, may be
///   empty.
///
/// Reading never fails and never panics: whatever stops it is a refusal, and [`LedgerFile::complete`] says
/// so. Memory is bounded by the limits above; of a single record at most 64 KiB are held.
///
/// ```
/// use chrono::NaiveDate;
/// use gongkai::app::ledger_file::{HEADER, read_ledger};
///
/// let day = |text: &str| text.parse::<NaiveDate>().unwrap();
/// let file = format!(
///     "{HEADER}\n\
///      2023-1,counter,2023-03-01,2023-03-01,natural_person,申请人甲,某某规划,,granted,2023-03-20,\n\
///      2023-2,fax,2023-03-02,2023-03-01,natural_person,申请人乙,某某批复,,,,\n"
/// );
/// let ledger = read_ledger(file.as_bytes(), day("2024-01-01"), day("2008-05-01"));
/// assert_eq!((ledger.rows.len(), ledger.rows_read, ledger.complete), (1, 2, true));
/// let refused = &ledger.refused[0];
/// assert_eq!((refused.line, refused.column), (3, Some("registered_on")));
/// assert_eq!(refused.reason_en, "before received_on");
/// ```
pub fn read_ledger(reader: impl Read, today: NaiveDate, earliest: NaiveDate) -> LedgerFile {
    read_at_most(MAX_ROWS, reader, Bounds { today, earliest })
}

fn read_at_most(max_rows: u64, reader: impl Read, bounds: Bounds) -> LedgerFile {
    let mut reading = Reading { file: LedgerFile::default(), seen: HashMap::new(), max_rows };
    match reading.run(reader, bounds) {
        Ok(()) => reading.file.complete = true,
        Err(last) => reading.file.refused.push(last),
    }
    reading.file
}

/// A reading in progress.
struct Reading {
    file: LedgerFile,
    /// Each number met, with the line of its first row and, if that was accepted, its index among the rows.
    seen: HashMap<String, (u64, Option<usize>)>,
    max_rows: u64,
}

impl Reading {
    /// Reads to the end, or to what makes reading on impossible.
    fn run(&mut self, reader: impl Read, bounds: Bounds) -> Result<(), Refused> {
        let mut records = Records::open(reader, MAX_BYTES).map_err(stopped)?;
        let mut record = Record::default();
        if !records.read(&mut record).map_err(stopped)? {
            return Err(whole_file(
                1,
                format!("the file is empty; its first row must be {HEADER}"),
                format!("文件为空；首行应为 {HEADER}"),
            ));
        }
        let columns = header::columns(&record)?;
        while self.read_row(&mut records, &mut record)? {
            match judge::row(&record, &columns, bounds) {
                Ok(row) => self.accept(row),
                Err(refused) => self.refuse(refused),
            }
            if self.file.refused.len() >= MAX_REFUSALS {
                return Err(whole_file(
                    record.line,
                    format!("{MAX_REFUSALS} mistakes found; reading stopped here"),
                    format!("已发现{MAX_REFUSALS}处错误，停止读取"),
                ));
            }
        }
        Ok(())
    }

    /// Reads and counts the next row. A row that cannot be read to its end counts too.
    fn read_row<R: Read>(&mut self, records: &mut Records<R>, record: &mut Record) -> Result<bool, Refused> {
        let read = records.read(record);
        if matches!(read, Ok(false) | Err(Stop::TooLarge { .. } | Stop::Io { .. })) {
            return read.map_err(stopped);
        }
        if self.file.rows_read == self.max_rows {
            return Err(whole_file(
                record.line,
                format!("more than {} rows; split the file", self.max_rows),
                format!("超过{}行，请拆分文件", self.max_rows),
            ));
        }
        self.file.rows_read += 1;
        read.map_err(stopped)
    }

    fn accept(&mut self, row: LedgerRow) {
        if let Some(&(first_line, first)) = self.seen.get(&row.number) {
            let first = first.and_then(|index| self.file.rows.get(index));
            let same = first.is_some_and(|first| first.canonical() == row.canonical());
            self.file.refused.push(repeated(row.line, row.number, first_line, same));
            return;
        }
        self.seen.insert(row.number.clone(), (row.line, Some(self.file.rows.len())));
        self.file.rows.push(row);
    }

    /// A refused row keeps its number: a later row with it is a repetition, whichever of the two is the right
    /// one.
    fn refuse(&mut self, refused: Vec<Refused>) {
        if let Some(Refused { number: Some(number), line, .. }) = refused.first() {
            match self.seen.get(number) {
                Some(&(first, _)) => self.file.refused.push(repeated(*line, number.clone(), first, false)),
                None => drop(self.seen.insert(number.clone(), (*line, None))),
            }
        }
        self.file.refused.extend(refused);
    }
}

fn repeated(line: u64, number: String, first_line: u64, same: bool) -> Refused {
    let (reason_en, reason_zh) = if same {
        (
            format!("the same row as on line {first_line}; remove one"),
            format!("与第{first_line}行完全相同，请删除其一"),
        )
    } else {
        (
            format!("the same number as on line {first_line}, with other content"),
            format!("编号与第{first_line}行相同，但内容不同"),
        )
    };
    Refused { line, number: Some(number), column: Some("number"), reason_en, reason_zh }
}

/// A refusal that lies in no column and ends the reading.
fn whole_file(line: u64, reason_en: String, reason_zh: String) -> Refused {
    Refused { line, number: None, column: None, reason_en, reason_zh }
}

fn stopped(stop: Stop) -> Refused {
    const KIB: usize = MAX_RECORD_BYTES / 1024;
    const MIB: u64 = MAX_BYTES / 1024 / 1024;
    match stop {
        Stop::TooLong { line, quote_line: None } => whole_file(
            line,
            format!("the row is longer than {KIB} KiB; reading stopped here"),
            format!("该行超过{KIB}KiB，停止读取"),
        ),
        Stop::TooLong { line, quote_line: Some(quote) } => whole_file(
            line,
            format!(
                "the row is longer than {KIB} KiB; the quotation mark opened on line {quote} is probably not closed; \
                 reading stopped here"
            ),
            format!("该行超过{KIB}KiB，第{quote}行的引号可能没有闭合，停止读取"),
        ),
        Stop::UnclosedQuote { line, quote_line } => whole_file(
            line,
            format!("the quotation mark opened on line {quote_line} is never closed"),
            format!("第{quote_line}行的引号没有闭合"),
        ),
        Stop::TooLarge { line } => whole_file(
            line,
            format!("the file is larger than {MIB} MiB; reading stopped here; split the file"),
            format!("文件超过{MIB}MiB，停止读取，请拆分文件"),
        ),
        Stop::Io { line, error } => whole_file(
            line,
            format!("the file cannot be read further: {error}"),
            format!("文件无法继续读取：{error}"),
        ),
    }
}

#[cfg(test)]
mod tests;
