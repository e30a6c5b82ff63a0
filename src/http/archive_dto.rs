//! The file of a case as the interface shows it; names as in DA/T 46-2009, in English.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::archive::CaseFile;
use crate::app::case_view::CaseDetail;
use crate::domain::archive::catalogue::{Piece, catalogue};
use crate::domain::archive::{Retention, RetentionGround};
use crate::domain::attachment::{FileType, Purpose};
use crate::domain::case::archive_record::{Appraisal, Hold};
use crate::domain::case::event::{ErasureGround, Filed, ItemNumber, Proposal};

/// A case's file: its metadata and the catalogue of its pieces.
#[derive(Serialize, ToSchema)]
#[schema(title = "CaseFile")]
pub struct CaseFileView {
    /// 聚合层次: `file`.
    #[schema(example = "file")]
    pub aggregation_level: &'static str,
    /// 档号; `null` before it is archived, and for a file taken over without one.
    #[schema(example = "Z109-1-2026-D30-0007")]
    pub archival_code: Option<String>,
    /// 全宗号.
    pub fonds_identifier: String,
    /// 立档单位名称.
    pub fonds_constituting_unit_name: String,
    /// 目录号.
    pub catalogue_number: String,
    /// 年度: the year in which the case was concluded.
    pub year: Option<i32>,
    /// 室编件号.
    pub agency_item_number: Option<u32>,
    /// 保管期限; before archiving, what it would be.
    pub retention_period: Retention,
    /// Why, by rule: `ordinary`, `refusal` or `dispute`.
    #[schema(example = "refusal")]
    pub retention_ground: &'static str,
    /// What it would be by rule, where the archivist kept it longer.
    pub retention_by_rule: Option<Retention>,
    /// The last day of the period, counted from 1 January of the year after archiving; `null` for ever.
    #[schema(example = "2056-12-31")]
    pub retention_ends_on: Option<NaiveDate>,
    /// 题名: the clerk's summary.
    pub title: Option<String>,
    /// 文件编号: the registration number.
    pub document_number: Option<String>,
    /// The day of archiving; `null` before.
    pub archived_on: Option<NaiveDate>,
    /// The version of the case whose file this is.
    pub version: u32,
    /// 卷内文件, the oldest first.
    pub pieces: Vec<PieceView>,
}

/// One piece of a file.
#[derive(Serialize, ToSchema)]
#[schema(title = "FilePiece")]
pub struct PieceView {
    /// 文档序号, from 1.
    pub document_sequence_number: u32,
    /// 题名.
    #[schema(example = "政府信息公开申请")]
    pub title: String,
    /// 文种.
    #[schema(example = "application")]
    pub document_type: &'static str,
    /// 责任者: `applicant`, `agency`, `consulted`, `examiner`, `secrecy_authority` or `calendar_authority`.
    #[schema(example = "applicant")]
    pub author: &'static str,
    /// 日期.
    pub date: NaiveDate,
    /// The event in the case's history.
    pub event_seq: u32,
    /// The event's type.
    #[schema(example = "received")]
    pub event_type: &'static str,
    /// How many words the piece has, and how many of them are erased.
    pub words: u32,
    /// Of these, erased.
    pub words_erased: u32,
    /// The hash of the content reviewed, where the piece is about a version of the reply.
    pub content_hash: Option<String>,
    /// The file, where the piece is one; what the record says of it stays when its content is erased.
    pub file: Option<PieceFileView>,
}

/// A file of a case, as its catalogue names it.
#[derive(Serialize, ToSchema)]
#[schema(title = "FilePieceFile")]
pub struct PieceFileView {
    /// The attachment.
    #[schema(format = "uuid")]
    pub attachment_id: String,
    /// What it is for.
    #[schema(value_type = Purpose)]
    pub purpose: &'static str,
    /// What its content is.
    #[schema(value_type = FileType)]
    pub file_type: &'static str,
    /// Bytes.
    pub size: u64,
    /// The hash that the record holds: keyed, so that nobody can try out known documents.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub content_hash: String,
    /// The SHA-256 of the content; `null` when erased.
    pub sha256: Option<String>,
}

/// A case's file, with its catalogue.
pub fn case_file(file: &CaseFile) -> CaseFileView {
    let case = &file.loaded.before.case;
    let filed = case.archive.file.as_ref();
    let named = |of: fn(&Filed) -> &String, shelf: &String| filed.map_or(shelf, of).clone();
    CaseFileView {
        aggregation_level: "file",
        archival_code: filed.and_then(Filed::code),
        fonds_identifier: named(|filed| &filed.fonds, &file.shelf.fonds),
        fonds_constituting_unit_name: file.loaded.custodian.row.name.clone(),
        catalogue_number: named(|filed| &filed.catalogue, &file.shelf.catalogue),
        year: filed.map(|filed| filed.year),
        agency_item_number: filed.and_then(|filed| match filed.item {
            ItemNumber::Given(item) => Some(item),
            ItemNumber::Due => None,
        }),
        retention_period: file.kept.retention,
        retention_ground: file.kept.ground.code(),
        retention_by_rule: filed.map(|filed| filed.by_rule),
        retention_ends_on: file.kept.ends_on,
        title: file.loaded.before.row.subject.clone(),
        document_number: file.loaded.before.row.number.clone(),
        archived_on: case.state.archived_on(),
        version: case.version,
        pieces: catalogue(&file.loaded.events).iter().map(|it| piece(file, it)).collect(),
    }
}

fn piece(file: &CaseFile, piece: &Piece) -> PieceView {
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    let erased = piece.words.iter().filter(|words| !file.present.contains(&words.text.id)).count();
    PieceView {
        document_sequence_number: piece.number,
        title: piece.title.clone(),
        document_type: piece.document_type.code(),
        author: piece.author.code(),
        date: piece.on,
        event_seq: piece.seq,
        event_type: piece.event,
        words: count(piece.words.len()),
        words_erased: count(erased),
        content_hash: piece.content.map(|content| content.to_string()),
        file: piece.file.map(|it| PieceFileView {
            attachment_id: it.attachment.to_string(),
            purpose: it.purpose.code(),
            file_type: it.file_type.code(),
            size: it.size,
            content_hash: it.content.to_string(),
            sha256: file.digests.get(&it.attachment).map(|(_, sha256)| sha256.clone()),
        }),
    }
}

/// What the archive keeps of a case.
#[derive(Serialize, ToSchema)]
#[schema(title = "CaseArchive")]
pub struct ArchiveView {
    /// 档号; `null` for a file taken over without one.
    #[schema(example = "Z109-1-2026-D30-0007")]
    pub archival_code: Option<String>,
    /// 保管期限; `null` before archiving.
    pub retention: Option<Retention>,
    /// Why, by rule: `ordinary`, `refusal` or `dispute`.
    #[schema(example = "refusal")]
    pub ground: Option<&'static str>,
    /// The last day of the period; `null` for ever, and before archiving.
    pub retention_ends_on: Option<NaiveDate>,
    /// 暂缓处置, the oldest first.
    pub holds: Vec<HoldView>,
    /// 鉴定, the oldest first.
    pub appraisals: Vec<AppraisalView>,
    /// The day on which words and the applicant's record were last erased.
    pub erased_on: Option<NaiveDate>,
    /// The day of disposal (销毁).
    pub disposed_on: Option<NaiveDate>,
}

/// A hold.
#[derive(Serialize, ToSchema)]
#[schema(title = "Hold")]
pub struct HoldView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// Since when.
    pub placed_on: NaiveDate,
    /// By whom.
    #[schema(format = "uuid")]
    pub placed_by: Option<String>,
    /// Until when; `null` while it stands.
    pub lifted_on: Option<NaiveDate>,
}

/// An appraisal.
#[derive(Serialize, ToSchema)]
#[schema(title = "Appraisal")]
pub struct AppraisalView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// `dispose`, `retain` or `erase`.
    #[schema(example = "dispose")]
    pub proposal: &'static str,
    /// With `retain`: for how long.
    pub retention: Option<Retention>,
    /// With `erase`: on what ground.
    pub ground: Option<ErasureGround>,
    /// When it was proposed.
    pub proposed_on: NaiveDate,
    /// By whom.
    #[schema(format = "uuid")]
    pub proposed_by: Option<String>,
    /// Whether it was approved; `null` while it waits.
    pub approved: Option<bool>,
    /// When it was decided upon.
    pub decided_on: Option<NaiveDate>,
}

/// What the archive keeps of a case; nothing before it is archived or held.
pub fn archive(detail: &CaseDetail) -> Option<ArchiveView> {
    let (projection, record) = (&detail.projection, &detail.case.archive);
    if projection.kept.is_none() && record.holds.is_empty() && record.appraisals.is_empty() {
        return None;
    }
    Some(ArchiveView {
        archival_code: projection.archival_code.clone(),
        retention: projection.kept.map(|kept| kept.retention),
        ground: projection.kept.map(|kept| RetentionGround::code(kept.ground)),
        retention_ends_on: projection.kept.and_then(|kept| kept.ends_on),
        holds: record.holds.iter().map(hold).collect(),
        appraisals: record.appraisals.iter().map(appraisal).collect(),
        erased_on: record.erased_on,
        disposed_on: record.disposed_on,
    })
}

fn hold(hold: &Hold) -> HoldView {
    HoldView {
        n: hold.n,
        placed_on: hold.placed_on,
        placed_by: hold.placed_by.map(|person| person.to_string()),
        lifted_on: hold.lifted_on,
    }
}

fn appraisal(appraisal: &Appraisal) -> AppraisalView {
    let (retention, ground) = match appraisal.proposal {
        Proposal::Dispose => (None, None),
        Proposal::Retain { retention } => (Some(retention), None),
        Proposal::Erase { ground } => (None, Some(ground)),
    };
    AppraisalView {
        n: appraisal.n,
        proposal: appraisal.proposal.code(),
        retention,
        ground,
        proposed_on: appraisal.proposed_on,
        proposed_by: appraisal.proposed_by.map(|person| person.to_string()),
        approved: appraisal.decided.map(|(approved, _)| approved),
        decided_on: appraisal.decided.map(|(_, on)| on),
    }
}
