//! The rules of one row. Every mistake of a row is found, not only its first.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::header::{Column, NOT_UTF_8};
use super::records::Record;
use super::{LedgerRow, Refused};
use crate::domain::applicant::ApplicantKind;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;

/// The days between which everything in a ledger lies, both included.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) today: NaiveDate,
    pub(super) earliest: NaiveDate,
}

/// A reason in both languages.
type Reason = (String, String);

fn reason(en: impl Into<String>, zh: impl Into<String>) -> Reason {
    (en.into(), zh.into())
}

/// Judges one row of a file with these columns.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the ledger's columns; at least one refusal.
pub(super) fn row(record: &Record, columns: &[Column], bounds: Bounds) -> Result<LedgerRow, Vec<Refused>> {
    let mut judge = Judge { line: record.line, bounds, cells: BTreeMap::new(), wrong: BTreeMap::new() };
    if let Some(wrong) = misshapen(record, columns) {
        return Err(vec![judge.refusal(None, None, wrong)]);
    }
    for (&column, field) in columns.iter().zip(record.fields()) {
        match std::str::from_utf8(field) {
            Ok(text) => drop(judge.cells.insert(column, text.trim())),
            Err(_) => judge.refuse(column, reason(NOT_UTF_8.0, NOT_UTF_8.1)),
        }
    }
    let accepted = judge.row();
    match accepted.filter(|_| judge.wrong.is_empty()) {
        Some(row) => Ok(row),
        None => Err(judge.refusals()),
    }
}

/// Why the row cannot even be divided into its columns.
fn misshapen(record: &Record, columns: &[Column]) -> Option<Reason> {
    let (found, expected) = (record.fields().count(), columns.len());
    if record.stray_quote {
        return Some(reason(
            "a quotation mark inside a field; put the whole field in quotation marks and double those inside",
            "字段中有单独的引号；请用引号括住整个字段，并将其中的引号写成两个",
        ));
    }
    (found != expected).then(|| {
        reason(
            format!("{found} fields instead of {expected}; a field with a comma must be in quotation marks"),
            format!("有{found}个字段，应为{expected}个；含逗号的字段须用引号括住"),
        )
    })
}

/// One row being judged.
struct Judge<'a> {
    line: u64,
    bounds: Bounds,
    /// The legible fields, trimmed.
    cells: BTreeMap<Column, &'a str>,
    /// The first thing wrong in each column.
    wrong: BTreeMap<Column, Reason>,
}

impl<'a> Judge<'a> {
    fn row(&mut self) -> Option<LedgerRow> {
        let number = self.text(Column::Number, 1, 64);
        let channel = self.code(Column::Channel, Channel::ALL, Channel::code, Channel::label_zh);
        let received_on = self.date(Column::ReceivedOn);
        let registered_on = self.date(Column::RegisteredOn);
        let kind = self.code(
            Column::ApplicantKind,
            ApplicantKind::ALL,
            ApplicantKind::code,
            ApplicantKind::label_zh,
        );
        let name = self.text(Column::ApplicantName, 1, 200);
        let description = self.text(Column::Description, 1, 8000);
        let department = self.text(Column::Department, 0, 100);
        let outcome = self.outcome();
        let replied_on = self.optional_date(Column::RepliedOn);
        let archived_on = self.optional_date(Column::ArchivedOn);
        self.judge_gaps();
        self.judge_order(received_on, registered_on, replied_on, archived_on);
        Some(LedgerRow {
            line: self.line,
            number: number?.to_owned(),
            channel: channel?,
            received_on: received_on?,
            registered_on: registered_on?,
            applicant_kind: kind?,
            applicant_name: name?.to_owned(),
            description: description?.to_owned(),
            department: department.filter(|name| !name.is_empty()).map(str::to_owned),
            concluded: outcome.zip(replied_on),
            archived_on,
        })
    }

    fn outcome(&mut self) -> Option<Outcome> {
        if self.is_empty(Column::Outcome) {
            return None;
        }
        self.code(Column::Outcome, Outcome::ALL, Outcome::code, Outcome::label_zh)
    }

    /// Outcome and day of the reply: both, or neither. No filing without them.
    fn judge_gaps(&mut self) {
        let (no_outcome, no_reply) = (self.is_empty(Column::Outcome), self.is_empty(Column::RepliedOn));
        if no_outcome && !no_reply {
            let wrong = reason("empty, although replied_on is given", "填了replied_on，此列不能为空");
            self.refuse(Column::Outcome, wrong);
        }
        if no_reply && !no_outcome {
            let wrong = reason("empty, although outcome is given", "填了outcome，此列不能为空");
            self.refuse(Column::RepliedOn, wrong);
        }
        if no_reply && !self.is_empty(Column::ArchivedOn) {
            let wrong = reason("given, although replied_on is empty", "replied_on为空，此列也应为空");
            self.refuse(Column::ArchivedOn, wrong);
        }
    }

    /// The order in which the stages of a case follow each other. The same day is in order.
    fn judge_order(
        &mut self,
        received_on: Option<NaiveDate>,
        registered_on: Option<NaiveDate>,
        replied_on: Option<NaiveDate>,
        archived_on: Option<NaiveDate>,
    ) {
        let earliest = self.bounds.earliest;
        if received_on.is_some_and(|on| on < earliest) {
            let zh = format!("早于可接受的最早日期{earliest}");
            self.refuse(
                Column::ReceivedOn,
                reason(format!("before {earliest}, the earliest day accepted"), zh),
            );
        }
        let before = |later: Option<NaiveDate>, earlier: Option<NaiveDate>| {
            later.zip(earlier).is_some_and(|(later, earlier)| later < earlier)
        };
        if before(registered_on, received_on) {
            self.refuse(Column::RegisteredOn, reason("before received_on", "早于received_on"));
        }
        if before(replied_on, received_on) {
            self.refuse(Column::RepliedOn, reason("before received_on", "早于received_on"));
        }
        if before(archived_on, replied_on) {
            self.refuse(Column::ArchivedOn, reason("before replied_on", "早于replied_on"));
        }
    }

    /// The column's text, of `shortest` to `longest` characters.
    fn text(&mut self, column: Column, shortest: usize, longest: usize) -> Option<&'a str> {
        let text = self.cell(column);
        let length = text.chars().count();
        let breaks = column == Column::Description;
        let control = |c: char| c.is_control() && !(breaks && matches!(c, '\n' | '\r' | '\t'));
        let wrong = if length < shortest {
            reason("empty", "不能为空")
        } else if length > longest {
            reason(
                format!("{length} characters; at most {longest} are allowed"),
                format!("有{length}个字，最多{longest}个"),
            )
        } else if text.contains(control) {
            reason("contains a control character", "含有控制字符")
        } else {
            return Some(text);
        };
        self.refuse(column, wrong);
        None
    }

    /// The value whose code the column gives. A Chinese name in its place is answered with its code.
    fn code<T: Copy>(
        &mut self,
        column: Column,
        all: &[T],
        code: fn(T) -> &'static str,
        label_zh: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.cell(column);
        let found = all.iter().copied().find(|&value| code(value) == text);
        if found.is_some() {
            return found;
        }
        let codes: Vec<&str> = all.iter().map(|&value| code(value)).collect();
        let mut en = format!("not one of the codes {}", codes.join(", "));
        let mut zh = format!("不是以下代码之一：{}", codes.join("、"));
        if let Some(meant) = meant_by(text, all, label_zh) {
            en = format!("for {text} write {}; {en}", code(meant));
            zh = format!("“{text}”应写作{}；{zh}", code(meant));
        }
        self.refuse(column, reason(en, zh));
        None
    }

    fn optional_date(&mut self, column: Column) -> Option<NaiveDate> {
        if self.is_empty(column) { None } else { self.date(column) }
    }

    /// The column's day, which is not after today.
    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        let text = self.cell(column);
        let today = self.bounds.today;
        let wrong = match strict_date(text) {
            Some(on) if on <= today => return Some(on),
            Some(_) => reason(format!("after today, {today}"), format!("晚于今天（{today}）")),
            None => match meant_date(text) {
                Some(meant) => {
                    reason(format!("not written YYYY-MM-DD; write {meant}"), format!("日期应写作{meant}"))
                }
                None => reason("not a date YYYY-MM-DD of the calendar", "不是有效日期，应为YYYY-MM-DD"),
            },
        };
        self.refuse(column, wrong);
        None
    }

    /// The column's text; empty also when it is illegible, which has been refused already.
    fn cell(&self, column: Column) -> &'a str {
        self.cells.get(&column).copied().unwrap_or_default()
    }

    /// Whether the column is legible and empty.
    fn is_empty(&self, column: Column) -> bool {
        self.cells.get(&column).is_some_and(|text| text.is_empty())
    }

    /// Notes what is wrong with a column; the first reason stands.
    fn refuse(&mut self, column: Column, wrong: Reason) {
        self.wrong.entry(column).or_insert(wrong);
    }

    fn refusals(mut self) -> Vec<Refused> {
        let wrong = std::mem::take(&mut self.wrong);
        let legible = !wrong.contains_key(&Column::Number);
        let number = legible.then(|| self.cell(Column::Number).to_owned());
        wrong.into_iter().map(|(column, wrong)| self.refusal(number.clone(), Some(column), wrong)).collect()
    }

    fn refusal(
        &self,
        number: Option<String>,
        column: Option<Column>,
        (reason_en, reason_zh): Reason,
    ) -> Refused {
        Refused { line: self.line, number, column: column.map(Column::name), reason_en, reason_zh }
    }
}

/// The value whose Chinese name the text is, or is part of (网络 of 网络提交); none if there are several.
fn meant_by<T: Copy>(text: &str, all: &[T], label_zh: fn(T) -> &'static str) -> Option<T> {
    if let Some(&named) = all.iter().find(|&&value| label_zh(value) == text) {
        return Some(named);
    }
    let mut partly = all.iter().copied().filter(|&value| !text.is_empty() && label_zh(value).contains(text));
    partly.next().filter(|_| partly.next().is_none())
}

/// The day that a text gives as `YYYY-MM-DD`, four digits, two and two.
fn strict_date(text: &str) -> Option<NaiveDate> {
    let shaped =
        |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    let strict = text.len() == 10 && text.bytes().enumerate().all(shaped);
    if strict { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok() } else { None }
}

/// The day that a text gives in another way with the year first: `2023/1/5`, `2023年1月5日`, `2023-01-05 09:30`.
fn meant_date(text: &str) -> Option<NaiveDate> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}
