//! The pieces about remedies (复议、诉讼、投诉举报): named by what was brought.

use std::collections::BTreeMap;

use super::{Author, DocumentType};
use crate::domain::case::Recorded;
use crate::domain::case::event::{Event, Follows, RemedyConcluded};
use crate::domain::remedy::RemedyKind;

/// What each remedy of a record is, by its number: later events about it say the number only.
pub(super) fn kinds(events: &[Recorded]) -> BTreeMap<u32, RemedyKind> {
    let filed = events.iter().filter_map(|recorded| {
        if let Event::RemedyFiled(filed) = &recorded.event { Some((filed.n, filed.kind)) } else { None }
    });
    filed.collect()
}

/// What came from whoever examines the reply.
pub(super) fn papers(n: u32, kind: RemedyKind) -> (String, DocumentType, Author) {
    let title = match kind {
        RemedyKind::Reconsideration => "行政复议答复通知书",
        RemedyKind::LitigationDirect | RemedyKind::LitigationAfterReconsideration => "行政诉讼应诉通知书",
        RemedyKind::Complaint => "投诉举报材料",
    };
    (format!("{title}（第{n}件）"), DocumentType::Notice, Author::Examiner)
}

/// What the office answered.
pub(super) fn answer(n: u32, kind: Option<&RemedyKind>) -> (String, DocumentType, Author) {
    let title = match kind {
        Some(RemedyKind::Reconsideration) => "行政复议答复书",
        Some(RemedyKind::LitigationDirect | RemedyKind::LitigationAfterReconsideration) => "行政诉讼答辩状",
        Some(RemedyKind::Complaint) | None => "投诉举报办理答复",
    };
    (format!("{title}（第{n}件）"), DocumentType::Defence, Author::Agency)
}

/// What came of it.
pub(super) fn ruling(it: &RemedyConcluded, kind: Option<&RemedyKind>) -> (String, DocumentType, Author) {
    let title = match kind {
        Some(RemedyKind::Reconsideration) => "行政复议决定书",
        Some(RemedyKind::LitigationDirect | RemedyKind::LitigationAfterReconsideration) => "行政裁判文书",
        Some(RemedyKind::Complaint) | None => "投诉举报处理结果",
    };
    let anew = match it.follows {
        Follows::Nothing => "",
        Follows::AnswerAnew { .. } => "，责令重新答复",
    };
    let title = format!("{title}（第{}件，{}{anew}）", it.n, it.result.label_zh());
    (title, DocumentType::Ruling, Author::Examiner)
}
