//! A row that is accepted.

use chrono::NaiveDate;

use crate::domain::annual_report::ReportFacts;
use crate::domain::applicant::ApplicantKind;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;

/// One case as a ledger lists it. Texts are without the white space around them.
///
/// It holds the applicant's name and words, so `Debug` shows only the line and the number.
#[derive(Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The physical line, from 1, on which the row begins. Not part of its content.
    pub line: u64,
    /// The office's own number of the case; unique in the file.
    pub number: String,
    /// The channel by which the request came.
    pub channel: Channel,
    /// The day of receipt in the sense of Art. 31.
    pub received_on: NaiveDate,
    /// The day of registration, not before `received_on`.
    pub registered_on: NaiveDate,
    /// The applicant's kind.
    pub applicant_kind: ApplicantKind,
    /// The applicant's name.
    pub applicant_name: String,
    /// What was asked for.
    pub description: String,
    /// The department that handled it, if the ledger says so.
    pub department: Option<String>,
    /// The outcome and the day of the reply (columns `outcome` and `replied_on`), not before `received_on`;
    /// `None` is an open case.
    pub concluded: Option<(Outcome, NaiveDate)>,
    /// The day of filing, not before the reply; only of a concluded case.
    pub archived_on: Option<NaiveDate>,
}

impl LedgerRow {
    /// What the annual report needs to know of the case.
    pub fn facts(&self) -> ReportFacts {
        ReportFacts { kind: self.applicant_kind, received_on: self.received_on, outcome: self.concluded }
    }

    /// The row's whole content as one text: equal texts exactly for rows with equal content, wherever they
    /// stand in whatever file. Made for a keyed digest by which a repeated import is recognised, so its form
    /// must never change; it starts with its version. Each column is `name:length in bytes:value` and a line
    /// feed, in the order of the header; an empty one has length 0.
    ///
    /// The text contains the applicant's data: never store or log it.
    pub fn canonical(&self) -> String {
        let date = |on: Option<NaiveDate>| on.map(|on| on.to_string()).unwrap_or_default();
        let columns = [
            ("number", self.number.clone()),
            ("channel", self.channel.code().to_owned()),
            ("received_on", date(Some(self.received_on))),
            ("registered_on", date(Some(self.registered_on))),
            ("applicant_kind", self.applicant_kind.code().to_owned()),
            ("applicant_name", self.applicant_name.clone()),
            ("description", self.description.clone()),
            ("department", self.department.clone().unwrap_or_default()),
            ("outcome", self.concluded.map(|(outcome, _)| outcome.code().to_owned()).unwrap_or_default()),
            ("replied_on", date(self.concluded.map(|(_, on)| on))),
            ("archived_on", date(self.archived_on)),
        ];
        let lines = columns.map(|(name, value)| format!("{name}:{}:{value}\n", value.len()));
        format!("ledger-row/1\n{}", lines.concat())
    }
}

impl std::fmt::Debug for LedgerRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedgerRow")
            .field("line", &self.line)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
