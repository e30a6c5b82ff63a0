//! Who may do what: every role × every action × every place where the thing may be. Printed as a table that an office
//! can read and sign, and compared with what design section 6 says, in its own words (reliability T28).

use std::fmt::Write as _;
use std::path::Path;

use gongkai::domain::case::CommandKind;
use gongkai::domain::ids::{AccountId, AgencyId, DepartmentId, PersonId};
use gongkai::domain::policy::{Action, Facts, Scope, Verdict, permits, scope};
use gongkai::domain::role::{Actor, Grant, Role};
use gongkai::domain::sensitivity::Sensitivity;
use uuid::Uuid;

const HERE: AgencyId = AgencyId(Uuid::from_u128(1));
const ELSEWHERE: AgencyId = AgencyId(Uuid::from_u128(2));
const OWN: DepartmentId = DepartmentId(Uuid::from_u128(11));
const OTHER: DepartmentId = DepartmentId(Uuid::from_u128(12));

/// Where the role is held, and where the thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The role is held at the whole agency; the thing is there.
    Agency,
    /// The role is held at one department; it leads the case.
    Lead,
    /// The role is held at one department; it helps with the case.
    Help,
    /// The role is held at one department; another works on the case alone.
    Other,
    /// The role is held at the whole agency; the thing is another agency's.
    Foreign,
}

const PLACES: [Place; 5] = [Place::Agency, Place::Lead, Place::Help, Place::Other, Place::Foreign];

/// What each role may do where it is held, from design section 6. Reading is added where the work needs it: whoever
/// works on cases reads them; the desk and the approver see whom to assign to.
const MAY: &[(Role, &str)] = &[
    (
        Role::Clerk,
        "receive read_case confirm register assign assign_co_handling withdraw dispatch serve amend read_reports \
         read_agencies read_accounts request_correction serve_correction record_correction lapse_correction \
         serve_consultation record_answer lapse_consultation notify_extension request_reasons record_reasons \
         notify_fee serve_fee record_payment lapse_fee file_remedy answer_remedy conclude_remedy \
         enter_report log_contact record_rating read_identity_proof reveal_personal_data open_attachment attach strike_attachment \
         hand_on split merge link_repeat link_supplement read_supervision_notices \
         suggest_publication record_publication withdraw_publication raise_sensitivity",
    ),
    (
        Role::Handler,
        "read_case acknowledge return draft submit read_agencies consult serve_consultation record_answer \
         lapse_consultation propose_extension request_reasons record_reasons propose_fee \
         reveal_personal_data open_attachment log_contact attach attach_to_reply strike_attachment hand_on link_repeat link_supplement read_supervision_notices \
         suggest_publication propose_publication record_publication withdraw_publication raise_sensitivity",
    ),
    (
        Role::LegalReviewer,
        "read_case review_legal read_agencies file_remedy answer_remedy conclude_remedy \
         delegate_review open_attachment_to_decide",
    ),
    (
        Role::SecrecyReviewer,
        "read_case review_secrecy answer_referral read_agencies delegate_review read_review_register \
         raise_sensitivity lower_sensitivity open_attachment_to_decide",
    ),
    (
        Role::Approver,
        "read_case sign_off issue amend_receipt read_reports read_agencies read_accounts \
         request_correction_by_exception lapse_correction decide_extension set_delayed_reply decide_fee lapse_fee \
         void_remedy enter_report freeze_report read_archive place_hold lift_hold decide_appraisal delegate_review \
         read_review_register read_supervision_notices answer_supervision_notice decide_publication \
         read_accesses raise_sensitivity lower_sensitivity open_attachment_to_decide",
    ),
    (
        Role::Archivist,
        "read_case archive read_reports read_agencies manage_archive read_archive place_hold propose_appraisal \
         open_attachment_once_closed",
    ),
    (
        Role::Supervisor,
        "read_reports read_agencies read_review_register send_supervision_notice read_supervision_notices",
    ),
    (
        Role::SystemAdmin,
        "read_agencies manage_agencies read_accounts manage_accounts manage_calendars manage_review \
         delegate_review read_portals manage_portals",
    ),
    (
        Role::SecurityAdmin,
        "read_agencies read_accounts grant_roles set_clearance reset_second_factor bind_account manage_review delegate_review read_portals",
    ),
    (Role::Auditor, "read_agencies read_review_register read_portals read_accesses read_record"),
    (Role::Portal, "receive follow_requests"),
];

/// What the department that leads a case does alone, and what each department does for its own task.
const OF_THE_LEAD: &[&str] = &[
    "draft",
    "submit",
    "consult",
    "serve_consultation",
    "record_answer",
    "lapse_consultation",
    "propose_extension",
    "request_reasons",
    "record_reasons",
    "propose_fee",
    "attach_to_reply",
    "hand_on",
    "link_repeat",
    "link_supplement",
    "reveal_personal_data",
    "open_attachment",
];

fn may(role: Role, action: Action) -> bool {
    let (_, row) = MAY.iter().find(|(named, _)| *named == role).expect("every role has its row");
    row.split_whitespace().any(|word| word == action.code())
}

fn is_about_a_case(action: Action) -> bool {
    matches!(
        action,
        Action::ReadCase
            | Action::ReadIdentityProof
            | Action::RevealPersonalData
            | Action::OpenAttachment
            | Action::OpenAttachmentToDecide
            | Action::OpenAttachmentOnceClosed
            | Action::Command(_)
    )
}

/// The rule in its own words.
fn expected(role: Role, action: Action, place: Place) -> Verdict {
    if place == Place::Foreign {
        return Verdict::Hidden; // another agency's thing looks like one that does not exist
    }
    if is_about_a_case(action) {
        if !may(role, Action::ReadCase) || place == Place::Other {
            return Verdict::Hidden;
        }
        let only_the_leads = place == Place::Help && OF_THE_LEAD.contains(&action.code());
        return if may(role, action) && !only_the_leads { Verdict::Allow } else { Verdict::Forbidden };
    }
    // What concerns the agency as a whole is for those who hold their role there; its departments everybody sees.
    let whole = place == Place::Agency || action == Action::ReadAgencies;
    if may(role, action) && whole { Verdict::Allow } else { Verdict::Forbidden }
}

fn grant(role: Role, place: Place) -> Grant {
    let department = match place {
        Place::Agency | Place::Foreign => None,
        Place::Lead | Place::Help | Place::Other => Some(OWN),
    };
    Grant { role, agency: HERE, department }
}

fn actor(grants: Vec<Grant>) -> Actor {
    Actor {
        account: AccountId(Uuid::from_u128(21)),
        person: PersonId(Uuid::from_u128(22)),
        agency: HERE,
        grants,
        clearance: Sensitivity::HIGHEST,
    }
}

fn verdict(actor: &Actor, action: Action, place: Place) -> Verdict {
    verdict_of(actor, action, place, Sensitivity::Ordinary)
}

fn verdict_of(actor: &Actor, action: Action, place: Place, sensitivity: Sensitivity) -> Verdict {
    let agency = if place == Place::Foreign { ELSEWHERE } else { HERE };
    let departments: &[DepartmentId] = match place {
        _ if !is_about_a_case(action) => &[],
        Place::Agency | Place::Lead | Place::Foreign => &[OWN],
        Place::Help => &[OTHER, OWN],
        Place::Other => &[OTHER],
    };
    // One acknowledges and hands back one's own task, also as a helper; all else is about the lead's.
    let own_task = matches!(action, Action::Command(CommandKind::Acknowledge | CommandKind::Return));
    let task_of = if place == Place::Help && own_task { Some(OWN) } else { departments.first().copied() };
    permits(actor, action, &Facts { agency, departments, task_of, sensitivity })
}

#[test]
fn every_cell_is_what_the_design_says() {
    let rows: Vec<_> = MAY.iter().map(|(role, _)| *role).collect();
    assert_eq!(rows, Role::ALL, "a role is missing");
    let actions = Action::all();
    assert_eq!(actions.len(), CommandKind::ALL.len() + 32, "an action is missing");
    for (role, row) in MAY {
        for word in row.split_whitespace() {
            assert!(actions.iter().any(|action| action.code() == word), "{}: no action {word}", role.code());
        }
    }
    let mut wrong = String::new();
    for role in Role::ALL {
        for action in &actions {
            for place in PLACES {
                let (found, wanted) = (
                    verdict(&actor(vec![grant(*role, place)]), *action, place),
                    expected(*role, *action, place),
                );
                if found != wanted {
                    writeln!(wrong, "{} {} {place:?}: {found:?}, not {wanted:?}", role.code(), action.code())
                        .unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_action_is_somebodys() {
    for action in Action::all() {
        assert!(Role::ALL.iter().any(|role| may(*role, action)), "nobody may {}", action.code());
    }
}

/// 三员分立: none of the three administrators reads a case or works on one, and each has a power that the others lack.
#[test]
fn administrators_have_no_part_in_cases_nor_in_each_others_work() {
    for role in Role::ALL.iter().filter(|role| role.is_administrator()) {
        let admin = actor(vec![grant(*role, Place::Agency)]);
        for action in Action::all().into_iter().filter(|action| is_about_a_case(*action)) {
            assert_eq!(verdict(&admin, action, Place::Agency), Verdict::Hidden);
        }
        for (action, holder) in [
            (Action::ManageAccounts, Role::SystemAdmin),
            (Action::ManageAgencies, Role::SystemAdmin),
            (Action::GrantRoles, Role::SecurityAdmin),
        ] {
            let allowed = verdict(&admin, action, Place::Agency) == Verdict::Allow;
            assert_eq!(allowed, *role == holder, "{} {}", role.code(), action.code());
        }
    }
}

/// Regression: whoever holds his role at a department only was refused the list of his agency's departments.
#[test]
fn a_department_s_officer_sees_the_departments_of_his_agency() {
    let handler = actor(vec![grant(Role::Handler, Place::Lead)]);
    assert_eq!(verdict(&handler, Action::ReadAgencies, Place::Lead), Verdict::Allow);
    assert_eq!(verdict(&handler, Action::ReadAgencies, Place::Foreign), Verdict::Hidden);
}

/// Nobody reads above his clearance, nor does he anything else there: what he may not read is not there for him, in every cell of the table,
/// whatever roles he holds. Up to his clearance a label changes nothing (GB/T 22239-2019, 8.1.4.2 g).
#[test]
fn nobody_reads_above_his_clearance() {
    const SCALE: [&str; 4] = ["ordinary", "personal_privacy", "trade_secret", "proposed_secret"];
    assert_eq!(Sensitivity::ALL.iter().map(|label| label.code()).collect::<Vec<_>>(), SCALE);
    let place_of = |label: &Sensitivity| SCALE.iter().position(|code| *code == label.code());
    let mut cells = 0;
    for role in Role::ALL {
        for place in PLACES {
            for action in Action::all() {
                for clearance in Sensitivity::ALL {
                    let somebody = Actor { clearance: *clearance, ..actor(vec![grant(*role, place)]) };
                    for label in Sensitivity::ALL {
                        let found = verdict_of(&somebody, action, place, *label);
                        let above = place_of(label) > place_of(clearance);
                        // Who is cleared for no more than its label cannot raise it.
                        let raises = action.code() == "raise_sensitivity" && label == clearance;
                        let plain = expected(*role, action, place);
                        let wanted = if above {
                            Verdict::Hidden
                        } else if plain == Verdict::Allow && raises {
                            Verdict::Forbidden
                        } else {
                            plain
                        };
                        assert_eq!(
                            found,
                            wanted,
                            "{} {} {place:?} {clearance:?} {label:?}",
                            role.code(),
                            action.code()
                        );
                        cells += 1;
                    }
                }
            }
        }
    }
    assert_eq!(cells, Role::ALL.len() * PLACES.len() * Action::all().len() * 16);
}

/// Two roles allow what either allows, and nothing else.
#[test]
fn roles_add_up_and_make_nothing_new() {
    let rank = |verdict| match verdict {
        Verdict::Hidden => 0,
        Verdict::Forbidden => 1,
        Verdict::Allow => 2,
    };
    for place in PLACES {
        for action in Action::all() {
            for one in Role::ALL {
                for other in Role::ALL {
                    let (one, other) = (grant(*one, place), grant(*other, place));
                    let alone = [one.clone(), other.clone()]
                        .map(|grant| rank(verdict(&actor(vec![grant]), action, place)));
                    let both = rank(verdict(&actor(vec![one, other]), action, place));
                    assert_eq!(Some(both), alone.into_iter().max());
                }
            }
            let nobody = actor(Vec::new());
            assert_ne!(verdict(&nobody, action, place), Verdict::Allow, "without a role nothing is allowed");
        }
    }
}

/// What a list shows is what may be read one by one.
#[test]
fn lists_show_what_may_be_read() {
    for role in Role::ALL {
        for place in PLACES {
            let somebody = actor(vec![grant(*role, place)]);
            let (agency, working): (_, &[DepartmentId]) = match place {
                Place::Agency | Place::Lead => (HERE, &[OWN]),
                Place::Help => (HERE, &[OTHER, OWN]),
                Place::Other => (HERE, &[OTHER]),
                Place::Foreign => (ELSEWHERE, &[OWN]),
            };
            let listed = match scope(&somebody, Action::ReadCase, agency) {
                Scope::Nothing => false,
                Scope::Agency => true,
                Scope::Departments(departments) => departments.iter().any(|one| working.contains(one)),
            };
            let read = verdict(&somebody, Action::ReadCase, place) == Verdict::Allow;
            assert_eq!(listed, read, "{} {place:?}", role.code());
        }
    }
}

// --- the table ---------------------------------------------------------------------------------------------------

fn label(action: Action) -> &'static str {
    match action {
        Action::ReceiveCase => "接收",
        Action::ReadCase => "查看申请",
        Action::ReadIdentityProof => "打开身份证明",
        Action::RevealPersonalData => "查看未脱敏的个人信息",
        Action::OpenAttachment => "打开附件原件",
        Action::OpenAttachmentToDecide => "打开附件原件（审核期间）",
        Action::OpenAttachmentOnceClosed => "打开附件原件（办结后）",
        Action::ReadAccesses => "查看个人信息的查阅记录",
        Action::Command(kind) => kind.label_zh(),
        Action::ReadReports => "查看统计和年度报告",
        Action::EnterReport => "填报年度报告表二",
        Action::FreezeReport => "年度报告定稿",
        Action::ReadAgencies => "查看机关和部门",
        Action::ManageAgencies => "设置、调整机关和部门",
        Action::ReadAccounts => "查看账号",
        Action::ManageAccounts => "设置账号",
        Action::ResetSecondFactor => "重置双因素验证",
        Action::BindAccount => "绑定统一身份认证账号",
        Action::GrantRoles => "授予和撤销角色",
        Action::SetClearance => "设定可阅级别",
        Action::ManageReview => "设置审核流程和救济机关",
        Action::DelegateReview => "委托审核",
        Action::ReadReviewRegister => "导出保密审查台账",
        Action::ReadRecord => "查看审计记录和检查点",
        Action::ManageCalendars => "设置工作日历",
        Action::ManageArchive => "设置全宗、目录和保管期限",
        Action::SendNotice => "发出、退回、办结督办",
        Action::ReadNotices => "查看督办（部门人员：本部门办理的申请的督办）",
        Action::AnswerNotice => "答复督办",
        Action::ReadPortals => "查看门户",
        Action::ManagePortals => "开通、关闭门户，更换密钥",
        Action::FollowRequests => "查询本门户提交的申请",
        Action::ReadArchive => "查看待鉴定、暂缓处置和已销毁的案卷",
    }
}

fn table() -> String {
    let mut text = String::from(
        "Who may do what (权限表). Made by tests/it/policy_matrix.rs; UPDATE_GOLDEN=1 writes it anew.\n\n\
         allow = may do it; forbid = may see it, not do it (403); . = to this person it does not exist (404).\n\n\
         agency   the role is held at the whole agency (全机关), and the thing is there\n\
         lead     the role is held at one department, which leads the case (主办)\n\
         help     the role is held at one department, which helps with the case (协办)\n\
         other    the role is held at one department, and others work on the case (其他部门)\n\
         foreign  the thing is another agency's (其他机关)\n\n\
         Four eyes (who drafted, who took which step) come on top of this table, by person.\n",
    );
    text.push_str(&labels());
    for role in Role::ALL {
        write!(text, "\n{} {}\n", role.code(), role.label_zh()).unwrap();
        writeln!(text, "  agency  lead    help    other   foreign").unwrap();
        for action in Action::all() {
            let cell = |place| match verdict(&actor(vec![grant(*role, place)]), action, place) {
                Verdict::Allow => "allow   ",
                Verdict::Forbidden => "forbid  ",
                Verdict::Hidden => ".       ",
            };
            let cells: String = PLACES.map(cell).concat();
            writeln!(text, "  {cells}{:<32}{}", action.code(), label(action)).unwrap();
        }
    }
    text
}

/// What a security label does to every cell of the table.
fn labels() -> String {
    let mut text = String::from(
        "\nEvery cell holds for cases up to one's clearance (可阅级别); a case with a higher label (敏感级别) does not exist for him.\n\
         Raising a label needs a clearance above it:\n\n",
    );
    write!(text, "  {:<24}", "clearance \\ label").unwrap();
    for label in Sensitivity::ALL {
        write!(text, "{:<18}", label.code()).unwrap();
    }
    text.push('\n');
    for clearance in Sensitivity::ALL {
        let clerk = Actor { clearance: *clearance, ..actor(vec![grant(Role::Clerk, Place::Agency)]) };
        write!(text, "  {:<24}", clearance.code()).unwrap();
        for label in Sensitivity::ALL {
            let cell = match verdict_of(&clerk, Action::ReadCase, Place::Agency, *label) {
                Verdict::Allow => "as below",
                Verdict::Forbidden => "forbid",
                Verdict::Hidden => ".",
            };
            write!(text, "{cell:<18}").unwrap();
        }
        writeln!(text, "{}", clearance.label_zh()).unwrap();
    }
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a variable of the tests, not of the program")]
fn the_printed_table_is_the_policy() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/policy.txt");
    let table = table();
    if std::env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1") {
        std::fs::write(&path, &table).unwrap();
    }
    let signed = std::fs::read_to_string(&path).unwrap_or_default();
    for (n, (now, then)) in table.lines().zip(signed.lines()).enumerate() {
        assert_eq!(now, then, "line {} of tests/golden/policy.txt; UPDATE_GOLDEN=1 writes it anew", n + 1);
    }
    assert_eq!(table.len(), signed.len(), "tests/golden/policy.txt; UPDATE_GOLDEN=1 writes it anew");
}
