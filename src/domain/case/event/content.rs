//! What an event commits to and does not hold: words and applicants' records, which live in encrypted rows.

use super::{Amendment, ApplicantRef, Event, TextRef};

impl Event {
    /// The applicant's record this event commits to, when it brings one.
    pub fn applicant(&self) -> Option<&ApplicantRef> {
        if let Self::Received { applicant, .. }
        | Self::Amended { amendment: Amendment::Applicant { applicant }, .. } = self
        {
            Some(applicant)
        } else {
            None
        }
    }

    /// The words this event commits to, in the order in which they are told.
    pub fn texts(&self) -> Vec<&TextRef> {
        match self {
            Self::Received { description, evidence, .. } => {
                std::iter::once(description).chain(evidence.as_ref()).collect()
            }
            Self::Confirmed { evidence, .. } => vec![evidence],
            Self::Registered { subject, documents, .. } => {
                std::iter::once(subject).chain(documents.as_ref()).collect()
            }
            Self::Assigned { note, .. } => note.iter().collect(),
            Self::Archived { note, file } => {
                note.iter().chain(file.iter().filter_map(|file| file.reason.as_ref())).collect()
            }
            Self::Returned { reason, .. } => vec![reason],
            Self::Drafted { text, basis, .. } => std::iter::once(text).chain(basis.texts()).collect(),
            Self::Reviewed { opinion, .. } => opinion.iter().collect(),
            Self::ReferralAnswered(answered) => vec![&answered.text],
            Self::Dispatched { evidence, .. } | Self::Served { evidence, .. } => evidence.iter().collect(),
            Self::Withdrawn { reason } => reason.iter().collect(),
            Self::Amended { amendment, reason } => match amendment {
                Amendment::Description { description } => vec![description, reason],
                Amendment::Subject { subject } => vec![subject, reason],
                Amendment::Documents { documents } => vec![documents, reason],
                Amendment::Applicant { .. } | Amendment::Receipt { .. } => vec![reason],
            },
            Self::CorrectionRequested(request) => {
                std::iter::once(&request.items).chain(request.exception.as_ref()).collect()
            }
            Self::Corrected(corrected) => vec![&corrected.description],
            Self::ConsultationSent(sent) => vec![&sent.party, &sent.question],
            Self::ConsultationAnswered(answered) => answered.text.iter().collect(),
            Self::ExtensionProposed(proposed) => vec![&proposed.reason],
            Self::ReasonsRequested(asked) | Self::ReasonsGiven(asked) => vec![&asked.text],
            Self::DelayedReplySet(set) => vec![&set.text],
            Self::CorrectionServed(proved)
            | Self::ConsultationServed(proved)
            | Self::ExtensionNotified(proved)
            | Self::FeeServed(proved)
            | Self::FeePaid(proved)
            | Self::RemedyAnswered(proved) => proved.evidence.iter().collect(),
            Self::RemedyFiled(filed) => {
                std::iter::once(&filed.organ).chain(filed.reference.as_ref()).collect()
            }
            Self::RemedyConcluded(concluded) => concluded.number.iter().collect(),
            Self::RemedyVoided(voided) => vec![&voided.reason],
            Self::Related(related) => vec![&related.reason],
            Self::CorrectionLapsed(noted) | Self::FeeLapsed(noted) => noted.note.iter().collect(),
            Self::ExtensionDecided(decided) | Self::FeeDecided(decided) => decided.opinion.iter().collect(),
            Self::FeeNotified(notified) => notified.evidence.iter().collect(),
            Self::HoldPlaced(held) | Self::HoldLifted(held) => vec![&held.reason],
            Self::SensitivityChanged(changed) => vec![&changed.reason],
            Self::ContactLogged(logged) => vec![&logged.summary],
            Self::Rated(rated) => rated.comment.iter().collect(),
            Self::PublicationProposed(proposed) => vec![&proposed.document, &proposed.reason],
            Self::PublicationDecided(decided) => vec![&decided.reason],
            Self::Published(published) => vec![&published.place],
            Self::PublicationWithdrawn(withdrawn) => vec![&withdrawn.reason],
            Self::AppraisalProposed(proposed) => vec![&proposed.reason],
            Self::AppraisalDecided(decided) => decided.opinion.iter().collect(),
            Self::Attached(attached) => vec![&attached.name, &attached.sha256],
            Self::AttachmentStruck(struck) => vec![&struck.reason],
            Self::AttachmentBlocked(_)
            | Self::Acknowledged { .. }
            | Self::Submitted { .. }
            | Self::Issued { .. }
            | Self::ReplyImported { .. }
            | Self::ConsultationLapsed(_)
            | Self::FeeProposed(_)
            | Self::HandedOver(_)
            | Self::CalendarChanged { .. } => Vec::new(),
        }
    }
}
