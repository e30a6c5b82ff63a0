//! What a case says a caller may do is what is then accepted: every command, by everybody, wherever a case can stand.

mod clock;
mod relations;
mod remedies;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use gongkai::domain::case::CommandKind;
use gongkai::domain::case::command::AttachmentKind;
use gongkai::domain::case::command::{ContactKind, DisposalKind, LabelKind, PublicationKind, ReplyKind};
use serde_json::{Value, json};

use super::operations::{NOBODY, told};
use super::stories::by_channel;
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::files;
use crate::support::office::{BUDGET, Office, PLANNING, today};
use crate::support::story::{CaseStory, SUBJECT, request};

const PEOPLE: &[&str] = &[
    "clerk",
    "handler",
    "handler-2",
    "legal_reviewer",
    "secrecy_reviewer",
    "approver",
    "archivist",
    "supervisor",
    "system_admin",
    "security_admin",
    "auditor",
];

/// Every place where a case can stand: its status, and what is told apart within it.
const PLACES: &[&str] = &[
    "awaiting_confirmation",
    "received",
    "received, online",
    "received, with a file",
    "registered",
    "assigned",
    "assigned, with help",
    "in_process",
    "in_process, drafted",
    "in_review",
    "in_review, legal passed",
    "in_review, referred",
    "in_review, secrecy passed",
    "approved",
    "replied",
    "replied, dispatched",
    "replied, served",
    "withdrawn",
    "lapsed",
    "lapsed, told",
    "archived",
    "archived, held",
    "archived, appraised",
    "replied, naming another",
    "archived, to be published",
    "archived, approved to be published",
    "archived, published",
];

/// Every place, with who is asked there.
pub(super) fn places() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let of_clock = clock::PLACES.iter().map(|place| (*place, clock::PEOPLE));
    let of_remedies = remedies::PLACES.iter().map(|place| (*place, remedies::PEOPLE));
    let labelled: (_, &[_]) = ("registered, labelled", &["clerk", "handler", "approver-2"]);
    PLACES.iter().map(|place| (*place, PEOPLE)).chain(of_clock).chain(of_remedies).chain([labelled])
}

/// What is asked where a case has to do with another one, which is made for it.
pub(super) fn relation_request(
    office: &Office,
    kind: gongkai::domain::case::command::RelationCommandKind,
) -> (&'static str, &'static str, Value) {
    relations::request(office, kind)
}

/// Who may read labelled cases here: the desk up to privacy, an approver up to trade secrets.
pub(super) fn clear_some(office: &Office) {
    for (name, clearance) in [("clerk", "personal_privacy"), ("approver-2", "trade_secret")] {
        let account = office.as_role(name).get("/me").must(200).str("/account_id").to_owned();
        let path = format!("/accounts/{account}/clearance");
        office.as_role("security_admin").put(&path, &json!({ "clearance": clearance })).must(204);
    }
}

/// An agency to which a case can be handed on.
pub(super) fn found_below(office: &Office) {
    drop(office.subordinate(relations::BELOW));
}

/// A case that stands there.
pub(super) fn case_at<'a>(office: &'a Office, place: &str) -> CaseStory<'a> {
    let registered = || CaseStory::registered(office);
    let in_process = || registered().assign(BUDGET).acknowledge();
    let replied = || CaseStory::approved(office).issue();
    let case = match place {
        "awaiting_confirmation" => CaseStory::receive(office, &by_channel("ordinary_post", today())),
        "received" => CaseStory::receive(office, &request()),
        "received, online" => CaseStory::receive(office, &by_channel("online", today())),
        "received, with a file" => {
            let mut case = CaseStory::receive(office, &request());
            let clerk = office.as_role("clerk").if_match(case.etag());
            case.last = files::attach(&clerk, &case.id, "evidence", "收据.txt", files::TEXT).must(200);
            case
        }
        "registered" => registered(),
        "registered, labelled" => {
            let private = json!({ "to": "personal_privacy", "reason": "涉及第三方隐私" });
            registered().command("clerk", "POST", "/sensitivity/raise", &private)
        }
        "assigned" => registered().assign(BUDGET),
        "assigned, with help" => {
            let help = json!({ "department_id": office.department(PLANNING), "kind": "co_handling" });
            registered().assign(BUDGET).command("clerk", "POST", "/assignments", &help)
        }
        "in_process" => in_process(),
        "in_process, drafted" => in_process().draft("granted", "予以公开。"),
        "in_review" => CaseStory::in_review(office),
        "in_review, legal passed" => CaseStory::in_review(office).pass("legal"),
        "in_review, referred" => {
            let case = CaseStory::in_review(office).pass("legal");
            let refer = json!({
                "step": "secrecy", "decision": "refer", "opinion": "请予确定", "content_hash": case.content_hash(),
            });
            case.command("secrecy_reviewer", "POST", "/reply/reviews", &refer)
        }
        "in_review, secrecy passed" => CaseStory::in_review(office).pass("legal").pass("secrecy"),
        "approved" => CaseStory::approved(office),
        "replied" => replied(),
        "replied, dispatched" => {
            replied().command("clerk", "POST", "/services", &json!({ "method": "post" }))
        }
        "replied, served" => replied().serve("direct"),
        "withdrawn" => registered().command("clerk", "POST", "/withdrawal", &json!({})),
        "lapsed, told" => {
            case_at(office, "lapsed").command("clerk", "POST", "/services", &json!({ "method": "post" }))
        }
        "archived" => replied().serve("direct").archive(),
        "replied, naming another" => relations::naming_another(office),
        other if other.contains("remedy") || other.contains("anew") => remedies::case_at(office, other),
        "archived, held" => {
            case_at(office, "archived").command("archivist", "POST", "/holds", &json!({ "reason": "诉讼" }))
        }
        "archived, appraised" => {
            let erase = json!({ "proposal": "erase", "ground": "other_law", "reason": "依法删除" });
            case_at(office, "archived").command("archivist", "POST", "/appraisals", &erase)
        }
        "archived, to be published" => {
            let propose =
                json!({ "proposed_by": "office", "document": { "title": "某报告" }, "reason": "多人申请" });
            case_at(office, "archived").command("handler", "POST", "/publications", &propose)
        }
        "archived, approved to be published" => {
            let approve = json!({ "approve": true, "reason": "同意" });
            let case = case_at(office, "archived, to be published");
            case.command("approver", "POST", "/publications/1/decision", &approve)
        }
        "archived, published" => {
            let place = json!({ "url": "https://www.example.gov.cn/1" });
            let case = case_at(office, "archived, approved to be published");
            case.command("clerk", "POST", "/publications/1/place", &place)
        }
        other => clock::case_at(office, other),
    };
    assert_eq!(case.last.str("/status"), place.split(',').next().unwrap());
    case
}

/// Gives the command, with content that is in order wherever the command is. Acknowledging and returning are tried for
/// each task: the answer is the best that was got. The third department is one that has nothing to do with the case yet.
pub(super) fn give(office: &Office, third: &str, who: &Client, case: &CaseStory, kind: CommandKind) -> Reply {
    let hash = case.last.at("/reply/content_hash").as_str().unwrap_or(&"0".repeat(64)).to_owned();
    let review = |step: &str| json!({ "step": step, "decision": "return", "content_hash": hash, "opinion": "请再议。" });
    let arrived: NaiveDate = case.last.str("/arrived_on").parse().unwrap();
    let (method, path, body): (&str, &str, Value) = match kind {
        CommandKind::Confirm => ("POST", "/confirmation", json!({ "evidence": "电话" })),
        CommandKind::Register => ("POST", "/registration", json!({ "subject": SUBJECT })),
        CommandKind::Assign => {
            ("POST", "/assignments", json!({ "department_id": office.department(PLANNING) }))
        }
        CommandKind::AssignCoHandling => {
            ("POST", "/assignments", json!({ "department_id": third, "kind": "co_handling" }))
        }
        CommandKind::Acknowledge | CommandKind::Return => return give_for_each_task(who, case, kind),
        CommandKind::Draft => ("PUT", "/reply", crate::support::replies::draft("granted", "予以公开。")),
        CommandKind::Submit => ("POST", "/reply/submission", json!({})),
        CommandKind::ReviewLegal => ("POST", "/reply/reviews", review("legal")),
        CommandKind::ReviewSecrecy => ("POST", "/reply/reviews", review("secrecy")),
        CommandKind::SignOff => ("POST", "/reply/reviews", review("sign_off")),
        CommandKind::Reply(ReplyKind::AnswerReferral) => {
            ("POST", "/reply/referral-answer", json!({ "finding": "not_secret", "text": "复函" }))
        }
        CommandKind::Issue => ("POST", "/reply/issue", json!({ "content_hash": hash })),
        CommandKind::Dispatch => ("POST", "/services", json!({ "method": "post" })),
        CommandKind::Serve => ("POST", "/services/1/proof", json!({})),
        CommandKind::Withdraw => ("POST", "/withdrawal", json!({})),
        CommandKind::Archive => ("POST", "/archive", json!({})),
        CommandKind::Amend => {
            ("POST", "/amendments", json!({ "reason": "误", "description": "申请公开另一报告。" }))
        }
        CommandKind::AmendReceipt => {
            let receipt = json!({ "channel": "registered_post", "arrived_on": arrived - Days::new(1) });
            ("POST", "/amendments", json!({ "reason": "误", "receipt": receipt }))
        }
        CommandKind::Clock(kind) => clock::request(case, kind),
        CommandKind::Remedy(kind) => remedies::request(case, kind),
        CommandKind::Contact(kind) => match kind {
            ContactKind::Log => {
                ("POST", "/contacts", json!({ "means": "phone", "with": "applicant", "summary": "电话沟通" }))
            }
            ContactKind::Rate => ("POST", "/rating", json!({ "score": 4 })),
        },
        CommandKind::Relation(kind) => relations::request(office, kind),
        CommandKind::Publication(kind) => {
            let propose = |by: &str| json!({ "proposed_by": by, "document": { "title": "另一报告" }, "reason": "多人申请" });
            match kind {
                PublicationKind::Suggest => ("POST", "/publications", propose("applicant")),
                PublicationKind::Propose => ("POST", "/publications", propose("office")),
                PublicationKind::Decide => {
                    ("POST", "/publications/1/decision", json!({ "approve": true, "reason": "同意" }))
                }
                PublicationKind::Publish => {
                    ("POST", "/publications/1/place", json!({ "url": "https://www.example.gov.cn/1" }))
                }
                PublicationKind::Withdraw => {
                    ("POST", "/publications/1/withdrawal", json!({ "reason": "链接失效" }))
                }
            }
        }
        CommandKind::Label(kind) => match kind {
            LabelKind::Raise => {
                let to = if case.last.str("/sensitivity") == "ordinary" {
                    "personal_privacy"
                } else {
                    "trade_secret"
                };
                ("POST", "/sensitivity/raise", json!({ "to": to, "reason": "涉及第三方" }))
            }
            LabelKind::Lower => {
                ("POST", "/sensitivity/lower", json!({ "to": "ordinary", "reason": "不涉及商业秘密" }))
            }
        },
        CommandKind::Disposal(kind) => match kind {
            DisposalKind::PlaceHold => ("POST", "/holds", json!({ "reason": "诉讼未结" })),
            DisposalKind::LiftHold => ("POST", "/holds/1/lift", json!({ "reason": "已结案" })),
            DisposalKind::ProposeAppraisal => {
                let erase = json!({ "proposal": "erase", "ground": "unlawful", "reason": "误录" });
                ("POST", "/appraisals", erase)
            }
            DisposalKind::DecideAppraisal => ("POST", "/appraisals/1/decision", json!({ "approve": true })),
        },
        CommandKind::Attachment(kind) => return give_file(who, case, kind),
    };
    who.if_match(case.etag()).send(method, &case.path(path), Some(&body))
}

fn give_file(who: &Client, case: &CaseStory, kind: AttachmentKind) -> Reply {
    let who = who.if_match(case.etag());
    let purpose = match kind {
        AttachmentKind::Attach => "other",
        AttachmentKind::AttachToReply => "reply_attachment",
        AttachmentKind::Strike => {
            let id = files::newest(&who, &case.id)["id"].as_str().unwrap_or(NOBODY).to_owned();
            return who.post(&case.path(&format!("/attachments/{id}/strike")), &json!({ "reason": "误传" }));
        }
    };
    files::attach(&who, &case.id, purpose, "附件.txt", files::TEXT)
}

fn give_for_each_task(who: &Client, case: &CaseStory, kind: CommandKind) -> Reply {
    let (of, body) = if kind == CommandKind::Return {
        ("return", json!({ "reason": "不属本处" }))
    } else {
        ("acknowledgement", json!({}))
    };
    let give = |n: u32| who.if_match(case.etag()).post(&case.path(&format!("/assignments/{n}/{of}")), &body);
    let own = give(2);
    if own.status == 200 { own } else { give(1) }
}

both_databases! {
    fn what_is_said_to_be_allowed_is_accepted_and_nothing_else(backend) {
        let office = Office::open(backend);
        let departments = format!("/agencies/{}/departments", office.agency.id);
        let third = office.as_role("system_admin").post(&departments, &json!({ "name": "档案处" })).must(201);
        let third = third.str("/id");
        drop(office.subordinate(relations::BELOW));
        clear_some(&office);
        let mut accepted: BTreeMap<&str, usize> = BTreeMap::new();
        // It is the rules' doing, not the database's: the gate asks at every place on the one, and at every third on the other.
        let thinned = backend == Backend::Postgres && !at_every_place();
        for (_, (place, people)) in places().enumerate().filter(|(n, _)| !thinned || n % 3 == 0) {
            let case = case_at(&office, place);
            for name in people {
                let who = office.as_role(name);
                let read = who.get(&case.path("?explain=true"));
                if read.status == 404 {
                    // That no operation tells such a case from none is shown elsewhere.
                    assert_eq!(told(&give(&office, third, &who, &case, CommandKind::Amend)), "404 not_found");
                    continue;
                }
                for kind in CommandKind::ALL {
                    let at = format!("{kind:?} by {name} at {place}");
                    if may(&read, *kind) {
                        // On a case of its own, since it will not stand there afterwards.
                        let fresh = case_at(&office, place);
                        let reply = give(&office, third, &who, &fresh, *kind);
                        assert_eq!(reply.status, 200, "{at}: {}", reply.told());
                        assert_ne!(reply.etag(), fresh.etag(), "{at}");
                        *accepted.entry(kind.code()).or_default() += 1;
                    } else {
                        check_refused(&give(&office, third, &who, &case, *kind), &read, *kind, &at);
                    }
                }
            }
            let after = office.as_role("clerk").get(&case.path("")).must(200);
            assert_eq!(after.etag(), case.etag(), "what was refused at {place} changed nothing");
        }
        let never: Vec<_> = CommandKind::ALL.iter().filter(|kind| !accepted.contains_key(kind.code())).collect();
        assert!(never.is_empty() || thinned && never.len() < 20, "nobody could ever {never:?}");
    }
}

/// Whether all places are asked about on both databases: `bench/allowed.sh` sets the variable.
fn at_every_place() -> bool {
    std::env::var_os("GONGKAI_EVERY_PLACE").is_some()
}

/// Whether the case says that its reader may; it says one thing of each command.
pub(super) fn may(read: &Reply, kind: CommandKind) -> bool {
    let allowed = read.at("/allowed_actions").as_array().unwrap();
    let refused = read.at("/refused_actions").as_array().unwrap();
    assert_eq!(allowed.len() + refused.len(), CommandKind::ALL.len(), "{}", read.told());
    allowed.iter().any(|action| action == kind.code())
}

/// The refusal is the one that was told beforehand.
#[track_caller]
fn check_refused(reply: &Reply, read: &Reply, kind: CommandKind, at: &str) {
    let refused = read.at("/refused_actions").as_array().unwrap();
    let why = refused.iter().find(|refused| refused["action"] == kind.code()).unwrap();
    assert!(!why["detail"].as_str().unwrap().is_empty(), "{at}");
    let got = told(reply);
    match why["code"].as_str().unwrap() {
        "forbidden" => assert_eq!(got, "403 forbidden", "{at}"),
        rule => assert!(got == "403 forbidden" || got == format!("409 {rule}"), "{at}: {got} and not {rule}"),
    }
}
