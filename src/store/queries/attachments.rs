//! Uploads, contents, and which attachment has which.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::Conn;
use super::commit::keep_answer;
use crate::store::attachments::{
    CaseAttachmentRow, ContentRow, NewAttachment, RemovalRow, UploadLimit, UploadRow,
};
use crate::store::commit::{Commit, Retry};
use crate::store::error::StoreError;
use crate::store::record::Meta;
use crate::store::schema::{attachment_contents, attachment_removals, attachment_uploads, case_attachments};
use crate::store::types::{At, Key};

/// Begins an upload, unless the account has `most` under way. Must run inside a write transaction.
pub(in crate::store) fn upload_begin_in_tx(
    conn: &mut Conn,
    row: &UploadRow,
    most: i64,
    keep: Option<(Retry, Vec<u8>)>,
    meta: Meta,
) -> Result<Result<(), UploadLimit>, StoreError> {
    let open: i64 = attachment_uploads::table
        .filter(attachment_uploads::agency_id.eq(row.agency_id))
        .filter(attachment_uploads::account_id.eq(row.account_id))
        .filter(attachment_uploads::state.eq("open"))
        .filter(attachment_uploads::expires_at.gt(row.created_at))
        .count()
        .get_result(conn)?;
    if open >= most {
        return Ok(Err(UploadLimit::TooManyOpen));
    }
    diesel::insert_into(attachment_uploads::table).values(row).execute(conn)?;
    if let Some((retry, answer)) = keep {
        keep_answer(conn, &retry, (Some(row.case_id), answer), meta)?;
    }
    Ok(Ok(()))
}

pub(in crate::store) fn upload_by_id(
    conn: &mut Conn,
    agency: Key,
    id: Key,
) -> Result<Option<UploadRow>, StoreError> {
    let found = attachment_uploads::table.find((agency, id)).select(UploadRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// Notes why an upload's content was not taken. Must run inside a write transaction.
pub(in crate::store) fn upload_refuse_in_tx(
    conn: &mut Conn,
    agency: Key,
    id: Key,
    refusal: &str,
) -> Result<(), StoreError> {
    diesel::update(attachment_uploads::table.find((agency, id)).filter(attachment_uploads::state.eq("open")))
        .set((
            attachment_uploads::state.eq("refused"),
            attachment_uploads::refusal.eq(refusal),
            attachment_uploads::sealed_key.eq(None::<Vec<u8>>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Uploads whose time is over, with whether their bytes are a content that is kept.
pub(in crate::store) fn uploads_expired(
    conn: &mut Conn,
    before: At,
    limit: i64,
) -> Result<Vec<(UploadRow, bool)>, StoreError> {
    let rows: Vec<UploadRow> = attachment_uploads::table
        .filter(attachment_uploads::expires_at.lt(before))
        .order(attachment_uploads::expires_at.asc())
        .limit(limit)
        .select(UploadRow::as_select())
        .load(conn)?;
    let mut expired = Vec::with_capacity(rows.len());
    for row in rows {
        let kept = content_by_id(conn, row.agency_id, row.id)?.is_some();
        expired.push((row, kept));
    }
    Ok(expired)
}

/// Forgets an upload. Must run inside a write transaction.
pub(in crate::store) fn upload_forget_in_tx(conn: &mut Conn, agency: Key, id: Key) -> Result<(), StoreError> {
    diesel::delete(attachment_uploads::table.find((agency, id))).execute(conn)?;
    Ok(())
}

pub(in crate::store) fn content_by_id(
    conn: &mut Conn,
    agency: Key,
    id: Key,
) -> Result<Option<ContentRow>, StoreError> {
    let found = attachment_contents::table.find((agency, id)).select(ContentRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// The attachments of a case with their contents.
pub(in crate::store) fn contents_of_case(
    conn: &mut Conn,
    agency: Key,
    case: Key,
) -> Result<Vec<(Key, ContentRow)>, StoreError> {
    Ok(case_attachments::table
        .inner_join(
            attachment_contents::table.on(attachment_contents::agency_id
                .eq(case_attachments::agency_id)
                .and(attachment_contents::id.eq(case_attachments::content_id))),
        )
        .filter(case_attachments::agency_id.eq(agency))
        .filter(case_attachments::case_id.eq(case))
        .order(case_attachments::id.asc())
        .select((case_attachments::id, ContentRow::as_select()))
        .load(conn)?)
}

/// The attachments that have a content.
pub(in crate::store) fn attachments_of_content(
    conn: &mut Conn,
    agency: Key,
    content: Key,
) -> Result<Vec<CaseAttachmentRow>, StoreError> {
    Ok(case_attachments::table
        .filter(case_attachments::agency_id.eq(agency))
        .filter(case_attachments::content_id.eq(content))
        .order((case_attachments::case_id.asc(), case_attachments::id.asc()))
        .select(CaseAttachmentRow::as_select())
        .load(conn)?)
}

/// Contents that no antivirus program has looked at, the oldest first.
pub(in crate::store) fn contents_unscanned(
    conn: &mut Conn,
    after: At,
    limit: i64,
) -> Result<Vec<ContentRow>, StoreError> {
    Ok(attachment_contents::table
        .filter(attachment_contents::scan.eq("none"))
        .filter(attachment_contents::created_at.gt(after))
        .order((attachment_contents::created_at.asc(), attachment_contents::id.asc()))
        .limit(limit)
        .select(ContentRow::as_select())
        .load(conn)?)
}

/// Notes what an antivirus program said; once. Must run inside a write transaction.
pub(in crate::store) fn content_scanned_in_tx(
    conn: &mut Conn,
    agency: Key,
    id: Key,
    finding: Option<&str>,
    at: At,
) -> Result<(), StoreError> {
    let scan = if finding.is_some() { "infected" } else { "clean" };
    diesel::update(attachment_contents::table.find((agency, id)))
        .filter(attachment_contents::scan.eq("none"))
        .set((
            attachment_contents::scan.eq(scan),
            attachment_contents::finding.eq(finding),
            attachment_contents::scanned_at.eq(Some(at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The rows of a file that a commit attaches.
pub(super) fn attach_in_tx(conn: &mut Conn, commit: &Commit, new: &NewAttachment) -> Result<(), StoreError> {
    let agency_id = new.content.agency_id;
    let ended = diesel::update(
        attachment_uploads::table.find((agency_id, new.upload)).filter(attachment_uploads::state.eq("open")),
    )
    .set((attachment_uploads::state.eq("attached"), attachment_uploads::sealed_key.eq(None::<Vec<u8>>)))
    .execute(conn)?;
    if ended != 1 {
        // Another request was first with the same upload.
        return Err(StoreError::VersionConflict);
    }
    diesel::insert_into(attachment_contents::table)
        .values(&new.content)
        .on_conflict((attachment_contents::agency_id, attachment_contents::address))
        .do_nothing()
        .execute(conn)?;
    let content_id: Key = attachment_contents::table
        .filter(attachment_contents::agency_id.eq(agency_id))
        .filter(attachment_contents::address.eq(&new.content.address))
        .select(attachment_contents::id)
        .first(conn)?;
    let row = CaseAttachmentRow { agency_id, case_id: Key(commit.case.0), id: new.upload, content_id };
    diesel::insert_into(case_attachments::table).values(&row).execute(conn)?;
    Ok(())
}

/// Erases the files of a case: which contents it has, its uploads, and the contents (with their keys) that no other case of the
/// agency has. Their bytes are to be removed. Must run inside a write transaction that holds the agency's chain, so that
/// nobody attaches a content meanwhile.
pub(super) fn erase_in_tx(conn: &mut Conn, agency: Key, case: Key, at: At) -> Result<(), StoreError> {
    let mine = case_attachments::table
        .filter(case_attachments::agency_id.eq(agency))
        .filter(case_attachments::case_id.eq(case));
    let contents: BTreeSet<Key> = mine.select(case_attachments::content_id).load(conn)?.into_iter().collect();
    diesel::delete(mine).execute(conn)?;
    let mut without = Vec::new();
    for id in contents {
        let elsewhere = case_attachments::table
            .filter(case_attachments::agency_id.eq(agency))
            .filter(case_attachments::content_id.eq(id));
        if !diesel::select(diesel::dsl::exists(elsewhere)).get_result::<bool>(conn)? {
            diesel::delete(attachment_contents::table.find((agency, id))).execute(conn)?;
            without.push(id);
        }
    }
    let uploads = attachment_uploads::table
        .filter(attachment_uploads::agency_id.eq(agency))
        .filter(attachment_uploads::case_id.eq(case));
    let begun: Vec<Key> = uploads.select(attachment_uploads::id).load(conn)?;
    diesel::delete(uploads).execute(conn)?;
    for id in begun {
        // The bytes of an upload may be the content of another case's attachment.
        if content_by_id(conn, agency, id)?.is_none() {
            without.push(id);
        }
    }
    let rows: Vec<RemovalRow> =
        without.into_iter().map(|id| RemovalRow { agency_id: agency, id, created_at: at }).collect();
    for row in &rows {
        diesel::insert_into(attachment_removals::table).values(row).on_conflict_do_nothing().execute(conn)?;
    }
    Ok(())
}

/// Bytes that are to be removed, the oldest first, after one of them.
pub(in crate::store) fn removals(
    conn: &mut Conn,
    (at, id): (At, Key),
    limit: i64,
) -> Result<Vec<RemovalRow>, StoreError> {
    Ok(attachment_removals::table
        .filter(attachment_removals::created_at.ge(at))
        .filter(attachment_removals::created_at.gt(at).or(attachment_removals::id.gt(id)))
        .order((attachment_removals::created_at.asc(), attachment_removals::id.asc()))
        .limit(limit)
        .select(RemovalRow::as_select())
        .load(conn)?)
}

/// Notes that bytes were removed. Must run inside a write transaction.
pub(in crate::store) fn removed_in_tx(conn: &mut Conn, agency: Key, id: Key) -> Result<(), StoreError> {
    diesel::delete(attachment_removals::table.find((agency, id))).execute(conn)?;
    Ok(())
}
