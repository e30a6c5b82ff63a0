//! What is asked, by whom, and in which words it is answered: all of it invented, and seen to be.

use super::office::Department;
use crate::app::people::{Applicant, Identity, IdentityKind};
use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;

/// Something that people ask for, and what comes of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matter {
    /// Whose business it is.
    pub(super) department: Department,
    /// What is answered.
    pub(super) outcome: Outcome,
    /// The clerk's summary, with `{place}` and `{year}`.
    pub(super) subject: &'static str,
}

const fn matter(department: Department, outcome: Outcome, subject: &'static str) -> Matter {
    Matter { department, outcome, subject }
}

use Department::{Education, Environment, Finance, Planning};
use Outcome as O;

/// Every matter. Their number has no divisor in common with the steps in which they are taken.
pub(super) const MATTERS: &[Matter] = &[
    matter(Planning, O::Granted, "{place}旧城改造项目房屋征收补偿方案"),
    matter(Planning, O::Granted, "{place}城中村改造片区控制性详细规划"),
    matter(Planning, O::PartiallyGranted, "{place}安置房项目建设工程规划许可证及附图"),
    matter(Planning, O::DeniedThirdPartyRights, "{place}征收项目其他被征收户的补偿明细"),
    matter(Planning, O::PartiallyGranted, "{place}工业用地出让合同"),
    matter(Planning, O::DeniedEnforcementFiles, "{place}违法建设查处案卷材料"),
    matter(Planning, O::Granted, "{place}征地批复文件及勘测定界图"),
    matter(Planning, O::DeniedAdministrativeQuery, "{place}房屋登记信息查询"),
    matter(Planning, O::DeniedDeliberativeProcess, "{place}轨道交通选线专题会议记录"),
    matter(Planning, O::Granted, "{place}老旧小区加装电梯补贴政策文件"),
    matter(Planning, O::NotProcessedComplaintPetition, "{place}拆迁安置进度问题的投诉"),
    matter(Planning, O::UnableNotHeld, "{place}农村宅基地历史审批档案"),
    matter(Finance, O::Granted, "{place}{year}年度部门预算和“三公”经费明细"),
    matter(Finance, O::Granted, "{place}{year}年度政府采购中标结果"),
    matter(Finance, O::PartiallyGranted, "{place}{year}年度专项债券资金使用情况"),
    matter(Finance, O::Granted, "{place}{year}年度财政专项资金绩效评价报告"),
    matter(Finance, O::DeniedDeliberativeProcess, "{place}{year}年度预算调整请示和内部讨论稿"),
    matter(Finance, O::DeniedInternalAffairs, "{place}{year}年度机关公务用车内部调度台账"),
    matter(Finance, O::DeniedProhibitedByLaw, "{place}企业{year}年度纳税明细"),
    matter(Finance, O::UnableNeedsCreation, "{place}近五年招商项目的汇总对比分析"),
    matter(Finance, O::NotProcessedPublication, "{place}{year}年政府公报合订本"),
    matter(Finance, O::DeniedThirdPartyRights, "{place}产业引导基金投资协议"),
    matter(Finance, O::Granted, "{place}{year}年度村级转移支付分配表"),
    matter(Environment, O::Granted, "{place}化工园区周边空气质量监测数据"),
    matter(Environment, O::Granted, "{place}生活垃圾焚烧项目环境影响评价批复"),
    matter(Environment, O::DeniedEnforcementFiles, "{place}排污企业行政处罚案卷"),
    matter(Environment, O::DeniedStateSecret, "{place}应急指挥专用通信保障方案"),
    matter(Environment, O::Granted, "{place}黑臭水体整治工程验收资料"),
    matter(Environment, O::DeniedSecurityStability, "{place}危险化学品储存点位安全评估"),
    matter(Environment, O::NotProcessedComplaintPetition, "{place}夜间施工噪声扰民的举报"),
    matter(Environment, O::PartiallyGranted, "{place}地块土壤污染状况调查报告"),
    matter(Environment, O::UnableNotHeld, "{place}跨市河流断面水质原始记录"),
    matter(Environment, O::Granted, "{place}污水处理厂{year}年度出水检测数据"),
    matter(Education, O::Granted, "{place}义务教育学校学区划分方案"),
    matter(Education, O::Granted, "{place}公办幼儿园{year}年招生名额"),
    matter(Education, O::DeniedInternalAffairs, "{place}教师招聘面试考官抽签名单"),
    matter(Education, O::Granted, "{place}学校食堂食品安全检查结果"),
    matter(Education, O::PartiallyGranted, "{place}社区卫生服务中心{year}年度采购清单"),
    matter(Education, O::Granted, "{place}民办学校{year}年度年检结论"),
    matter(Education, O::NotProcessedRepeat, "{place}中考录取分数线依据（与此前申请相同）"),
    matter(Education, O::NotProcessedConfirmation, "{place}办学许可信息的再次确认"),
    matter(Education, O::Granted, "{place}校舍安全鉴定报告"),
    matter(Education, O::UnableNeedsCreation, "{place}分年级学生视力情况统计分析"),
];

/// Where nobody lives.
const PLACES: &[&str] = &["样例区", "示范街道", "样例镇", "演示新区", "虚构乡", "示例开发区"];

impl Matter {
    /// The summary for a place, counted on from any other, and a year.
    pub(super) fn summary(&self, place: usize, year: i32) -> String {
        let place = PLACES.iter().cycle().nth(place % PLACES.len()).copied().unwrap_or_default();
        self.subject.replace("{place}", place).replace("{year}", &year.to_string())
    }
}

/// The applicant's own words for a summary.
pub(super) fn description(subject: &str, n: u32) -> String {
    match n % 4 {
        0 => format!("请公开{subject}。"),
        1 => format!("本申请人因生产生活需要，申请公开：{subject}，请提供复印件并加盖公章。"),
        2 => format!("申请获取{subject}的全部内容及附件，以电子文档提供。"),
        _ => {
            format!("依据《中华人民共和国政府信息公开条例》，申请公开{subject}，如不能全部公开，请说明理由。")
        }
    }
}

/// The words of a reply.
pub(super) fn reply(subject: &str, outcome: Outcome, version: u32) -> String {
    let label = outcome.label_zh();
    let answer = match outcome {
        O::Granted => "您申请的政府信息予以公开，现随本答复书提供。".to_owned(),
        O::PartiallyGranted => {
            "您申请的政府信息中可以公开的部分随本答复书提供；含有不应当公开内容的部分已作区分处理。"
                .to_owned()
        }
        O::DeniedStateSecret
        | O::DeniedProhibitedByLaw
        | O::DeniedSecurityStability
        | O::DeniedThirdPartyRights
        | O::DeniedInternalAffairs
        | O::DeniedDeliberativeProcess
        | O::DeniedEnforcementFiles
        | O::DeniedAdministrativeQuery
        | O::UnableNotHeld
        | O::UnableNeedsCreation
        | O::UnableUnclearAfterCorrection
        | O::NotProcessedComplaintPetition
        | O::NotProcessedRepeat
        | O::NotProcessedPublication
        | O::NotProcessedExcessive
        | O::NotProcessedConfirmation
        | O::OtherOverdueCorrection
        | O::OtherOverdueFee
        | O::OtherOther => format!("经审查，对您的申请作如下处理：{label}。"),
    };
    let amended = if version > 1 { "（已按审核意见修改）" } else { "" };
    format!(
        "申请人：\n您关于“{subject}”的政府信息公开申请收悉。{answer}{amended}\n如对本答复不服，可以依法申请行政复议或者\
         提起行政诉讼。\n示例市人民政府（演示数据）"
    )
}

/// The kinds of applicants, in the order and about as often as they come.
const KINDS: &[ApplicantKind] = &[
    ApplicantKind::NaturalPerson,
    ApplicantKind::NaturalPerson,
    ApplicantKind::CommercialEnterprise,
    ApplicantKind::NaturalPerson,
    ApplicantKind::LegalServiceOrg,
    ApplicantKind::NaturalPerson,
    ApplicantKind::NaturalPerson,
    ApplicantKind::ResearchInstitution,
    ApplicantKind::NaturalPerson,
    ApplicantKind::CommercialEnterprise,
    ApplicantKind::NaturalPerson,
    ApplicantKind::PublicWelfareOrg,
    ApplicantKind::NaturalPerson,
    ApplicantKind::NaturalPerson,
    ApplicantKind::OtherOrg,
    ApplicantKind::LegalServiceOrg,
    ApplicantKind::NaturalPerson,
];

/// The nth applicant: nobody's name, a number of no office, a telephone number of no range that is given out, an
/// address under a domain that can never exist.
pub(super) fn applicant(n: u32) -> Applicant {
    let turn = usize::try_from(n).unwrap_or(0);
    let kind = KINDS.iter().cycle().nth(turn % KINDS.len()).copied().unwrap_or(ApplicantKind::OtherOrg);
    let mark = mark(n);
    let name = match kind {
        ApplicantKind::NaturalPerson => format!("示例{mark}"),
        ApplicantKind::CommercialEnterprise => format!("样例{mark}建材有限公司"),
        ApplicantKind::ResearchInstitution => format!("虚构大学样例{mark}研究所"),
        ApplicantKind::PublicWelfareOrg => format!("示例{mark}志愿者协会"),
        ApplicantKind::LegalServiceOrg => format!("样例{mark}律师事务所"),
        ApplicantKind::OtherOrg => format!("示例{mark}小区业主委员会"),
    };
    let identity = (n % 3 != 2).then(|| Identity {
        kind: if n % 17 == 6 { IdentityKind::Passport } else { IdentityKind::Other },
        number: format!("DEMO-{n:04}"),
    });
    Applicant {
        kind,
        name,
        identity,
        phone: (n % 5 != 4).then(|| format!("100{n:08}")),
        email: (n % 4 == 1).then(|| format!("demo{n}@example.invalid")),
        address: (n % 4 != 2).then(|| format!("示例市样例区示范路{}号", n % 90 + 1)),
    }
}

/// 甲 to 癸, then two of them: a hundred and ten names, so that some people come back.
fn mark(n: u32) -> String {
    const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
    let stem = |n: u32| STEMS.iter().cycle().nth(usize::try_from(n % 10).unwrap_or(0));
    let n = n % 110;
    let second = n.checked_sub(10).and_then(|rest| stem(rest / 10));
    stem(n).into_iter().chain(second).collect()
}
