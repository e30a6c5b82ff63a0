//! The files that go into a case's export.

use std::collections::BTreeMap;

use super::{Content, Standing, standing};
use crate::app::App;
use crate::app::case_view::Loaded;
use crate::app::error::AppError;
use crate::domain::attachment::Purpose;
use crate::domain::ids::AttachmentId;
use crate::store::Key;

/// What of a case's files is handed out.
#[derive(Default)]
pub(in crate::app) struct HandedOut {
    /// The contents.
    pub contents: BTreeMap<AttachmentId, Content>,
    /// The files that are left out, and why: `identity_proof`, `quarantined`, `blocked` or `erased`.
    pub left_out: BTreeMap<AttachmentId, &'static str>,
}

impl App {
    /// The files of a case that nobody may open before they are scanned.
    pub(in crate::app) async fn unscanned(&self, loaded: &Loaded) -> Result<Vec<AttachmentId>, AppError> {
        let case = &loaded.before.case;
        let scanning = self.files.as_ref().is_some_and(|files| files.scanner.is_some());
        if !scanning || case.attachments.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.store.contents_of_case(Key(loaded.agency.id.0), Key(case.id.0)).await?;
        let waits = rows.iter().filter(|(_, row)| standing(row, scanning) == Standing::Quarantined);
        Ok(waits.map(|(id, _)| AttachmentId(id.0)).collect())
    }

    /// The contents that whoever may read the case may have: not a proof of identity, which shows unmasked what the words of
    /// an export mask, nor what waits to be scanned, is harmful or was erased. Those struck out are of the record too.
    pub(in crate::app) async fn handed_out(&self, loaded: &Loaded) -> Result<HandedOut, AppError> {
        let case = &loaded.before.case;
        let mut found = HandedOut::default();
        if case.attachments.is_empty() {
            return Ok(found);
        }
        let files = self.files()?;
        for (id, row) in self.store.contents_of_case(Key(loaded.agency.id.0), Key(case.id.0)).await? {
            let Some(it) = case.attachment(AttachmentId(id.0)) else { continue };
            let standing = standing(&row, files.scanner.is_some());
            let why_not = match standing {
                Standing::Available if it.purpose == Purpose::IdentityProof => "identity_proof",
                Standing::Quarantined => "quarantined",
                Standing::Blocked(_) => "blocked",
                Standing::Erased => "erased",
                Standing::Available => {
                    let (content, manifest) = Content::kept(&loaded.agency, files, &row)?;
                    manifest.must_be(&row, &it.content.0, it.size)?;
                    found.contents.insert(it.id, content);
                    continue;
                }
            };
            found.left_out.insert(it.id, why_not);
        }
        for it in case.attachments.iter().filter(|it| !found.contents.contains_key(&it.id)) {
            found.left_out.entry(it.id).or_insert("erased");
        }
        Ok(found)
    }
}
