//! A reply as it is shown: its basis masked, what it lacks, and the clause on remedies in words.

use super::people::{Applicant, mask_words};
use crate::domain::case::Case;
use crate::domain::case::decide::Context;
use crate::domain::lang::Lang;
use crate::domain::reply::{Basis, Fault, RemedyBodies, clause, faults};
use crate::domain::statute::{Remedies, StatutePack};

/// How a reply tells the remedies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemediesTold {
    /// Their type.
    pub remedies: Remedies,
    /// The article.
    pub article: String,
    /// The clause in Chinese.
    pub zh: String,
    /// The clause in English.
    pub en: String,
}

/// The clause of the newest draft; `None` where there is no draft or the statute has none. A name that was erased
/// leaves a blank.
pub(super) fn remedies(
    case: &Case,
    pack: &StatutePack,
    basis: &Basis<Option<String>>,
) -> Option<RemediesTold> {
    let outcome = case.state.draft()?.outcome;
    let of = pack.remedy_clause(outcome)?;
    let named = RemedyBodies {
        reconsideration_body: basis.remedies.reconsideration_body.clone().flatten(),
        court: basis.remedies.court.clone().flatten(),
        online_filing: basis.remedies.online_filing.clone().flatten(),
    };
    Some(RemediesTold {
        remedies: of.remedies,
        article: of.article.clone(),
        zh: clause(pack, outcome, &named, Lang::Zh)?,
        en: clause(pack, outcome, &named, Lang::En)?,
    })
}

/// What the newest draft lacks, as long as it has not been issued.
pub(super) fn lacking(case: &Case, context: &Context) -> Vec<Fault> {
    match case.state.draft().filter(|_| case.state.conclusion().is_none()) {
        Some(draft) => {
            let consultations = &case.clock.consultations;
            faults(context.pack, draft.outcome, &draft.basis, consultations, context.today)
        }
        None => Vec::new(),
    }
}

/// A basis with what is known of these applicants, and whatever looks like personal data, masked.
pub(super) fn masked(basis: &Basis<Option<String>>, named: &[Applicant]) -> Basis<Option<String>> {
    let masked: Result<_, std::convert::Infallible> =
        basis.try_map(|_, text| Ok(text.as_deref().map(|text| mask_words(text, named))));
    match masked {
        Ok(masked) => masked,
    }
}
