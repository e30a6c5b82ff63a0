//! Every situation of a case × every command: what is possible, and that everything else is refused (design 3.1).

use std::collections::{BTreeMap, BTreeSet};

mod about_archive;
mod about_clock;
mod about_contacts;
mod about_labels;
mod about_publications;
mod about_relations;
mod about_remedies;
mod by_role;

use super::*;
use crate::domain::attachment::Purpose;
use crate::domain::case::decide::{possible, precheck};

/// What may be asked for in each situation, besides what is possible at any time: 更正 (`amend`, `amend_receipt`), a hold, a
/// proposal to the archive, a talk (`log_contact`), and, from the receipt on, remedies (`file_remedy`). RATE stands for the
/// applicant's rating, PUBLISH for a proposal to publish what was released.
/// Written from the design and the clerks' description of their work, not from the code.
const POSSIBLE: &[(&str, &str)] = &[
    // 接收
    ("a letter waits to be confirmed", "confirm withdraw"),
    ("handed in at the counter", "register CORRECT withdraw RELATE"),
    ("a letter was confirmed", "register CORRECT withdraw RELATE"),
    ("submitted online", "confirm register CORRECT withdraw RELATE"),
    ("submitted online and confirmed", "register CORRECT withdraw RELATE"),
    // 登记
    ("registered", "assign CORRECT BEGIN withdraw RELATE"),
    ("handed back by the department", "assign CORRECT BEGIN withdraw RELATE"),
    // 办理
    ("assigned", "assign assign_co_handling acknowledge return CORRECT BEGIN withdraw RELATE"),
    ("in process", "assign assign_co_handling return CORRECT BEGIN draft withdraw RELATE"),
    (
        "in process, a helper to acknowledge",
        "assign assign_co_handling acknowledge return CORRECT BEGIN draft withdraw RELATE",
    ),
    (
        "in process, with a file",
        "assign assign_co_handling return CORRECT BEGIN draft withdraw strike_attachment RELATE",
    ),
    ("drafted", "assign assign_co_handling return CORRECT BEGIN draft submit withdraw RELATE"),
    // 答复
    ("the legal review is due", "review_legal propose_extension withdraw link_repeat"),
    (
        "the legal review is due, a helper to acknowledge",
        "acknowledge review_legal propose_extension withdraw link_repeat",
    ),
    ("the secrecy review is due", "review_secrecy propose_extension withdraw link_repeat"),
    ("withdrawn while the secrecy authority was asked", "answer_referral archive RATE"),
    ("the secrecy authority was asked", "answer_referral propose_extension withdraw link_repeat"),
    ("the signature is due", "sign_off propose_extension withdraw link_repeat"),
    (
        "sent back by a reviewer",
        "assign assign_co_handling return CORRECT BEGIN draft submit withdraw RELATE",
    ),
    ("approved", "sign_off issue propose_extension withdraw link_repeat"), // `sign_off` to take it back
    ("issued", "dispatch link_repeat"),
    ("posted", "dispatch serve link_repeat"),
    ("served", "dispatch archive RATE link_repeat PUBLISH"),
    ("withdrawn", "archive RATE"),
    ("withdrawn after registration", "archive RATE"),
    ("a reply taken over with a ledger", "dispatch archive RATE link_repeat PUBLISH"),
    ("lapsed", "dispatch archive RATE"),
    ("lapsed and told", "dispatch serve archive RATE"),
    // 归档
    ("archived", "RATE link_repeat PUBLISH"),
    ("archived after a withdrawal", "RATE link_repeat"),
    ("archived after a lapse", "RATE link_repeat"),
];

/// A case in each of these situations.
fn situations() -> Vec<(&'static str, File)> {
    let letter = || brought_to(Status::AwaitingConfirmation);
    let after = |mut file: File, steps: &[(PersonId, Command)]| {
        for (person, command) in steps {
            file.does(*person, command.clone(), "2026-03-31");
        }
        file
    };
    let helped = || after(brought_to(Status::InProcess), &[(CLERK, ask::co_handle(LAND))]);
    let drafted = |file| after(file, &[(HANDLER, ask::draft("v1"))]);
    let legal_due = || brought_to(Status::InReview);
    let secrecy_due = || after(legal_due(), &[(LEGAL, ask::pass(Step::Legal, "v1"))]);
    let referral = Command::Review {
        step: Step::Secrecy,
        decision: Decision::Refer,
        content: hash("v1"),
        opinion: Some(words("请予确定")),
        acting_for: None,
        checklist: None,
    };
    let posted = || after(brought_to(Status::Replied), &[(CLERK, ask::dispatch())]);
    let withdrawn = |status| after(brought_to(status), &[(CLERK, ask::withdraw())]);
    let online = || File::received(Channel::Online, "2026-03-02");
    let confirmed = (CLERK, ask::confirm());
    vec![
        ("a letter waits to be confirmed", letter()),
        ("handed in at the counter", brought_to(Status::Received)),
        ("a letter was confirmed", after(letter(), std::slice::from_ref(&confirmed))),
        ("submitted online", online()),
        ("submitted online and confirmed", after(online(), std::slice::from_ref(&confirmed))),
        ("registered", brought_to(Status::Registered)),
        (
            "handed back by the department",
            after(brought_to(Status::Assigned), &[(HANDLER, ask::hand_back(1))]),
        ),
        ("assigned", brought_to(Status::Assigned)),
        ("in process", brought_to(Status::InProcess)),
        ("in process, a helper to acknowledge", helped()),
        (
            "in process, with a file",
            after(brought_to(Status::InProcess), &[(CLERK, attachments::attach(0, Purpose::Evidence))]),
        ),
        ("drafted", drafted(brought_to(Status::InProcess))),
        ("the legal review is due", legal_due()),
        (
            "the legal review is due, a helper to acknowledge",
            after(drafted(helped()), &[(HANDLER, ask::submit())]),
        ),
        ("the secrecy review is due", secrecy_due()),
        (
            "withdrawn while the secrecy authority was asked",
            after(secrecy_due(), &[(SECRECY, referral.clone()), (CLERK, ask::withdraw())]),
        ),
        ("the secrecy authority was asked", after(secrecy_due(), &[(SECRECY, referral)])),
        ("the signature is due", after(secrecy_due(), &[(SECRECY, ask::pass(Step::Secrecy, "v1"))])),
        ("sent back by a reviewer", after(legal_due(), &[(LEGAL, ask::send_back(Step::Legal, "v1"))])),
        ("approved", brought_to(Status::Approved)),
        ("issued", brought_to(Status::Replied)),
        ("posted", posted()),
        ("served", after(posted(), &[(CLERK, ask::serve(1))])),
        ("withdrawn", withdrawn(Status::Received)),
        ("withdrawn after registration", withdrawn(Status::InProcess)),
        ("a reply taken over with a ledger", imported::answered_row()),
        ("lapsed", brought_to(Status::Lapsed)),
        ("lapsed and told", after(brought_to(Status::Lapsed), &[(CLERK, ask::dispatch())])),
        ("archived", brought_to(Status::Archived)),
        ("archived after a withdrawal", after(withdrawn(Status::Approved), &[(ARCHIVIST, ask::archive())])),
        ("archived after a lapse", after(brought_to(Status::Lapsed), &[(ARCHIVIST, ask::archive())])),
    ]
}

/// The best that could be asked for under a command's name: by the right person, with the right content.
fn best(file: &File, kind: CommandKind) -> (PersonId, Command) {
    let work = file.case.state.work();
    let assignments = || work.into_iter().flat_map(|work| std::iter::once(&work.lead).chain(&work.helpers));
    let waiting = assignments().find(|it| it.acknowledged_on.is_none()).map_or(1, |it| it.n);
    let unserved = file.case.state.services().iter().find(|it| it.served_on.is_none()).map_or(1, |it| it.n);
    let content = file.case.state.content().unwrap_or(hash("v1"));
    let decision = if file.status() == Status::Approved { Decision::Return } else { Decision::Pass };
    let opinion = (decision == Decision::Return).then(|| words("撤回签发"));
    let review = |step| Command::Review {
        step,
        decision,
        content,
        opinion: opinion.clone(),
        acting_for: None,
        checklist: (step == Step::Secrecy).then_some(Checklist::CLEAR),
    };
    match kind {
        CommandKind::Confirm => (CLERK, ask::confirm()),
        CommandKind::Register => (CLERK, ask::register()),
        CommandKind::Assign => (CLERK, ask::assign_to(FINANCE, 9)),
        CommandKind::AssignCoHandling => (CLERK, ask::co_handle(FINANCE)),
        CommandKind::Acknowledge => (HANDLER, ask::acknowledge(waiting)),
        CommandKind::Return => (HANDLER, ask::hand_back(work.map_or(1, |work| work.lead.n))),
        CommandKind::Draft => (HANDLER, ask::draft("v2")),
        CommandKind::Submit => (HANDLER, ask::submit()),
        CommandKind::ReviewLegal => (LEGAL, review(Step::Legal)),
        CommandKind::ReviewSecrecy => (SECRECY, review(Step::Secrecy)),
        CommandKind::SignOff => (APPROVER, review(Step::SignOff)),
        CommandKind::Reply(ReplyKind::AnswerReferral) => {
            (SECRECY, ask::answer_referral(crate::domain::review::Finding::NotSecret))
        }
        CommandKind::Issue => (APPROVER, Command::Issue { content, number: None }),
        CommandKind::Dispatch => (CLERK, ask::dispatch()),
        CommandKind::Serve => (CLERK, ask::serve(unserved)),
        CommandKind::Withdraw => (CLERK, ask::withdraw()),
        CommandKind::Archive => (ARCHIVIST, ask::archive()),
        CommandKind::Amend => (CLERK, ask::amend_applicant("章某")),
        CommandKind::AmendReceipt => {
            (OTHER_APPROVER, ask::amend_receipt(Channel::Fax, "2024-02-09", Some("2024-02-09")))
        }
        CommandKind::Clock(kind) => about_clock::best(file, kind),
        CommandKind::Remedy(kind) => about_remedies::best(file, kind),
        CommandKind::Disposal(kind) => about_archive::best(file, kind),
        CommandKind::Contact(kind) => about_contacts::best(kind),
        CommandKind::Label(kind) => about_labels::best(file, kind),
        CommandKind::Publication(kind) => about_publications::best(file, kind),
        CommandKind::Attachment(kind) => attachments::best(file, kind),
        CommandKind::Relation(kind) => (CLERK, about_relations::best(kind)),
    }
}

/// The day on which a command is easiest: what may come too late, early; what may come too early, late.
fn best_day(file: &File, kind: CommandKind) -> NaiveDate {
    if let CommandKind::Clock(kind) = kind {
        about_clock::best_day(file, kind)
    } else if matches!(
        kind,
        CommandKind::Remedy(_)
            | CommandKind::Disposal(_)
            | CommandKind::Label(_)
            | CommandKind::Contact(_)
            | CommandKind::Publication(_)
    ) {
        file.today
    } else if file.case.remedies.rounds.is_empty() {
        day("2026-04-01")
    } else {
        day("2026-07-01")
    }
}

/// The table's row as kinds, in the order of the work. `WORK` stands for what a department in process may always do, `CORRECT`
/// and `BEGIN` for what may be begun while nothing of the kind is under way, `RELATE`, `JOIN` and `LINK` for what it may have to do
/// with other cases: at first, once its clock was touched, and while that is stopped or when it is answered anew.
fn expected(row: &str, status: Status) -> Vec<CommandKind> {
    let words = row.split_whitespace().flat_map(|word| match word {
        "WORK" => vec!["assign", "assign_co_handling", "return", "draft", "withdraw"],
        "CORRECT" => vec!["request_correction", "request_correction_by_exception"],
        "BEGIN" => vec!["consult", "propose_extension", "request_reasons", "propose_fee"],
        "RATE" => vec!["record_rating"],
        "RELATE" => vec!["split", "merge", "link_repeat", "link_supplement"],
        "JOIN" => vec!["merge", "link_repeat", "link_supplement"],
        "LINK" => vec!["link_repeat", "link_supplement"],
        "PUBLISH" => vec!["suggest_publication", "propose_publication"],
        word => vec![word],
    });
    // A remedy may be brought against anything that was received.
    let received = (row != "confirm withdraw").then_some("file_remedy");
    let files = attachments::always(status);
    let names = about_labels::with_always(words.chain(received).chain(files).collect());
    let kinds: Vec<_> = CommandKind::ALL.iter().copied().filter(|kind| names.contains(kind.code())).collect();
    assert_eq!(kinds.len(), names.len(), "{row}: no such command");
    kinds
}

#[test]
fn in_every_situation_exactly_the_listed_commands_are_possible() {
    let table = [
        POSSIBLE,
        about_clock::POSSIBLE,
        about_remedies::POSSIBLE,
        about_archive::POSSIBLE,
        about_contacts::POSSIBLE,
        about_labels::POSSIBLE,
        about_relations::POSSIBLE,
        about_publications::POSSIBLE,
    ]
    .concat();
    check(&all_situations(), &table);
}

fn all_situations() -> Vec<(&'static str, File)> {
    [
        situations(),
        about_clock::situations(),
        about_remedies::situations(),
        about_archive::situations(),
        about_contacts::situations(),
        about_labels::situations(),
        about_relations::situations(),
        about_publications::situations(),
    ]
    .concat()
}

fn check(situations: &[(&'static str, File)], table: &[(&str, &str)]) {
    let named: Vec<_> = situations.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, table.iter().map(|(name, _)| *name).collect::<Vec<_>>());

    // Where a command is possible in some situation of a status, its refusal in another says more than `wrong_status`.
    let mut of_status: BTreeMap<Status, BTreeSet<CommandKind>> = BTreeMap::new();
    for ((_, file), (_, row)) in situations.iter().zip(table) {
        of_status.entry(file.status()).or_default().extend(expected(row, file.status()));
    }
    assert_eq!(of_status.keys().copied().collect::<Vec<_>>(), Status::ALL, "a status is missing");

    for ((name, file), (_, row)) in situations.iter().zip(table) {
        let expected = expected(row, file.status());
        for kind in CommandKind::ALL {
            let (person, command) = best(file, *kind);
            let told = format!("{name}: {}", kind.code());
            let context = context(file.today, Some(person));
            let mut after = file.clone();
            match after.ask(Some(person), command, best_day(file, *kind)) {
                Ok(_) => {
                    assert!(expected.contains(kind), "{told} was possible");
                    assert_eq!(precheck(&file.case, *kind, &context), Ok(()), "{told}");
                    assert_eq!(after.case.version, file.case.version + 1);
                }
                Err(refusal) => {
                    assert!(!expected.contains(kind), "{told} was refused: {:?}", refusal.code);
                    assert_eq!(refusal.allowed, expected, "{told}: what is possible instead");
                    assert!(precheck(&file.case, *kind, &context).is_err(), "{told} would be offered");
                    let elsewhere = if let CommandKind::Clock(kind) = kind {
                        about_clock::belongs(*kind, file.status())
                    } else if matches!(kind, CommandKind::Remedy(_)) {
                        file.status() != Status::AwaitingConfirmation
                    } else if matches!(kind, CommandKind::Disposal(_) | CommandKind::Label(_)) {
                        true // a file is held, appraised or labelled wherever the case stands
                    } else if matches!(kind, CommandKind::Publication(_)) {
                        [Status::Replied, Status::Archived].contains(&file.status())
                    } else if let CommandKind::Attachment(kind) = kind {
                        attachments::belongs(*kind, file.status())
                    } else if matches!(kind, CommandKind::Reply(ReplyKind::AnswerReferral)) {
                        // the secrecy authority answers when it does
                        use Status as S;
                        !matches!(file.status(), S::AwaitingConfirmation | S::Received | S::Archived)
                    } else {
                        of_status.get(&file.status()).unwrap().contains(kind)
                    };
                    let wrong_status = RefusalCode::WrongStatus { command: *kind, status: file.status() };
                    assert_eq!(refusal.code == wrong_status, !elsewhere, "{told}: {:?}", refusal.code);
                    assert_eq!(after.case, file.case, "a refusal changes nothing");
                }
            }
        }
        assert_eq!(possible(&file.case, &context(file.today, None)), expected, "{name}");
    }
}

#[test]
fn a_refusal_says_in_both_languages_why_and_which_article() {
    use crate::domain::lang::Lang;
    for (_, file) in all_situations() {
        for kind in CommandKind::ALL {
            let (person, command) = best(&file, *kind);
            let Err(refusal) = file.clone().ask(Some(person), command, best_day(&file, *kind)) else {
                continue;
            };
            let (zh, en) = (refusal.code.message(Lang::Zh), refusal.code.message(Lang::En));
            assert!(zh.ends_with('。') && en.ends_with('.'), "{zh} {en}");
            assert!(en.is_ascii(), "{en}");
        }
    }
}
