//! The first event of a case makes it.

use crate::domain::case::archive_record::ArchiveRecord;
use crate::domain::case::clock_record::ClockRecord;
use crate::domain::case::contact_record::ContactRecord;
use crate::domain::case::event::{Event, Recorded};
use crate::domain::case::remedies::Remedies;
use crate::domain::case::state::{Authority, Case, Receipt, State};
use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::sensitivity::Sensitivity;

/// The case that its first event makes; `None` when that event is not `received`.
pub fn begin(agency: AgencyId, id: CaseId, first: &Recorded) -> Option<Case> {
    let Event::Received {
        statute,
        statute_version,
        calendar,
        channel,
        arrived_on,
        received_on,
        applicant,
        description,
        form_wanted,
        evidence,
        imported_row,
    } = &first.event
    else {
        return None;
    };
    Some(Case {
        id,
        agency,
        custodian: agency,
        version: 1,
        statute: statute.clone(),
        statute_version: *statute_version,
        calendar: calendar.clone(),
        receipt: Receipt {
            channel: *channel,
            arrived_on: *arrived_on,
            received_on: *received_on,
            confirmed_on: None,
            recorded_by: first.by.person(),
            confirmed_by: None,
            evidence: evidence.clone(),
            imported_row: *imported_row,
        },
        applicant: applicant.clone(),
        description: description.clone(),
        form_wanted: *form_wanted,
        latest_on: first.on,
        drafters: std::collections::BTreeSet::new(),
        reviewers: std::collections::BTreeMap::new(),
        assignments_made: 0,
        drafts_made: 0,
        authority: Authority::default(),
        attachments: Vec::new(),
        clock: ClockRecord::default(),
        remedies: Remedies::default(),
        archive: ArchiveRecord::default(),
        contact: ContactRecord::default(),
        relations: Vec::new(),
        publications: Vec::new(),
        sensitivity: Sensitivity::Ordinary,
        state: if received_on.is_some() { State::Received } else { State::AwaitingConfirmation },
    })
}
