//! Subjects as offices write them, made up from a seed: places, years, matters, numbers of documents, in the many ways in
//! which the same is typed.

use gongkai::app::ledger_file::HEADER;

/// Random numbers that are the same for the same seed (SplitMix64).
pub struct Seeded(pub u64);

impl Seeded {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most).unwrap()).unwrap()
    }

    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn chance(&mut self, in_so_many: usize) -> bool {
        self.below(in_so_many) == 0
    }
}

const PLACES: &[&str] = &[
    "上海市长宁区",
    "南京市长江大桥",
    "浦东新区",
    "洪泽区",
    "清江浦区",
    "淮安经济技术开发区",
    "人民路街道",
    "新城花园小区",
    "高良涧镇",
    "老子山镇",
    "长江路以东",
    "大运河文化带",
    "城南街道",
    "某化工园区",
    "白马湖",
    "第三中学",
];
const MATTERS: &[&str] = &[
    "国有土地上房屋征收补偿方案",
    "集体土地征收公告及听证材料",
    "旧城改造项目规划许可",
    "财政专项资金绩效评价报告",
    "“三公”经费决算明细",
    "部门预算",
    "政府采购合同及中标通知书",
    "生活垃圾焚烧发电项目环境影响评价文件",
    "PM2.5监测数据",
    "污水处理厂在线监测记录",
    "学区划分调整依据",
    "中小学教师招聘成绩",
    "医疗机构设置规划",
    "食品安全抽检结果",
    "市长信箱来信办理情况",
    "行政处罚决定书",
    "城市更新单元规划",
    "地铁5号线选址论证报告",
    "老旧小区加装电梯补贴标准",
    "公共租赁住房分配名单公示情况",
    "WiFi信号覆盖工程验收资料",
    "5G基站选址",
    "消防安全检查记录",
    "信访事项答复意见",
    "劳动合同监察档案",
    "农村宅基地审批档案",
    "河道整治工程招标文件",
    "轨道交通噪声投诉处理情况",
    "养老机构运营补贴发放明细",
    "道路命名批复",
    "拆迁安置房摇号结果",
    "物业维修资金使用情况",
];
const ENDS: &[&str] = &[
    "",
    "",
    "",
    "的复印件",
    "及附件",
    "（2024年版）",
    "全文",
    "等3份文件",
    "【节选】",
    "，含附图",
    "；批复；公告",
];
const SIGNS: &[&str] = &["沪府办", "苏政发", "淮政办发", "国办函", "洪自然资规", "浦征告"];
const TITLES: &[&str] = &["关于印发《", "依据《", "落实〈", "执行「"];
const RULES: &[&str] = &[
    "政府信息公开条例",
    "国有土地上房屋征收与补偿条例",
    "上海市城市更新条例",
    "城乡规划法",
    "土地管理法实施办法",
];

/// A number of a document, in one of the ways in which it is typed.
fn number(random: &mut Seeded) -> String {
    let (sign, year, n) = (random.pick(SIGNS), 2015 + random.below(11), 1 + random.below(180));
    match random.below(7) {
        0 => format!("{sign}[{year}]{n}号"),
        1 => format!("{sign}（{year}）{n}号"),
        2 => format!("{sign}【{year}】{n}号"),
        3 => format!("{sign} 〔{year}〕 {n} 号"),
        4 => wide(&format!("{sign}〔{year}〕{n}号")),
        _ => format!("{sign}〔{year}〕{n}号"),
    }
}

/// The same with wide letters and digits.
pub fn wide(text: &str) -> String {
    let widen =
        |c: char| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c };
    text.chars().map(widen).collect()
}

/// One subject.
pub fn subject(random: &mut Seeded) -> String {
    let year = 2012 + random.below(14);
    let place = random.pick(PLACES);
    let matter = random.pick(MATTERS);
    let matter = if random.chance(9) { wide(matter) } else { matter.to_owned() };
    let matter = if random.chance(11) { matter.to_uppercase() } else { matter };
    let end = random.pick(ENDS);
    match random.below(8) {
        0 => format!("{year}年度{place}{matter}{end}"),
        1 => format!("{place}{year}年{matter}（{}）{end}", number(random)),
        2 => format!("{}{}》的通知，{place}{matter}", random.pick(TITLES), random.pick(RULES)),
        3 => format!("{}：{place}{matter}{end}", number(random)),
        4 => format!("{place}——{matter}{end} ABC-{year}-{:04}", random.below(3000)),
        5 => format!("{place}{matter}、{}{end}", random.pick(MATTERS)),
        6 => format!(
            "{place} {matter} {year}-{:02}-{:02} v{}.{}.3",
            1 + random.below(12),
            1 + random.below(28),
            random.below(4),
            random.below(10)
        ),
        _ => format!("「{place}」{matter}{end}"),
    }
}

/// So many subjects.
pub fn subjects(seed: u64, count: usize) -> Vec<String> {
    let mut random = Seeded(seed);
    (0..count).map(|_| subject(&mut random)).collect()
}

/// A ledger of cases with these subjects, numbered `L-1`, `L-2`, …, received on the days of one year, half of them
/// answered.
pub fn ledger(subjects: &[String]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER.split(',')).unwrap();
    for (n, subject) in (1..).zip(subjects) {
        let day = |days: u64| {
            let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 2).unwrap();
            (first + chrono::Days::new(days)).to_string()
        };
        let received = u64::try_from(n * 7919 % 300).unwrap();
        let replied = (n % 2 == 0).then(|| day(received + 20));
        let department = ["预算处", "规划处", ""][usize::try_from(n % 3).unwrap()];
        writer
            .write_record([
                format!("L-{n}"),
                "registered_post".to_owned(),
                day(received),
                day(received),
                "natural_person".to_owned(),
                "示例甲".to_owned(),
                subject.clone(),
                department.to_owned(),
                replied.as_ref().map(|_| "granted".to_owned()).unwrap_or_default(),
                replied.unwrap_or_default(),
                String::new(),
            ])
            .unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}
