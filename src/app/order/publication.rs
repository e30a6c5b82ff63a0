//! The orders of a proactive publication, their words still in clear.

use crate::app::case_view::Words;
use crate::app::error::{AppError, FieldError};
use crate::app::people::{Sealer, TextKind};
use crate::app::shown::{check_shown, check_words};
use crate::domain::case::command::{PublicationCommand, PublicationKind};
use crate::domain::case::document::Document;
use crate::domain::case::event::{PlaceKind, ProposedBy};
use crate::domain::search::same_document::DocumentKeys;
use crate::store::PublicationWords;

/// A command of a proactive publication as it is asked for. `n` says which proposal, from 1.
#[derive(Clone, Debug)]
pub enum PublicationOrder {
    /// See [`PublicationCommand::Propose`].
    Propose {
        /// Whose idea it is.
        proposed_by: ProposedBy,
        /// The document.
        document: Document,
        /// Why.
        reason: String,
        /// The newest earlier proposal about the same document: found when it is carried out.
        same_as: Option<u32>,
    },
    /// See [`PublicationCommand::Decide`].
    Decide {
        /// Which.
        n: u32,
        /// Whether it is approved.
        approve: bool,
        /// Why.
        reason: String,
    },
    /// See [`PublicationCommand::Publish`].
    Publish {
        /// Which.
        n: u32,
        /// What kind of place it is.
        kind: PlaceKind,
        /// Where.
        place: String,
    },
    /// See [`PublicationCommand::Withdraw`].
    Withdraw {
        /// Which.
        n: u32,
        /// Why.
        reason: String,
    },
}

impl PublicationOrder {
    /// The command's name.
    pub fn kind(&self) -> PublicationKind {
        match self {
            Self::Propose { proposed_by, .. } => PublicationKind::of_proposal(*proposed_by),
            Self::Decide { .. } => PublicationKind::Decide,
            Self::Publish { .. } => PublicationKind::Publish,
            Self::Withdraw { .. } => PublicationKind::Withdraw,
        }
    }

    /// Compares the document with those proposed before in the case.
    pub(in crate::app) fn compare(&mut self, words: &Words) {
        let Self::Propose { document, same_as, .. } = self else { return };
        let own = DocumentKeys::of(document);
        let same = |words: &PublicationWords| {
            words.documents().first().is_some_and(|earlier| DocumentKeys::of(earlier).same(&own))
        };
        let found = (1..).zip(&words.publications).filter(|(_, earlier)| same(earlier)).last();
        *same_as = found.map(|(n, _)| n);
    }

    /// What is wrong with the name of the document, which lists show.
    pub(in crate::app) fn wrong_if_shown(&self, words: &Words) -> Vec<FieldError> {
        if let Self::Publish { kind: PlaceKind::Gazette, place, .. } = self {
            return check_words("/gazette", ("公报", "gazette"), place, words.applicant.as_ref());
        }
        let Self::Propose { document, .. } = self else { return Vec::new() };
        let mut wrong = check_shown(None, std::slice::from_ref(document), words.applicant.as_ref());
        for error in &mut wrong {
            error.pointer = error.pointer.replacen("/documents/0", "/document", 1);
        }
        wrong
    }
}

/// The document's name and the place outlive the words of the case: the public reads what they name. Reasons do not.
pub(super) fn seal(order: &PublicationOrder, sealer: &mut Sealer) -> Result<PublicationCommand, AppError> {
    Ok(match order {
        PublicationOrder::Propose { proposed_by, document, reason, same_as } => PublicationCommand::Propose {
            proposed_by: *proposed_by,
            document: sealer.text(TextKind::Publication, &Document::write(std::slice::from_ref(document)))?,
            reason: sealer.text(TextKind::Note, reason)?,
            same_as: *same_as,
        },
        PublicationOrder::Decide { n, approve, reason } => PublicationCommand::Decide {
            n: *n,
            approve: *approve,
            reason: sealer.text(TextKind::Opinion, reason)?,
        },
        PublicationOrder::Publish { n, kind, place } => PublicationCommand::Publish {
            n: *n,
            kind: *kind,
            place: sealer.text(TextKind::Publication, place)?,
        },
        PublicationOrder::Withdraw { n, reason } => {
            PublicationCommand::Withdraw { n: *n, reason: sealer.text(TextKind::Note, reason)? }
        }
    })
}

/// The words that hold after the order, by the number of the proposal.
pub(super) fn remember(words: &mut Words, order: &PublicationOrder) {
    match order {
        PublicationOrder::Propose { document, .. } => {
            let document = Some(Document::write(std::slice::from_ref(document)));
            words.publications.push(PublicationWords { document, place: None });
        }
        PublicationOrder::Publish { n, place, .. } => {
            let of = usize::try_from(*n).ok().and_then(|n| n.checked_sub(1));
            if let Some(of) = of.and_then(|at| words.publications.get_mut(at)) {
                of.place = Some(place.clone());
            }
        }
        PublicationOrder::Decide { .. } | PublicationOrder::Withdraw { .. } => {}
    }
}
