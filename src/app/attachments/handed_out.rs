//! The files that go into a case's export.

use std::collections::BTreeMap;

use super::opening::may_open;
use super::{Content, Standing, standing};
use crate::app::App;
use crate::app::case_view::Loaded;
use crate::app::error::AppError;
use crate::domain::attachment::Purpose;
use crate::domain::case::Case;
use crate::domain::ids::AttachmentId;
use crate::domain::role::Actor;
use crate::store::Key;

/// What of a case's files is handed out.
#[derive(Default)]
pub(in crate::app) struct HandedOut {
    /// The contents.
    pub contents: BTreeMap<AttachmentId, Content>,
    /// The files that are left out, and why: `identity_proof`, `personal_data`, `quarantined`, `blocked` or `erased`.
    pub left_out: BTreeMap<AttachmentId, &'static str>,
    /// Those among the contents that hold what people wrote.
    pub opened: Vec<AttachmentId>,
}

/// Which files are wanted. Never a proof of identity, which shows unmasked what the words of an export mask.
#[derive(Clone, Copy)]
pub(in crate::app) enum Wanted<'a> {
    /// The documents of the reply.
    OfTheReply,
    /// What somebody may open with a reason, too.
    OpenTo(&'a Actor),
    /// What people wrote, too: for the operator at the server.
    All,
}

impl Wanted<'_> {
    /// Why a file of this purpose is left out though it is there.
    fn why_not(self, purpose: Purpose, case: &Case) -> Option<&'static str> {
        let is_wanted = match self {
            Self::OfTheReply => purpose.is_of_the_reply(),
            Self::OpenTo(actor) => purpose.is_of_the_reply() || may_open(actor, purpose, case),
            Self::All => true,
        };
        match purpose {
            Purpose::IdentityProof => Some("identity_proof"),
            Purpose::Application
            | Purpose::Evidence
            | Purpose::ReplyAttachment
            | Purpose::Consultation
            | Purpose::Other => (!is_wanted).then_some("personal_data"),
        }
    }
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

    /// The contents that are wanted, but for what waits to be scanned, is harmful or was erased. Those struck out are of the record
    /// too.
    pub(in crate::app) async fn handed_out(
        &self,
        loaded: &Loaded,
        wanted: Wanted<'_>,
    ) -> Result<HandedOut, AppError> {
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
                Standing::Available => wanted.why_not(it.purpose, case),
                Standing::Quarantined => Some("quarantined"),
                Standing::Blocked(_) => Some("blocked"),
                Standing::Erased => Some("erased"),
            };
            if let Some(why_not) = why_not {
                found.left_out.insert(it.id, why_not);
                continue;
            }
            let (content, manifest) = Content::kept(&loaded.agency, files, &row)?;
            manifest.must_be(&row, &it.content.0, it.size)?;
            found.contents.insert(it.id, content);
            if !it.purpose.is_of_the_reply() {
                found.opened.push(it.id);
            }
        }
        for it in case.attachments.iter().filter(|it| !found.contents.contains_key(&it.id)) {
            found.left_out.entry(it.id).or_insert("erased");
        }
        Ok(found)
    }
}
