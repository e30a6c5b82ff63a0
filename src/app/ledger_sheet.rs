//! The ledger as a file for a spreadsheet: CSV, or an Excel workbook (XLSX). Words are words: no cell is ever taken for a formula.

use chrono::NaiveDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::App;
use super::csv_text::{MARK, rows, safe_cell};
use super::error::AppError;
use super::ledger::{Ledger, LedgerLine};
use crate::domain::case::timeliness::Timeliness;
use crate::domain::outcome::Outcome;
use crate::domain::time_limit::Light;

/// What a sheet's first row says, and how wide its columns are in characters.
pub const COLUMNS: [(&str, u16); 17] = [
    ("编号", 18),
    ("收到日期", 12),
    ("登记日期", 12),
    ("申请方式", 10),
    ("申请人类型", 14),
    ("申请人", 14),
    ("内容摘要", 48),
    ("主办部门", 16),
    ("状态", 10),
    ("答复期限", 12),
    ("亮灯", 8),
    ("下一事项", 18),
    ("下一事项期限", 12),
    ("答复类型", 28),
    ("办结日期", 12),
    ("是否按时", 10),
    ("归档日期", 12),
];

/// Pieces of a file on their way out; what fails is the last thing sent.
pub type Sink = mpsc::Sender<Result<Vec<u8>, AppError>>;

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerForm {
    /// UTF-8 with a byte order mark, lines ending in CR LF.
    Csv,
    /// A workbook.
    Xlsx,
}

/// What stands in a cell.
enum Cell {
    Text(String),
    Date(NaiveDate),
    Nothing,
}

impl Cell {
    fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(text.into()))
    }

    fn date(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Nothing, Self::Date)
    }
}

fn cells(line: LedgerLine) -> [Cell; 17] {
    [
        Cell::text(line.number),
        Cell::date(line.received_on),
        Cell::date(line.registered_on),
        Cell::text(Some(line.channel.label_zh())),
        Cell::text(Some(line.applicant_kind.label_zh())),
        Cell::text(Some(line.applicant.unwrap_or_else(|| "（已删除）".to_owned()))),
        Cell::text(line.subject),
        Cell::text(line.department),
        Cell::text(Some(line.status.label_zh())),
        Cell::date(line.due_on),
        Cell::text(line.light.map(Light::label_zh)),
        Cell::text(line.next.as_ref().map(|next| next.kind.label_zh())),
        Cell::date(line.next.map(|next| next.due_on)),
        Cell::text(line.outcome.map(Outcome::label_zh)),
        Cell::date(line.concluded_on),
        Cell::text(match line.timeliness {
            Timeliness::InTime { .. } => Some("按时"),
            Timeliness::Late { .. } => Some("逾期答复"),
            Timeliness::Overdue { .. } => Some("逾期未答复"),
            Timeliness::NotCounted => None,
        }),
        Cell::date(line.archived_on),
    ]
}

impl App {
    /// Writes a ledger. What fails on the way is the last thing sent.
    pub async fn write_ledger(&self, ledger: Ledger, form: LedgerForm, sink: Sink) {
        let written = match form {
            LedgerForm::Csv => self.write_csv(ledger, &sink).await,
            LedgerForm::Xlsx => self.write_xlsx(ledger, &sink).await,
        };
        if let Err(error) = written {
            // Nobody listens any more: there is nobody to tell.
            let _ = sink.send(Err(error)).await;
        }
    }

    async fn write_csv(&self, mut ledger: Ledger, sink: &Sink) -> Result<(), AppError> {
        let head = COLUMNS.map(|(label, _)| label);
        give(sink, format!("{MARK}{}", rows([head])?).into_bytes()).await?;
        loop {
            let lines = self.ledger_page(&mut ledger).await?;
            if lines.is_empty() {
                return Ok(());
            }
            let lines = lines.into_iter().map(|line| {
                let text = |cell| match cell {
                    Cell::Text(text) => safe_cell(&text),
                    Cell::Date(day) => day.to_string(),
                    Cell::Nothing => String::new(),
                };
                cells(line).map(text)
            });
            give(sink, rows(lines)?.into_bytes()).await?;
        }
    }

    async fn write_xlsx(&self, mut ledger: Ledger, sink: &Sink) -> Result<(), AppError> {
        let mut book = spawn_blocking(begin).await.map_err(failed)?.map_err(failed)?;
        let mut next = 1_u32;
        loop {
            let lines = self.ledger_page(&mut ledger).await?;
            if lines.is_empty() {
                break;
            }
            let from = next;
            next = next.saturating_add(u32::try_from(lines.len()).unwrap_or(u32::MAX));
            book = spawn_blocking(move || add(book, from, lines)).await.map_err(failed)?.map_err(failed)?;
        }
        let bytes = spawn_blocking(move || book.save_to_buffer()).await.map_err(failed)?.map_err(failed)?;
        for piece in bytes.chunks(64 * 1024) {
            give(sink, piece.to_vec()).await?;
        }
        Ok(())
    }
}

/// A workbook whose rows go to a temporary file as they come, with a head that stays in sight.
fn begin() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold();
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("台账")?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, (label, width)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(column, f64::from(width))?;
        sheet.write_string_with_format(0, column, label, &head)?;
    }
    Ok(book)
}

fn add(mut book: Workbook, from: u32, lines: Vec<LedgerLine>) -> Result<Workbook, XlsxError> {
    let dates = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.worksheet_from_index(0)?;
    for (row, line) in (from..).zip(lines) {
        for (column, cell) in (0_u16..).zip(cells(line)) {
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, text)?,
                Cell::Date(day) => {
                    let day = ExcelDateTime::parse_from_str(&day.to_string())?;
                    sheet.write_datetime_with_format(row, column, &day, &dates)?
                }
                Cell::Nothing => continue,
            };
        }
    }
    Ok(book)
}

/// Whoever reads may have gone: then the rest need not be made.
async fn give(sink: &Sink, piece: Vec<u8>) -> Result<(), AppError> {
    sink.send(Ok(piece)).await.map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("the ledger was not written: {error}"))
}
