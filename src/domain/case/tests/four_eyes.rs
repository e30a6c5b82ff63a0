//! Four eyes: no reply goes out but through three persons who did not write it, each for one step.

use super::*;
use crate::domain::attachment::Purpose;

/// Five tasks upon one reply: to draft, the three steps, to issue.
type Tasks = [PersonId; 5];

fn people(count: u128) -> Vec<PersonId> {
    (1..=count).map(|n| PersonId(Uuid::from_u128(n))).collect()
}

fn ways(people: &[PersonId]) -> impl Iterator<Item = Tasks> {
    let of = |mut way: usize| {
        std::array::from_fn(|_| {
            let person = people[way % people.len()];
            way /= people.len();
            person
        })
    };
    (0..people.len().pow(5)).map(of)
}

/// The rule, in its own words.
fn is_lawful([drafter, legal, secrecy, sign_off, issuer]: Tasks) -> bool {
    let reviewers = [legal, secrecy, sign_off];
    let each_once = legal != secrecy && secrecy != sign_off && legal != sign_off;
    each_once && !reviewers.contains(&drafter) && issuer != drafter
}

/// Whether the reply gets out when these people take these tasks.
fn gets_out(in_process: &File, [drafter, legal, secrecy, sign_off, issuer]: Tasks) -> bool {
    let mut file = in_process.clone();
    let way = [
        (drafter, ask::draft("v1")),
        (drafter, ask::submit()),
        (legal, ask::pass(Step::Legal, "v1")),
        (secrecy, ask::pass(Step::Secrecy, "v1")),
        (sign_off, ask::pass(Step::SignOff, "v1")),
        (issuer, ask::issue("v1")),
    ];
    for (person, command) in way {
        if let Err(refusal) = file.ask(Some(person), command, day("2026-04-01")) {
            let eyes = ["drafter_may_not_review", "one_person_one_step"];
            assert!(eyes.contains(&refusal.code.code()), "{:?}", refusal.code);
            return false;
        }
    }
    file.status() == Status::Replied
}

#[test]
fn of_all_ways_to_share_the_tasks_only_the_lawful_ones_get_a_reply_out() {
    let in_process = brought_to(Status::InProcess);
    // With three persons there is no way; with four, each has one step and any of the reviewers issues.
    for (count, lawful) in [(3, 0), (4, 4 * 3 * 2 * 3), (5, 5 * 4 * 3 * 2 * 4)] {
        let people = people(count);
        let mut out = 0;
        for tasks in ways(&people) {
            let got_out = gets_out(&in_process, tasks);
            assert_eq!(got_out, is_lawful(tasks), "{tasks:?}");
            out += usize::from(got_out);
        }
        assert_eq!(out, lawful, "{count} persons");
    }
}

#[test]
fn who_drafted_any_version_reviews_none() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::draft("v1"), "2026-03-06").does(OTHER_HANDLER, ask::draft("v2"), "2026-03-06");
    file.does(OTHER_HANDLER, ask::submit(), "2026-03-06");
    for person in [HANDLER, OTHER_HANDLER] {
        let refused = file.refuses(person, ask::pass(Step::Legal, "v2"), "2026-03-06");
        assert_eq!(refused, RefusalCode::DrafterMayNotReview);
    }
    // Nor is his refusal asked for: a return is a step as well.
    let refused = file.refuses(HANDLER, ask::send_back(Step::Legal, "v2"), "2026-03-06");
    assert_eq!(refused, RefusalCode::DrafterMayNotReview);
}

/// What goes out is the words and the files with them: whoever put one in, took one out, or submitted it, reviews neither.
#[test]
fn who_has_a_hand_in_what_goes_out_reviews_none_of_it() {
    let other = OTHER_HANDLER;
    let drafted = || {
        let mut file = brought_to(Status::InProcess);
        file.does(HANDLER, ask::draft("v1"), "2026-03-06");
        file
    };
    let attach = || attachments::attach(1, Purpose::ReplyAttachment);
    let (mut put_in, mut taken_out, mut submitted, mut beside) = (drafted(), drafted(), drafted(), drafted());
    put_in.does(other, attach(), "2026-03-06").does(HANDLER, ask::submit(), "2026-03-06");
    taken_out.does(HANDLER, attach(), "2026-03-06").does(other, attachments::strike(1), "2026-03-06");
    taken_out.does(HANDLER, ask::submit(), "2026-03-06");
    submitted.does(other, ask::submit(), "2026-03-06");
    beside.does(other, attachments::attach(1, Purpose::Evidence), "2026-03-06");
    beside.does(HANDLER, ask::submit(), "2026-03-06");
    for (mut file, may) in [(put_in, false), (taken_out, false), (submitted, false), (beside, true)] {
        let content = file.case.state.content().unwrap();
        let pass = Command::Review {
            step: Step::Legal,
            decision: Decision::Pass,
            content,
            opinion: None,
            acting_for: None,
            checklist: None,
        };
        let outcome = file.ask(Some(other), pass, day("2026-03-09"));
        assert_eq!(outcome.is_ok(), may);
        assert!(may || outcome.unwrap_err().code == RefusalCode::DrafterMayNotReview);
    }
}

#[test]
fn a_step_taken_in_one_round_bars_from_the_others_in_every_round() {
    let mut file = brought_to(Status::InReview);
    file.does(LEGAL, ask::send_back(Step::Legal, "v1"), "2026-03-10");
    file.does(HANDLER, ask::draft("v2"), "2026-03-11").does(HANDLER, ask::submit(), "2026-03-11");
    file.does(OTHER_APPROVER, ask::pass(Step::Legal, "v2"), "2026-03-11");
    for person in [LEGAL, OTHER_APPROVER] {
        let refused = file.refuses(person, ask::pass(Step::Secrecy, "v2"), "2026-03-11");
        assert_eq!(refused, RefusalCode::OnePersonOneStep { taken: Step::Legal.into() });
    }
}

#[test]
fn a_reviewer_who_then_drafts_reviews_no_more() {
    let mut file = brought_to(Status::InReview);
    file.does(LEGAL, ask::send_back(Step::Legal, "v1"), "2026-03-10");
    file.does(LEGAL, ask::draft("v2"), "2026-03-11").does(LEGAL, ask::submit(), "2026-03-11");
    let refused = file.refuses(LEGAL, ask::pass(Step::Legal, "v2"), "2026-03-11");
    assert_eq!(refused, RefusalCode::DrafterMayNotReview);
}

#[test]
fn a_new_assignment_does_not_make_the_drafters_forgotten() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::draft("v1"), "2026-03-06").does(CLERK, ask::assign(LAND), "2026-03-09");
    file.does(OTHER_HANDLER, ask::acknowledge(2), "2026-03-09");
    file.does(OTHER_HANDLER, ask::draft("v2"), "2026-03-09").does(OTHER_HANDLER, ask::submit(), "2026-03-09");
    let refused = file.refuses(HANDLER, ask::pass(Step::Legal, "v2"), "2026-03-10");
    assert_eq!(refused, RefusalCode::DrafterMayNotReview);
}

/// Regression: whoever sits at the server is nobody whose eyes could be counted, and could draft, review and issue.
#[test]
fn the_operator_takes_no_part_in_the_reply() {
    let way = [
        (Status::InProcess, ask::draft("v1")),
        (Status::InReview, ask::pass(Step::Legal, "v1")),
        (Status::InReview, ask::send_back(Step::Legal, "v1")),
        (Status::Approved, ask::send_back(Step::SignOff, "v1")),
        (Status::Approved, ask::issue("v1")),
    ];
    for (status, command) in way {
        let refusal = brought_to(status).ask(None, command, day("2026-04-01")).unwrap_err();
        assert_eq!(refusal.code.code(), "person_unknown");
    }
}
