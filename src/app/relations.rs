//! What a case has to do with others, as a caller is shown it: of the other one its agency's code and its number, and no more,
//! unless he may read it.

use std::collections::BTreeMap;

use super::App;
use super::error::AppError;
use super::people::{mask_words, open_text};
use crate::domain::case::Case;
use crate::domain::case::relation::{Direction, Relation, RelationKind};
use crate::domain::ids::CaseId;
use crate::domain::outcome::Outcome;
use crate::domain::role::Actor;
use crate::store::{CaseRow, Key};

/// One relation.
#[derive(Clone, Debug)]
pub struct RelationLine {
    /// As the record has it.
    pub relation: Relation,
    /// Why, personal data masked; absent when it was erased.
    pub reason: Option<String>,
    /// The code of the other case's agency.
    pub agency_code: String,
    /// Its number, once it has one.
    pub number: Option<String>,
    /// The other case, when the caller may read it.
    pub readable: Option<CaseRow>,
}

/// The relations of a case.
#[derive(Clone, Debug)]
pub struct Relations {
    /// The oldest first.
    pub lines: Vec<RelationLine>,
    /// Links that its reply speaks of and that nobody has made.
    pub missing: Vec<RelationKind>,
}

impl App {
    /// The relations of a case that the actor may read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the actor may not know of it.
    pub async fn relations(&self, actor: &Actor, id: CaseId) -> Result<Relations, AppError> {
        let loaded = self.load(actor, id).await?;
        let (agency, case) = (&loaded.agency, &loaded.before.case);
        let named: Vec<_> = self.named(&loaded).await?.into_iter().map(|(_, applicant)| applicant).collect();
        let ids = case.relations.iter().map(|relation| Key(relation.reason.id.0)).collect();
        let mut reasons = BTreeMap::new();
        for row in self.store.case_texts_by_id(Key(agency.id.0), ids).await? {
            reasons.insert(row.id.0, mask_words(&open_text(agency, &row)?, &named));
        }
        let mut lines = Vec::with_capacity(case.relations.len());
        for relation in &case.relations {
            lines.push(self.line(actor, relation, reasons.remove(&relation.reason.id.0)).await?);
        }
        Ok(Relations { lines, missing: missing(case) })
    }

    async fn line(
        &self,
        actor: &Actor,
        relation: &Relation,
        reason: Option<String>,
    ) -> Result<RelationLine, AppError> {
        let agency = self.agency(relation.agency).await?;
        let other = self.store.case_by_id(vec![Key(agency.id.0)], Key(relation.case.0)).await?;
        // Nor that there is one with a number, when it bears a label above his clearance.
        let known = other.filter(|(row, _)| row.sensitivity <= actor.clearance.level());
        let number = known.and_then(|(row, _)| row.number);
        let readable = match self.load(actor, relation.case).await {
            Ok(loaded) => Some(loaded.before.row),
            Err(AppError::NotFound) => None,
            Err(error) => return Err(error),
        };
        let agency_code = agency.row.code.clone();
        Ok(RelationLine { relation: relation.clone(), reason, agency_code, number, readable })
    }
}

/// A reply that calls a request a repeat speaks of an earlier case (Art. 36(6)): it is linked, where it is here. An earlier one of
/// before there was this record cannot be, so that nothing is refused for want of it.
fn missing(case: &Case) -> Vec<RelationKind> {
    let repeats = case.state.draft().is_some_and(|draft| draft.outcome == Outcome::NotProcessedRepeat);
    let linked =
        case.relations.iter().any(|it| (it.kind, it.direction) == (RelationKind::Repeat, Direction::To));
    if repeats && !linked { vec![RelationKind::Repeat] } else { Vec::new() }
}
