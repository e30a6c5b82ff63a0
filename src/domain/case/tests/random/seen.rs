//! What must occur in a run, and what has: a machine that reaches half of the rules proves half of them.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// What a run has seen.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) ways: BTreeMap<(Status, CommandKind, Status), u64>,
    pub(super) statuses: BTreeSet<Status>,
    pub(super) kinds: BTreeSet<CommandKind>,
    pub(super) refusals: BTreeMap<&'static str, u64>,
    pub(super) sometimes: BTreeMap<&'static str, u64>,
    pub(super) counts: BTreeMap<&'static str, u64>,
}

impl Seen {
    /// What must occur and did not yet.
    pub(super) fn lacks(&self) -> Vec<String> {
        let missing = |all: &[&'static str], seen: &BTreeMap<&'static str, u64>| -> Vec<String> {
            all.iter().filter(|one| !seen.contains_key(*one)).map(|one| (*one).to_owned()).collect()
        };
        let statuses = Status::ALL.iter().filter(|one| !self.statuses.contains(one));
        let kinds = CommandKind::ALL.iter().filter(|one| !self.kinds.contains(one));
        let ways = WAYS.iter().filter(|way| !self.ways.contains_key(way));
        let of_rules = statuses.map(|one| format!("{one:?}")).chain(kinds.map(|one| format!("{one:?}")));
        let of_rules = of_rules.chain(ways.map(|way| format!("{way:?}")));
        let words = missing(REFUSALS, &self.refusals).into_iter().chain(missing(SOMETIMES, &self.sometimes));
        of_rules.chain(words).collect()
    }

    /// What was seen least.
    pub(super) fn rarest(&self) -> Vec<(u64, String)> {
        let words = self.refusals.iter().chain(&self.sometimes);
        let mut all: Vec<_> = words.map(|(what, n)| (*n, (*what).to_owned())).collect();
        all.extend(self.ways.iter().map(|(way, n)| (*n, format!("{way:?}"))));
        all.sort();
        all.truncate(12);
        all
    }
}

/// Each change of status there may be, and the command that makes it. All must occur.
#[rustfmt::skip]
pub(super) const WAYS: &[(Status, CommandKind, Status)] = {
    use ClockKind as C;
    use CommandKind as K;
    use Status as S;
    &[
        (S::AwaitingConfirmation, K::Confirm, S::Received),
        (S::AwaitingConfirmation, K::AmendReceipt, S::Received),
        (S::Received, K::Register, S::Registered),
        (S::Registered, K::Assign, S::Assigned),
        (S::Assigned, K::Acknowledge, S::InProcess),
        (S::Assigned, K::Return, S::Registered),
        (S::InProcess, K::Return, S::Registered),
        (S::InProcess, K::Assign, S::Assigned),
        (S::InProcess, K::Submit, S::InReview),
        (S::InReview, K::ReviewLegal, S::InProcess),
        (S::InReview, K::ReviewSecrecy, S::InProcess),
        (S::InReview, K::SignOff, S::InProcess),
        (S::InReview, K::SignOff, S::Approved),
        (S::Approved, K::SignOff, S::InProcess),
        (S::Approved, K::Issue, S::Replied),
        (S::Replied, K::Archive, S::Archived),
        (S::AwaitingConfirmation, K::Withdraw, S::Withdrawn),
        (S::Received, K::Withdraw, S::Withdrawn),
        (S::Registered, K::Withdraw, S::Withdrawn),
        (S::Assigned, K::Withdraw, S::Withdrawn),
        (S::InProcess, K::Withdraw, S::Withdrawn),
        (S::InReview, K::Withdraw, S::Withdrawn),
        (S::Approved, K::Withdraw, S::Withdrawn),
        (S::Withdrawn, K::Archive, S::Archived),
        (S::Received, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::Registered, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::Assigned, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::InProcess, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::InReview, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::Approved, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::Registered, K::Clock(C::LapseFee), S::Lapsed),
        (S::Assigned, K::Clock(C::LapseFee), S::Lapsed),
        (S::InProcess, K::Clock(C::LapseFee), S::Lapsed),
        (S::InReview, K::Clock(C::LapseFee), S::Lapsed),
        (S::Approved, K::Clock(C::LapseFee), S::Lapsed),
        (S::Lapsed, K::Archive, S::Archived),
        (S::Replied, K::Remedy(RemedyCommandKind::Conclude), S::InProcess),
        (S::Archived, K::Remedy(RemedyCommandKind::Conclude), S::InProcess),
        (S::InProcess, K::Remedy(RemedyCommandKind::Void), S::Replied),
        (S::InProcess, K::Remedy(RemedyCommandKind::Void), S::Archived),
        (S::Received, K::Relation(RelationCommandKind::Merge), S::Lapsed),
        (S::Registered, K::Relation(RelationCommandKind::Merge), S::Lapsed),
        (S::Assigned, K::Relation(RelationCommandKind::Merge), S::Lapsed),
        (S::InProcess, K::Relation(RelationCommandKind::Merge), S::Lapsed),
    ]
};

/// Every reason for a refusal. All must occur.
pub(super) const REFUSALS: &[&str] = &[
    "wrong_status",
    "date_in_future",
    "date_out_of_order",
    "date_too_late",
    "date_before_calendar",
    "confirmation_missing",
    "nothing_to_confirm",
    "already_confirmed",
    "no_such_assignment",
    "already_acknowledged",
    "already_assigned",
    "no_draft",
    "content_differs",
    "step_not_due",
    "opinion_missing",
    "drafter_may_not_review",
    "person_unknown",
    "one_person_one_step",
    "no_such_service",
    "already_served",
    "reply_not_served",
    "amender_recorded_receipt",
    "nothing_changed",
    "not_registered",
    "no_such_correction",
    "no_such_consultation",
    "no_such_extension",
    "no_such_reasons",
    "no_such_fee",
    "notice_already_served",
    "already_answered",
    "already_decided",
    "not_approved",
    "already_notified",
    "not_notified",
    "period_running",
    "proposer_may_not_decide",
    "extension_too_late",
    "fee_notice_too_late",
    "delayed_reply_too_late",
    "period_stopped",
    "correction_late",
    "correction_once",
    "correction_open",
    "exception_not_needed",
    "requester_may_not_except",
    "position_missing",
    "extension_once",
    "extension_too_long",
    "reasons_open",
    "reasons_missing",
    "delayed_reply_once",
    "delayed_until_wrong",
    "nothing_to_pay",
    "fee_uncountable",
    "fee_open",
    "fee_mode_fixed",
    "no_such_remedy",
    "remedy_answered",
    "remedy_concluded",
    "nothing_to_void",
    "recorder_may_not_void",
    "no_simplified_procedure",
    "upheld_orders_nothing",
    "not_answered_yet",
    "until_wrong",
    "answered_anew_since",
    "answered_anew",
    "not_anothers",
    "already_handed_on",
    "words_erased",
    "split_too_late",
    "round_of_remedy",
    "related_to_itself",
    "already_related",
    "another_applicant",
    "other_not_open",
    "merged_into_later",
    "merged_into_longer",
    "merged_while_stopped",
    "not_answered_before",
    "other_disposed",
    "remark_missing",
    "question_missing",
    "not_to_refer",
    "answer_awaited",
    "nothing_referred",
    "delegator_drafted",
    "checklist_missing",
    "checklist_misplaced",
    "checklist_open",
    "rated_before_service",
    "already_rated",
    "nothing_to_publish",
    "published_before_service",
    "publication_open",
    "publication_not_approved",
    "no_such_publication",
    "not_published",
    "no_such_attachment",
    "attachment_already_struck",
    "already_attached",
    "reply_attachment_fixed",
];

/// Reasons that the other rules leave no room for: the facts of a case never contradict each other, and its statute knows
/// every step.
pub(super) const NEVER: &[&str] = &["facts_contradict", "unknown_to_statute"];

/// Situations that are rare and must occur all the same.
pub(super) const SOMETIMES: &[&str] = &[
    "a helper acknowledges while the reply is in review",
    "a helper becomes the lead",
    "a reply goes out in a second version",
    "a reply goes out with a file",
    "a reply is posted twice",
    "an archived case is put right",
    "a case answered anew is archived again",
    "a second order to answer anew",
    "a registered case's receipt moves",
    "something is entered late",
    "the drafter of a version sent back is another than the first",
];

/// Rare situations that this step is one of.
pub(super) fn sometimes(before: &File, after: &File, kind: CommandKind) -> Vec<&'static str> {
    let (old, new) = (&before.case, &after.case);
    let helps = |department: DepartmentId| {
        old.state.work().is_some_and(|work| work.helpers.iter().any(|it| it.department == department))
    };
    let lead = new.state.work().map(|work| work.lead.department);
    let receipt_moved = old.receipt.received_on != new.receipt.received_on;
    [
        (
            kind == CommandKind::Acknowledge && after.status() == Status::InReview,
            "a helper acknowledges while the reply is in review",
        ),
        (kind == CommandKind::Assign && lead.is_some_and(helps), "a helper becomes the lead"),
        (kind == CommandKind::Issue && new.drafts_made > 1, "a reply goes out in a second version"),
        (
            kind == CommandKind::Issue
                && new.state.reply().is_some_and(|reply| !reply.attachments.is_empty()),
            "a reply goes out with a file",
        ),
        (new.state.services().len() == 2, "a reply is posted twice"),
        (
            before.status() == Status::Archived && kind == CommandKind::AmendReceipt,
            "an archived case is put right",
        ),
        (
            kind == CommandKind::Archive && !new.remedies.rounds.is_empty(),
            "a case answered anew is archived again",
        ),
        (new.remedies.rounds.len() == 2, "a second order to answer anew"),
        (receipt_moved && new.state.registration().is_some(), "a registered case's receipt moves"),
        (after.record.last().unwrap().on < after.today, "something is entered late"),
        (
            kind == CommandKind::Draft && new.drafters.len() > 1 && !new.reviewers.is_empty(),
            "the drafter of a version sent back is another than the first",
        ),
    ]
    .into_iter()
    .filter_map(|(occurred, what)| occurred.then_some(what))
    .collect()
}
