//! The files that go into a case's export.

use std::collections::BTreeMap;

use super::{Content, Standing, standing};
use crate::app::App;
use crate::app::case_view::Loaded;
use crate::app::error::AppError;
use crate::domain::attachment::Purpose;
use crate::domain::ids::AttachmentId;
use crate::store::Key;

impl App {
    /// The contents that whoever may read the case may have: not a proof of identity, which shows unmasked what the words of
    /// an export mask, nor what waits to be scanned, is harmful or was erased. Those struck out are of the record too.
    pub(in crate::app) async fn handed_out(
        &self,
        loaded: &Loaded,
    ) -> Result<BTreeMap<AttachmentId, Content>, AppError> {
        let case = &loaded.before.case;
        let mut found = BTreeMap::new();
        if case.attachments.is_empty() {
            return Ok(found);
        }
        let files = self.files()?;
        for (id, row) in self.store.contents_of_case(Key(loaded.agency.id.0), Key(case.id.0)).await? {
            let Some(it) = case.attachment(AttachmentId(id.0)) else { continue };
            let open = standing(&row, files.scanner.is_some()) == Standing::Available;
            if open && it.purpose != Purpose::IdentityProof {
                let (content, manifest) = Content::kept(&loaded.agency, files, &row)?;
                manifest.must_be(&row, &it.content.0, it.size)?;
                found.insert(it.id, content);
            }
        }
        Ok(found)
    }
}
