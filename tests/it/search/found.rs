//! Must be shown, 6: queries over ten thousand subjects, the truth being a plain scan, equal on both databases.

use std::collections::BTreeSet;

use gongkai::app::progress::silent;
use gongkai::domain::case::By;
use gongkai::domain::search::Query;
use gongkai::domain::sensitivity::Sensitivity;
use gongkai::store::{Key, QueueFilter};

use super::corpus::{Seeded, ledger, subjects, wide};
use super::oracle::{plain, words};
use super::{all_found, all_pages, numbers};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Agency, Office};
use crate::support::server::{Place, Server, block_on};

const SEED: u64 = 20_261_122;
const CASES: usize = 10_000;

/// What clerks type: words of one, two and many characters, across the borders of dictionary words, numbers of documents
/// in every spelling, letters and digits, several words at once.
const QUERIES: &[&str] = &[
    // One character.
    "长",
    "路",
    "5",
    "号",
    "楼",
    "（",
    "-",
    "P",
    // Two: some cut through words, some stand nowhere.
    "市长",
    "长江",
    "长宁",
    "征收",
    "补偿",
    "土地",
    "地上",
    "府办",
    "5号",
    "年度",
    "公经",
    "费决",
    "楼宇",
    "政府",
    "月饼",
    // More.
    "上海市长宁区",
    "市长江大桥",
    "市长信箱",
    "三公经费",
    "“三公”经费",
    "房屋征收补偿",
    "国有土地上房屋征收与补偿条例",
    "《政府信息公开条例》",
    "政府信息公开条例的通知",
    "〈上海市城市更新条例〉",
    "城乡规划法",
    "老旧小区加装电梯补贴标准的复印件",
    "征收补偿安置",
    "不存在的词语",
    // Numbers of documents.
    "沪府办〔2024〕12号",
    "沪府办[2024]12号",
    "沪府办（2024）12号",
    "沪府办【2024】12号",
    "沪府办 〔2024〕 12 号",
    "沪府办［２０２４］１２号",
    "苏政发〔2019〕",
    "〔2020〕7号",
    "2020〕7",
    "淮政办发",
    "国办函(2016)",
    "洪自然资规",
    // Letters and digits.
    "PM2.5",
    "pm2.5",
    "ＰＭ２．５",
    "m2.",
    "wifi",
    "WIFI信号",
    "5g",
    "5G基站",
    "ABC-2024",
    "abc-2024-00",
    "bc-20",
    "v2.1.3",
    "2024",
    "202",
    "2024-0",
    "3份",
    "2024年版",
    // Several words, parted by one space or many, wide or not.
    "征收 补偿",
    "浦东新区　2020",
    "长宁 WiFi",
    "报告  2023  洪泽",
    "市长 信箱 5",
    "2021 2022",
    "征收 月饼",
    "A B C",
    // Marks.
    "，含附图",
    "、部门预算",
    "；批复；公告",
    "——",
    "——部门",
    "节选】",
    "「浦东新区」",
    "预算。",
];

/// A place with so many cases, taken over from a ledger.
pub fn filled(place: Place, subjects: &[String]) -> (Place, Agency) {
    let agency = {
        let app = place.app();
        let agency = Agency::found(&app, "320800");
        block_on(async {
            let office = app.agency(agency.id).await.unwrap();
            let file = app.read_ledger(&office, ledger(subjects).as_bytes()).unwrap();
            let done = app.import_ledger(&office, By::Operator, file, false, &silent()).await.unwrap();
            assert_eq!(done.imported, u64::try_from(subjects.len()).unwrap(), "{:?}", done.refused);
        });
        agency
    };
    (place, agency)
}

/// What is searched of the cases, as the plain scan reads it.
struct Truth(Vec<(String, [String; 2])>);

impl Truth {
    fn of(subjects: &[String]) -> Self {
        let case = |(n, subject): (usize, &String)| {
            let number = format!("L-{}", n + 1);
            (number.clone(), [plain(subject), plain(&number)])
        };
        Self(subjects.iter().enumerate().map(case).collect())
    }

    /// The numbers of the cases that a scan finds.
    fn find(&self, q: &str) -> BTreeSet<String> {
        let words = words(q);
        let has = |texts: &[String; 2]| words.iter().all(|word| texts.iter().any(|text| text.contains(word)));
        self.0.iter().filter(|(_, texts)| has(texts)).map(|(number, _)| number.clone()).collect()
    }
}

/// Queries cut from the subjects themselves, of one to twelve characters, some typed wide, some two at once.
fn cut_out(subjects: &[String], count: usize) -> Vec<String> {
    let mut random = Seeded(SEED + 1);
    let mut cut = || {
        let subject: Vec<char> = subjects[random.below(subjects.len())].chars().collect();
        let from = random.below(subject.len());
        let word: String = subject[from..].iter().take(1 + random.below(12)).collect();
        match random.below(4) {
            0 => wide(&word),
            1 => format!("{word} {}", random.below(10)),
            _ => word,
        }
    };
    let nothing = |q: &String| plain(q).is_empty();
    std::iter::from_fn(|| Some(cut())).filter(|q| !nothing(q)).take(count).collect()
}

both_databases! {
    fn ten_thousand_subjects_are_searched_as_a_plain_scan_would(backend) {
        println!("seed {SEED}");
        let subjects = subjects(SEED, CASES);
        let (place, agency) = filled(Place::new(backend), &subjects);
        let office = Office::of(Server::start(place), agency);
        let clerk = office.as_role("clerk");
        let truth = Truth::of(&subjects);
        let (mut found_some, mut found_many) = (0, 0);
        let cut = cut_out(&subjects, 40);
        assert!(QUERIES.len() >= 80, "{} queries", QUERIES.len());
        for q in QUERIES.iter().copied().chain(cut.iter().map(String::as_str)) {
            let wanted = truth.find(q);
            let found = numbers(&all_found(&clerk, q, "", 200));
            let distinct: BTreeSet<String> = found.iter().cloned().collect();
            assert_eq!(distinct.len(), found.len(), "{q}: a case twice");
            let missed: Vec<_> = wanted.difference(&distinct).take(3).collect();
            let extra: Vec<_> = distinct.difference(&wanted).take(3).collect();
            assert!(missed.is_empty() && extra.is_empty(), "{q}: missed {missed:?}, and found {extra:?}");
            found_some += usize::from(!wanted.is_empty());
            found_many += usize::from(wanted.len() > 2_000);
        }
        // Both ways of answering were taken, and some words are nowhere.
        assert!(found_some >= 90 && found_many >= 6, "{found_some} of them found something, {found_many} much");
        assert!(QUERIES.iter().filter(|q| truth.find(q).is_empty()).count() >= 4);
        check_orders(&office, &truth);
        check_plans(&office);
    }
}

/// With filters, in every order and page by page, a search gives what the same list without it gives, less what does
/// not match.
fn check_orders(office: &Office, truth: &Truth) {
    let clerk = office.as_role("clerk");
    for (q, more) in [
        ("市长", "&status=replied&sort=-received_on"),
        ("沪府办 2024", "&sort=received_on&received_from=2025-03-01"),
        ("年", "&sort=-due_on&received_from=2025-08-01&received_to=2025-08-20"),
        ("5", "&obligation=reply&received_to=2025-02-01"),
        ("征收", "&sort=obligation_due_on&received_to=2025-02-01"),
        ("号", "&stage=register&sort=received_on&received_to=2025-02-10"),
    ] {
        let all = all_pages(&clerk, format!("/cases?limit=200{more}"));
        let wanted = truth.find(q);
        let matching: Vec<String> =
            numbers(&all).into_iter().filter(|number| wanted.contains(number)).collect();
        assert!(
            !matching.is_empty() && matching.len() < all.len(),
            "{q}{more}: {} of {}",
            matching.len(),
            all.len()
        );
        assert_eq!(numbers(&all_found(&clerk, q, more, 200)), matching, "{q}{more}");
        assert_eq!(numbers(&all_found(&clerk, q, more, 17)), matching, "{q}{more}, by small pages");
    }
    // Somebody who works for one department finds its cases.
    let own = office.as_role("handler");
    let mine: BTreeSet<String> =
        numbers(&all_pages(&own, "/cases?limit=200".to_owned())).into_iter().collect();
    let wanted: BTreeSet<String> = truth.find("长宁").intersection(&mine).cloned().collect();
    assert!(!wanted.is_empty() && wanted.len() < truth.find("长宁").len());
    assert_eq!(numbers(&all_found(&own, "长宁", "", 200)).into_iter().collect::<BTreeSet<_>>(), wanted);
}

/// Few are found by the index, and then looked up one by one; many are met on the way through the order asked for.
fn check_plans(office: &Office) {
    let backend = office.server.place.database.backend;
    if backend == Backend::Postgres {
        office.server.place.database.execute("ANALYZE").unwrap();
    }
    let app = office.server.place.app();
    let plan = |q: &str| {
        let filter = filter(Key(office.agency.id.0), q);
        block_on(app.store.cases_page_plan(filter)).unwrap().join("\n")
    };
    let (few, many) = (plan("沪府办〔2024〕"), plan("年"));
    let labelled = app.store.labelled_plan(Key(office.agency.id.0), Sensitivity::Ordinary);
    let labelled = block_on(labelled).unwrap().join("\n");
    println!("{few}\n\n{many}\n\n{labelled}");
    assert!(
        labelled.contains("cases_labelled"),
        "every list asks for it, so it looks at no other case: {labelled}"
    );
    match backend {
        Backend::Sqlite => {
            assert!(few.contains("case_search_index VIRTUAL TABLE INDEX"), "{few}");
            assert!(
                few.contains("SEARCH cases USING INDEX sqlite_autoindex_cases_1 (agency_id=? AND id=?)"),
                "{few}"
            );
            assert!(many.contains("SEARCH cases USING INDEX cases_due (agency_id=?)"), "{many}");
            assert!(!many.contains("TEMP B-TREE"), "no sorting: {many}");
        }
        Backend::Postgres => {
            assert!(few.contains("Bitmap Index Scan on case_search_index"), "{few}");
            assert!(few.contains("Index Scan using cases_pkey on cases"), "{few}");
            assert!(many.contains("Index Scan using cases_due on cases"), "{many}");
            assert!(!many.contains("Sort"), "no sorting: {many}");
        }
    }
}

fn filter(agency: Key, q: &str) -> QueueFilter {
    QueueFilter { search: Some(Query::parse(q).unwrap()), ..QueueFilter::all(agency, 51) }
}
