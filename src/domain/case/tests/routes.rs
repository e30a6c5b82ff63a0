//! No path to an issued reply without each step of the route by a different person: every route of up to four steps, every
//! person who may try, himself or for an absent one, in every order, and each time with every set of roles that the two may hold by
//! then (`roles`): roles gained and lost between two steps. Who has not taken part yet is like any other who has not: two such
//! persons stand for all.

mod roles;

use std::collections::{BTreeMap, BTreeSet};

use roles::{Lent, Policy};

use super::attachments::{attach, strike};
use super::*;
use crate::domain::attachment::Purpose;
use crate::domain::case::command::AttachmentCommand;
use crate::domain::review::{Level, Reviewer, Route, RouteStep, StepId};

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// Persons named by a route: nobody else has these numbers.
fn named(n: usize) -> PersonId {
    person(500 + u128::try_from(n).unwrap())
}

/// Every route of up to so many steps whose levels are told from the first on; with each set of its steps naming persons when
/// there are few, with none and with all when there are many.
fn routes(most: usize) -> Vec<Route> {
    let mut found = BTreeMap::new();
    let mut lists: Vec<Vec<RouteStep>> = vec![Vec::new()];
    for _ in 0..most {
        let mut longer = Vec::new();
        for list in &lists {
            for kind in Step::ALL {
                let of_kind = list.iter().filter(|step| step.id.step == *kind).count();
                let Some(level) = Level::ALL.get(of_kind) else { continue };
                for turn in 1..=u8::try_from(most).unwrap() {
                    let id = StepId { step: *kind, level: *level };
                    let mut list = list.clone();
                    list.push(RouteStep { id, turn, by: Reviewer::Role });
                    if let Ok(route) = Route::new(list.clone()) {
                        found.insert(format!("{route:?}"), route);
                    }
                    longer.push(list);
                }
            }
        }
        lists = longer;
    }
    let mut all = Vec::new();
    for route in found.into_values() {
        let steps = route.steps();
        let masks = 1_usize << steps.len();
        for mask in 0..masks {
            let step = |(n, step): (usize, &RouteStep)| RouteStep {
                by: if mask & (1 << n) == 0 { Reviewer::Role } else { Reviewer::Person(named(n)) },
                ..*step
            };
            all.push(Route::new(steps.iter().enumerate().map(step).collect()).unwrap());
        }
    }
    all
}

/// A draft with one file that goes out with it, submitted.
fn submitted(route: &Route) -> File {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, attach(1, Purpose::ReplyAttachment), "2026-03-06");
    file.does(HANDLER, ask::draft("v1"), "2026-03-06");
    file.does(HANDLER, ask::submit_by(route.clone()), "2026-03-06");
    file
}

/// The hash of what is in review.
fn frozen(file: &File) -> Digest {
    file.case.state.submission().unwrap().content
}

fn decision(step: Step, decision: Decision, content: Digest, acting_for: Option<PersonId>) -> Command {
    let opinion = Some(words("意见"));
    let checklist = (step == Step::Secrecy).then_some(Checklist::CLEAR);
    Command::Review { step, decision, content, opinion, acting_for, checklist }
}

/// Who has taken part, as the rule sees it: each step, and the hands that took it.
type Taken = BTreeMap<StepId, BTreeSet<PersonId>>;

/// One path so far.
#[derive(Clone)]
struct Path {
    file: File,
    taken: Taken,
}

fn its_turn(route: &Route, taken: &Taken, step: &RouteStep) -> bool {
    let through = |it: &RouteStep| it.turn >= step.turn || taken.contains_key(&it.id);
    !taken.contains_key(&step.id) && route.steps().iter().all(through)
}

/// What the rule says, in its own words.
fn is_lawful(route: &Route, taken: &Taken, step: &RouteStep, hands: [Option<PersonId>; 2]) -> bool {
    let [actor, absent] = hands;
    let involved: Vec<PersonId> = hands.into_iter().flatten().collect();
    let clean = involved.iter().all(|one| *one != HANDLER && taken.values().all(|by| !by.contains(one)));
    let his = match step.by {
        Reviewer::Role => true,
        Reviewer::Person(named) => absent.or(actor) == Some(named),
    };
    its_turn(route, taken, step) && clean && his
}

#[derive(Default)]
struct Counts {
    paths: u64,
    tried: u64,
    allowed: u64,
    with_roles: u64,
    issued: u64,
    voided: u64,
}

impl Counts {
    fn and(self, other: &Self) -> Self {
        Self {
            paths: self.paths + other.paths,
            tried: self.tried + other.tried,
            allowed: self.allowed + other.allowed,
            with_roles: self.with_roles + other.with_roles,
            issued: self.issued + other.issued,
            voided: self.voided + other.voided,
        }
    }
}

fn walk(route: &Route, counts: &mut Counts) {
    let mut seen = BTreeSet::new();
    let mut open = vec![Path { file: submitted(route), taken: Taken::new() }];
    while let Some(path) = open.pop() {
        let key = format!("{:?}", path.taken);
        if !seen.insert(key) {
            continue;
        }
        counts.paths += 1;
        let through = route.steps().iter().all(|step| path.taken.contains_key(&step.id));
        assert_eq!(path.file.status() == Status::Approved, through);
        issue(&path, through, counts);
        content_changed(route, &path, counts);
        if !through {
            open.extend(moves(route, &path, counts));
        }
    }
}

/// Every decision that anybody may try, each allowed exactly where the rule allows it: by the case, whoever he is, and with whatever
/// roles he and the absent person hold by then.
fn moves(route: &Route, path: &Path, counts: &mut Counts) -> Vec<Path> {
    let mut known: Vec<PersonId> = vec![HANDLER];
    known.extend(path.taken.values().flatten());
    known.extend(route.steps().iter().filter_map(|step| match step.by {
        Reviewer::Person(named) => Some(named),
        Reviewer::Role => None,
    }));
    known.sort();
    known.dedup();
    let newest = path.taken.values().flatten().map(|one| one.0.as_u128()).max().unwrap_or(0).max(899);
    let fresh = |n: u128| person(newest + 1 + n);
    let with = |n| known.iter().copied().chain([fresh(n)]);
    let policy = Policy::of(&path.file.case);
    let mut next = Vec::new();
    for kind in Step::ALL {
        let due = route.steps().iter().find(|it| it.id.step == *kind && !path.taken.contains_key(&it.id));
        // A kind that is not due is due for nobody: one stranger stands for all.
        let actors: Vec<PersonId> = if due.is_some_and(|step| its_turn(route, &path.taken, step)) {
            with(0).collect()
        } else {
            vec![fresh(0)]
        };
        for actor in actors {
            for absent in std::iter::once(None).chain(with(1).map(Some)).filter(|it| *it != Some(actor)) {
                let lawful =
                    due.is_some_and(|step| is_lawful(route, &path.taken, step, [Some(actor), absent]));
                let pass = decision(*kind, Decision::Pass, frozen(&path.file), absent);
                let outcome = path.file.asked(actor, pass.clone(), "2026-04-01");
                counts.tried += 1;
                let at = || format!("{route:?} {:?} {kind:?} {actor:?} for {absent:?}", path.taken);
                assert_eq!(outcome.is_ok(), lawful, "{}", at());
                // What the case refuses, no role makes good; what it allows, only who holds the role by then may do.
                if let (Ok(_), Some(step)) = (outcome, due) {
                    counts.allowed += 1;
                    counts.with_roles += policy.each(*kind, absent.is_some(), |hands, lent, permitted| {
                        let each_holds = hands.iter().flatten().all(|held| held.counts.contains(kind));
                        let delegated = absent.is_none() || lent == Lent::Standing;
                        let held = hands.map(|held| held.map(|held| &held.counts));
                        assert_eq!(permitted, each_holds && delegated, "{} {held:?} {lent:?}", at());
                    });
                    let mut file = path.file.clone();
                    file.does(actor, pass, "2026-04-01");
                    let mut taken = path.taken.clone();
                    taken.insert(step.id, std::iter::once(actor).chain(absent).collect());
                    next.push(Path { file, taken });
                }
            }
        }
    }
    next
}

/// A reply goes out exactly when every step passed, and then by as many persons as there are steps, none of them the drafter.
fn issue(path: &Path, through: bool, counts: &mut Counts) {
    let policy = Policy::of(&path.file.case);
    for issuer in [HANDLER, APPROVER] {
        let issue = Command::Issue { content: frozen(&path.file), number: None };
        let out = path.file.asked(issuer, issue, "2026-04-01").is_ok();
        assert_eq!(out, through && issuer == APPROVER);
        counts.with_roles += policy.each_issuer(|held, permitted| {
            assert_eq!(permitted, held.counts.contains(&Step::SignOff), "{:?}", held.counts);
        });
    }
    if through {
        counts.issued += 1;
        let hands: Vec<&PersonId> = path.taken.values().flatten().collect();
        let persons: BTreeSet<_> = hands.iter().collect();
        assert_eq!(persons.len(), hands.len(), "one person, two steps");
        assert!(!hands.contains(&&HANDLER), "the drafter reviewed");
        let actors: BTreeSet<_> = path
            .file
            .record
            .iter()
            .filter(|it| matches!(it.event, super::super::event::Event::Reviewed { .. }))
            .map(|it| it.by.person().unwrap())
            .collect();
        assert_eq!(actors.len(), path.taken.len(), "fewer persons than steps");
    }
}

/// What is done while a returned reply is written.
type Change = fn() -> Vec<Command>;

/// The draft, or the files that go out with it: one more, one less, another in its place, the same under another id.
const CHANGES: &[Change] = &[
    || vec![ask::draft("v2")],
    || vec![attach(2, Purpose::ReplyAttachment)],
    || vec![strike(1)],
    || vec![strike(1), attach(2, Purpose::ReplyAttachment)],
    || vec![strike(1), same_content(2, 1)],
];

/// The content of one file under the id of another.
fn same_content(n: u128, of: u128) -> Command {
    let mut command = attach(n, Purpose::ReplyAttachment);
    if let Command::Attachment(AttachmentCommand::Attach { content, .. }) = &mut command {
        *content = hash(&format!("content {of}"));
    }
    command
}

/// The content is changed at this point: nothing that was decided counts, and what was read before decides nothing. Without a
/// return nothing of it can be changed.
fn content_changed(route: &Route, path: &Path, counts: &mut Counts) {
    let before = frozen(&path.file);
    for change in [ask::draft("v2"), attach(2, Purpose::ReplyAttachment), strike(1)] {
        let refused = path.file.refuses(HANDLER, change, "2026-04-01");
        assert!(["wrong_status", "reply_attachment_fixed"].contains(&refused.code()), "{refused:?}");
    }
    let stranger = person(999);
    let approved = path.file.status() == Status::Approved;
    let back = if approved {
        Some(Step::SignOff)
    } else {
        route
            .steps()
            .iter()
            .find(|step| is_lawful(route, &path.taken, step, [Some(stranger), None]))
            .map(|step| step.id.step)
    };
    let signature = route.signature().unwrap();
    let who = if approved { path.file.record.last().unwrap().by.person().unwrap() } else { stranger };
    let Some(step) = back else { return };
    let acting_for = match (approved, signature.by) {
        (true, Reviewer::Person(named)) => Some(named).filter(|named| *named != who),
        _ => None,
    };
    let mut returned = path.file.clone();
    let back = decision(step, Decision::Return, before, acting_for);
    returned.ask(Some(who), back, day("2026-04-01")).unwrap();
    for change in CHANGES {
        let mut file = returned.clone();
        for command in change() {
            file.does(HANDLER, command, "2026-04-01");
        }
        resubmitted(route, file, before);
        counts.voided += 1;
    }
}

fn resubmitted(route: &Route, mut file: File, before: Digest) {
    file.does(HANDLER, ask::submit_by(route.clone()), "2026-04-01");
    let submission = file.case.state.submission().unwrap();
    assert_eq!(submission.passed, [], "a decision outlived its content");
    assert_ne!(submission.content, before, "two contents have one hash");
    let frozen: Vec<_> = submission.attachments.iter().map(|file| file.attachment).collect();
    let standing: Vec<_> = file.case.reply_files().map(|file| file.id).collect();
    assert_eq!(frozen, standing);
    let issue = Command::Issue { content: submission.content, number: None };
    assert!(file.asked(APPROVER, issue, "2026-04-01").is_err());
    for kind in Step::ALL {
        for choice in [Decision::Pass, Decision::PassWithRemark, Decision::Return] {
            let stale = decision(*kind, choice, before, None);
            let refused = file.refuses(person(998), stale, "2026-04-01");
            let codes = ["content_differs", "step_not_due", "anothers_step"];
            assert!(codes.contains(&refused.code()), "{refused:?}");
        }
    }
}

#[test]
fn over_all_routes_no_reply_goes_out_without_each_step_by_another_person() {
    let routes = routes(4);
    // Every second route on a thread of its own: all of them take minutes.
    let half = |first: usize| {
        let mut counts = Counts::default();
        for route in routes.iter().skip(first).step_by(2) {
            walk(route, &mut counts);
        }
        counts
    };
    let counts = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        half(0).and(&other.join().unwrap())
    });
    let Counts { paths, tried, allowed, with_roles, issued, voided } = counts;
    println!(
        "{} routes, {paths} states, {tried} decisions tried, {allowed} allowed, {with_roles} with roles, {issued} ends, {voided} \
         changes",
        routes.len()
    );
    assert!(routes.len() > 600 && with_roles > 10_000_000 && issued > 10_000 && voided > 10_000);
}

/// A delegate has his own conflicts and those of the absent person; the absent person's own step counts as taken.
#[test]
fn a_delegate_inherits_conflicts() {
    let route = Route::default();
    let mut file = submitted(&route);
    let v1 = frozen(&file);
    let refused = file.refuses(LEGAL, decision(Step::Legal, Decision::Pass, v1, Some(HANDLER)), "2026-03-09");
    assert_eq!(refused.code(), "delegator_drafted");
    let refused = file.refuses(HANDLER, decision(Step::Legal, Decision::Pass, v1, Some(LEGAL)), "2026-03-09");
    assert_eq!(refused, RefusalCode::DrafterMayNotReview);
    file.does(OTHER_HANDLER, decision(Step::Legal, Decision::Pass, v1, Some(LEGAL)), "2026-03-09");
    for (who, absent) in
        [(OTHER_HANDLER, None), (LEGAL, None), (SECRECY, Some(LEGAL)), (LEGAL, Some(SECRECY))]
    {
        let refused = file.refuses(who, decision(Step::Secrecy, Decision::Pass, v1, absent), "2026-03-09");
        assert_eq!(refused, RefusalCode::OnePersonOneStep { taken: Step::Legal.into() });
    }
    file.does(SECRECY, decision(Step::Secrecy, Decision::Pass, v1, None), "2026-03-09");
}

#[test]
fn a_secrecy_review_refers_and_waits_for_the_answer() {
    use crate::domain::review::Finding;
    let refer = |step| decision(step, Decision::Refer, hash("v1"), None);
    let mut file = brought_to(Status::InReview);
    assert_eq!(file.refuses(LEGAL, refer(Step::Legal), "2026-03-10").code(), "not_to_refer");
    file.does(LEGAL, ask::pass(Step::Legal, "v1"), "2026-03-10");
    file.does(SECRECY, refer(Step::Secrecy), "2026-03-10");
    let pass = decision(Step::Secrecy, Decision::PassWithRemark, hash("v1"), None);
    assert_eq!(file.refuses(SECRECY, pass.clone(), "2026-03-11").code(), "answer_awaited");
    assert_eq!(file.refuses(APPROVER, ask::pass(Step::SignOff, "v1"), "2026-03-11").code(), "step_not_due");
    file.does(SECRECY, ask::answer_referral(Finding::NotSecret), "2026-03-12");
    assert_eq!(
        file.refuses(SECRECY, ask::answer_referral(Finding::Secret), "2026-03-12").code(),
        "nothing_referred"
    );
    let mut silent = pass.clone();
    if let Command::Review { opinion, .. } = &mut silent {
        *opinion = None;
    }
    assert_eq!(file.refuses(SECRECY, silent, "2026-03-12").code(), "remark_missing");
    file.does(SECRECY, pass, "2026-03-12").does(APPROVER, ask::pass(Step::SignOff, "v1"), "2026-03-12");
    assert_eq!(file.status(), Status::Approved);
    assert_eq!(file.read_again(), file.case);
}
