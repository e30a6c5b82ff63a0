//! Every version of a case's reply, with what was decided about it: a draft that was returned stays readable.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::App;
use super::case_view::ReplyFile;
use super::error::AppError;
use super::people::{mask_words, open_text};
use super::reply_view::masked;
use crate::domain::case::Event;
use crate::domain::case::attachments::Attachment;
use crate::domain::case::event::{Digest, TextRef};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::outcome::Outcome;
use crate::domain::reply::Basis;
use crate::domain::review::{Checklist, Decision, Finding, Route, StepId};
use crate::domain::role::Actor;
use crate::store::Key;

/// One version of the reply.
#[derive(Clone, Debug)]
pub struct ReplyVersion {
    /// Counts from 1 within the case.
    pub version: u32,
    /// What it answers.
    pub outcome: Outcome,
    /// The words, masked; absent when erased.
    pub text: Option<String>,
    /// What it says besides, masked.
    pub basis: Basis<Option<String>>,
    /// Its hash, over outcome, words and basis.
    pub content: Digest,
    /// The day it was drafted, and by whom.
    pub drafted: (NaiveDate, Option<PersonId>),
    /// How it was submitted; more than once, when it was returned and submitted again with other files.
    pub submissions: Vec<VersionSubmission>,
    /// What was decided about it.
    pub decisions: Vec<VersionDecision>,
    /// The day it was issued.
    pub issued_on: Option<NaiveDate>,
}

/// A version as it was submitted.
#[derive(Clone, Debug)]
pub struct VersionSubmission {
    /// The day.
    pub on: NaiveDate,
    /// The hash that each decision names: over the version and the files.
    pub content: Digest,
    /// The route it took.
    pub route: Route,
    /// The files that go out with it.
    pub files: Vec<ReplyFile>,
}

/// What was decided about a version.
#[derive(Clone, Debug)]
pub struct VersionDecision {
    /// Which step.
    pub id: StepId,
    /// The hash of what was decided upon.
    pub content: Digest,
    /// What was decided, or what the secrecy authority found.
    pub what: Decided,
    /// The day.
    pub on: NaiveDate,
    /// By whom.
    pub by: Option<PersonId>,
    /// For whom, when not for himself.
    pub acting_for: Option<PersonId>,
    /// The opinion, masked.
    pub opinion: Option<String>,
    /// What a secrecy review answered.
    pub checklist: Option<Checklist>,
}

/// A decision, or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// By a reviewer.
    Decision(Decision),
    /// By the secrecy authority.
    Finding(Finding),
}

impl App {
    /// Every version of a case's reply, the oldest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such case, or the actor may not know of it.
    pub async fn reply_versions(&self, actor: &Actor, id: CaseId) -> Result<Vec<ReplyVersion>, AppError> {
        let loaded = self.load(actor, id).await?;
        let agency = &loaded.agency;
        let texts = loaded.events.iter().flat_map(|recorded| recorded.event.texts());
        let ids: Vec<Key> = texts.map(|text| Key(text.id.0)).collect();
        let named: Vec<_> = self.named(&loaded).await?.into_iter().map(|(_, applicant)| applicant).collect();
        let mut words = BTreeMap::new();
        for row in self.store.case_texts_by_id(Key(agency.id.0), ids).await? {
            words.insert(row.id.0, open_text(agency, &row)?);
        }
        let plain = |text: &TextRef| words.get(&text.id.0).cloned();
        let shown = |text: &TextRef| plain(text).map(|text| mask_words(&text, &named));
        let mut versions: Vec<ReplyVersion> = Vec::new();
        for recorded in &loaded.events {
            let (on, by) = (recorded.on, recorded.by.person());
            if let Event::Drafted { version, outcome, text, content, basis } = &recorded.event {
                let opened: Result<_, std::convert::Infallible> = basis.try_map(|_, text| Ok(plain(text)));
                let basis = match opened {
                    Ok(opened) => masked(&opened, &named),
                };
                versions.push(ReplyVersion {
                    version: *version,
                    outcome: *outcome,
                    text: shown(text),
                    basis,
                    content: *content,
                    drafted: (on, by),
                    submissions: Vec::new(),
                    decisions: Vec::new(),
                    issued_on: None,
                });
                continue;
            }
            // What follows a draft is about the newest one.
            let Some(newest) = versions.last_mut() else { continue };
            if let Event::Submitted { route, content, attachments, .. } = &recorded.event {
                let files =
                    attachments.iter().filter_map(|file| loaded.before.case.attachment(file.attachment));
                let file = |file: &Attachment| ReplyFile {
                    id: file.id,
                    file_type: file.file_type,
                    size: file.size,
                    content: file.content,
                    sha256: plain(&file.sha256),
                    name: shown(&file.name),
                };
                let (content, route, files) = (*content, route.clone(), files.map(file).collect());
                newest.submissions.push(VersionSubmission { on, content, route, files });
            } else if let Event::Reviewed { step, level, acting_for, decision, content, opinion, checklist } =
                &recorded.event
            {
                newest.decisions.push(VersionDecision {
                    id: StepId { step: *step, level: *level },
                    content: *content,
                    what: Decided::Decision(*decision),
                    on,
                    by,
                    acting_for: *acting_for,
                    opinion: opinion.as_ref().and_then(shown),
                    checklist: *checklist,
                });
            } else if let Event::ReferralAnswered(answered) = &recorded.event {
                let content = newest.submissions.last().map_or(newest.content, |it| it.content);
                newest.decisions.push(VersionDecision {
                    id: answered.id,
                    content,
                    what: Decided::Finding(answered.finding),
                    on,
                    by,
                    acting_for: None,
                    opinion: shown(&answered.text),
                    checklist: None,
                });
            } else if let Event::Issued { .. } = &recorded.event {
                newest.issued_on = Some(on);
            }
        }
        Ok(versions)
    }
}
