//! Applicants' data stay private (design 1 and 7; issue 2, line 8): values planted wherever a caller can put them are
//! neither in the database nor in its files, nor in what the server prints at its most talkative; and no answer shows
//! them unmasked.

mod ciphertexts;
mod columns;
mod person;
mod planted;
mod rotation;
mod search;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;

use gongkai::app::ledger_file::HEADER;
use serde_json::{Value, json};

use crate::support::client::Reply;
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Agency, BUDGET, Office, PLANNING, today};
use crate::support::server::{GONGKAI, Place, Server};

use person::{Person, resident_number, secret};
use search::Search;

/// The office, everything it was asked with, and everything it answered.
struct Theatre {
    office: Office,
    above: Agency,
    sent: RefCell<BTreeSet<String>>,
    answers: RefCell<Vec<Reply>>,
}

/// A case on its way.
struct Case<'a> {
    theatre: &'a Theatre,
    id: String,
    last: RefCell<Reply>,
}

impl Theatre {
    /// Asks, twice with one key, as a careful client does; the second answer is the first.
    fn ask(
        &self,
        who: &str,
        if_match: Option<&str>,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Reply {
        let key = format!("key-{}", self.answers.borrow().len());
        let client = self.office.as_role(who).idempotency_key(key);
        let client = if_match.into_iter().fold(client, |client, etag| client.if_match(etag));
        let reply = client.send(method, path, body);
        // Who has handed a case back does not see it any more, retry or not.
        if reply.status < 300 && method != "GET" && !path.ends_with("/return") {
            assert_eq!(client.send(method, path, body).text, reply.text, "a retry");
        }
        assert!(reply.status < 500, "{}", reply.told());
        self.answers.borrow_mut().push(reply.clone());
        reply
    }

    /// Notes what is planted.
    fn plant(&self, values: impl IntoIterator<Item = String>) {
        self.sent.borrow_mut().extend(values);
    }

    /// Words about somebody, planted.
    fn words(&self, of: &Person, about: &str) -> String {
        self.plant(of.values());
        self.plant([secret(about)]);
        of.words(about)
    }

    fn receive(&self, channel: &str, applicant: &Value, of: &Person, about: &str) -> Case<'_> {
        let body = json!({
            "channel": channel,
            "applicant": applicant,
            "description": self.words(of, &format!("{about}内容")),
            "evidence": self.words(of, &format!("{about}收件凭证")),
        });
        let last = self.ask("clerk", None, "POST", "/cases", Some(&body)).must(201);
        Case { theatre: self, id: last.str("/id").to_owned(), last: RefCell::new(last) }
    }

    /// A request that must be refused, with whatever is planted in it, in both languages.
    fn refused(&self, who: &str, method: &str, path: &str, body: &Value) {
        for language in ["zh", "en"] {
            let client = self.office.as_role(who).if_match("*").accept_language(language);
            self.answers.borrow_mut().push(refusal(client.send(method, path, Some(body))));
        }
    }
}

/// An answer that refuses.
#[track_caller]
fn refusal(reply: Reply) -> Reply {
    assert!((400..500).contains(&reply.status), "{}", reply.told());
    reply
}

impl Case<'_> {
    fn step(&self, who: &str, method: &str, of: &str, body: &Value) {
        let etag = self.last.borrow().etag();
        let path = format!("/cases/{}{of}", self.id);
        let reply = self.theatre.ask(who, Some(&etag), method, &path, Some(body)).must(200);
        *self.last.borrow_mut() = reply;
    }

    fn review(&self, who: &str, step: &str, decision: &str, opinion: &str) {
        let content = self.last.borrow().str("/reply/content_hash").to_owned();
        let mut body = crate::support::replies::decision(step, decision, &content);
        body["opinion"] = json!(opinion);
        self.step(who, "POST", "/reply/reviews", &body);
    }
}

/// Every command on a case, with words in every field that takes words.
fn whole_life(theatre: &Theatre, first: &Person, second: &Person) -> String {
    let says = |about: &str| theatre.words(first, about);
    let case = theatre.receive("fax", &first.applicant(), first, "甲");
    case.step("clerk", "POST", "/confirmation", &json!({ "evidence": says("确认凭证") }));
    case.step("clerk", "POST", "/registration", &json!({ "subject": "绩效评价报告" }));
    let budget = theatre.office.department(BUDGET);
    case.step("clerk", "POST", "/assignments", &json!({ "department_id": budget, "note": says("分办说明") }));
    case.step("handler", "POST", "/assignments/1/return", &json!({ "reason": says("退回理由") }));
    case.step("clerk", "POST", "/assignments", &json!({ "department_id": budget }));
    let help = json!({
        "kind": "co_handling",
        "department_id": theatre.office.department(PLANNING),
        "note": says("协办说明"),
    });
    case.step("clerk", "POST", "/assignments", &help);
    case.step("handler", "POST", "/assignments/2/acknowledgement", &json!({}));
    case.step("handler-2", "POST", "/assignments/3/acknowledgement", &json!({}));
    let talk = |about: &str| json!({ "means": "phone", "with": "applicant", "summary": says(about) });
    case.step("clerk", "POST", "/contacts", &talk("沟通"));
    case.step("handler", "PUT", "/reply", &crate::support::replies::draft("granted", &says("初稿")));
    case.step("handler", "POST", "/reply/submission", &json!({}));
    case.review("legal_reviewer", "legal", "return", &says("退改意见"));
    case.step(
        "handler",
        "PUT",
        "/reply",
        &crate::support::replies::draft("partially_granted", &says("二稿")),
    );
    case.step("handler", "POST", "/reply/submission", &json!({}));
    case.review("legal_reviewer", "legal", "pass", &says("法制意见"));
    case.review("secrecy_reviewer", "secrecy", "pass", &says("保密意见"));
    case.review("approver", "sign_off", "pass", &says("签发意见"));
    let amend = |who: &str, what: Value| {
        let mut body = what;
        body["reason"] = json!(says(&format!("更正理由{}", theatre.answers.borrow().len())));
        case.step(who, "POST", "/amendments", &body);
    };
    theatre.plant(second.values());
    amend("clerk", json!({ "applicant": second.applicant() }));
    amend("clerk", json!({ "description": theatre.words(second, "更正内容") }));
    amend("clerk", json!({ "subject": "绩效评价报告全文" }));
    let today = case.last.borrow().at("/arrived_on").clone();
    let receipt = json!({ "channel": "counter", "arrived_on": today });
    amend("approver-2", json!({ "receipt": receipt }));
    let content = case.last.borrow().str("/reply/content_hash").to_owned();
    case.step("approver", "POST", "/reply/issue", &json!({ "content_hash": content }));
    let dispatch = json!({ "method": "post", "evidence": says("投递凭证") });
    case.step("clerk", "POST", "/services", &dispatch);
    case.step("clerk", "POST", "/services/1/proof", &json!({ "evidence": says("送达凭证") }));
    let plan =
        json!({ "proposed_by": "applicant", "document": { "title": "某规划" }, "reason": says("公开理由") });
    case.step("handler", "POST", "/publications", &plan);
    case.step("clerk", "POST", "/rating", &json!({ "score": 5, "comment": says("评价") }));
    revealed(theatre, &case.id, first, second);
    supervised(theatre, &case, &says("督办"));
    case.step("archivist", "POST", "/archive", &json!({ "note": says("归档说明") }));
    planted::remedied(theatre, &case, first);
    case.id
}

/// Somebody is shown what was planted, which is recorded; what he may not say for it is refused.
fn revealed(theatre: &Theatre, case: &str, first: &Person, second: &Person) {
    let path = format!("/cases/{case}/reveals");
    let all = ["name", "identity", "phone", "email", "address", "description", "reply"];
    let clerk = theatre.office.as_role("clerk");
    let shown = clerk.post(&path, &json!({ "fields": all, "reason": "邮寄答复书" })).must(200);
    assert_eq!((shown.str("/name"), shown.str("/phone")), (second.name.as_str(), second.phone.as_str()));
    for reason in [first.words("理由"), first.name.clone(), second.number.clone()] {
        theatre.refused("clerk", "POST", &path, &json!({ "fields": all, "reason": reason }));
    }
    for known in [json!({ "applicant_name": second.name }), json!({ "applicant_id_number": second.number })] {
        theatre.ask("clerk", None, "POST", "/cases/search", Some(&known)).must(200);
        theatre.ask("auditor", None, "POST", "/accesses/search", Some(&known)).must(200);
    }
    theatre.ask("auditor", None, "GET", &path, None).must(200);
}

/// A supervisor above asks about the case, in words about somebody, and is answered so.
fn supervised(theatre: &Theatre, case: &Case, words: &str) {
    let ours = &theatre.office.agency;
    let path = format!("/agencies/{}/supervision-notices", ours.id);
    let number = case.last.borrow().str("/number").to_owned();
    let notice = json!({ "subject": "逾期未答复", "text": words, "due_on": today(), "case_number": number });
    let sent = theatre.office.of_agency(&theatre.above, "supervisor").post(&path, &notice).must(201);
    let answer = format!("{path}/{}/answer", sent.str("/id"));
    let answered = theatre.ask("approver", None, "POST", &answer, Some(&json!({ "text": words }))).must(200);
    theatre.answers.borrow_mut().extend([sent, answered]);
}

/// A request that is taken back.
fn withdrawn(theatre: &Theatre, person: &Person) -> String {
    let mut applicant = person.applicant();
    applicant["identity"] = json!({ "kind": "passport", "number": "EJ6291-4477" });
    theatre.plant(["EJ6291-4477".to_owned(), "EJ62914477".to_owned()]);
    let case = theatre.receive("online", &applicant, person, "乙");
    case.step("clerk", "POST", "/withdrawal", &json!({ "reason": theatre.words(person, "撤回理由") }));
    case.step("archivist", "POST", "/archive", &json!({ "note": theatre.words(person, "撤回归档") }));
    case.id
}

/// What people get wrong, with somebody's data in the wrong place.
fn mistakes(theatre: &Theatre, person: &Person) {
    let (applicant, words) = (person.applicant(), person.words("误"));
    let good = || json!({ "channel": "counter", "arrived_on": today(), "applicant": applicant, "description": words });
    theatre.plant(person.values());
    theatre.plant([secret("误")]);
    let right = resident_number("32081119790915629");
    let wrong_number = format!("{}{}", &right[..17], if right.ends_with('0') { '1' } else { '0' });
    theatre.plant([wrong_number.clone(), "yinmi-at-planted-example".to_owned()]);
    let wrongs: [(&str, Value); 12] = [
        ("/applicant/identity/number", json!(wrong_number)),
        ("/applicant/email", json!("yinmi-at-planted-example")),
        ("/applicant/phone", json!(words.repeat(2))),
        ("/applicant/kind", json!(person.name)),
        ("/applicant/identity", json!(person.number)),
        ("/applicant/identity/kind", json!(person.number)),
        ("/applicant", json!(words)),
        ("/applicant", json!([person.name, person.number])),
        ("/channel", json!(person.phone)),
        ("/arrived_on", json!(words)),
        ("/description", json!({ "text": words })),
        ("/description", json!(words.repeat(400))),
    ];
    for (pointer, value) in wrongs {
        let mut body = good();
        *body.pointer_mut(pointer).unwrap() = value;
        theatre.refused("clerk", "POST", "/cases", &body);
    }
    // A field where none belongs, and one named by mistake as its value.
    let mut body = good();
    body["applicant"]["note"] = json!(words);
    theatre.refused("clerk", "POST", "/cases", &body);
    theatre.refused("clerk", "POST", "/cases", &json!(words));
    // Who may not; what does not exist.
    theatre.refused("handler", "POST", "/cases", &good());
    let nowhere = "/cases/01990000-0000-7000-8000-000000000000/registration";
    theatre.refused("clerk", "POST", nowhere, &json!({ "subject": person.name }));
    // What lists show names nobody.
    let case = theatre.receive("counter", &person.applicant(), person, "丙");
    for subject in
        [format!("关于{}的材料", person.name), format!("{}的材料", person.number), person.phone.clone()]
    {
        let path = format!("/cases/{}/registration", case.id);
        theatre.refused("clerk", "POST", &path, &json!({ "subject": subject }));
    }
    // Bytes that are no JSON, or of no known type.
    let clerk = theatre.office.as_role("clerk");
    let broken = format!("{{\"applicant\": \"{words}");
    for (media, bytes) in
        [("application/json", broken.as_bytes()), ("text/plain", good().to_string().as_bytes())]
    {
        let reply = clerk.try_send_bytes("POST", "/api/v1/cases", Some(media), bytes).unwrap();
        theatre.answers.borrow_mut().push(refusal(reply));
    }
    // Addresses that nobody should make.
    for path in [
        format!("/cases/{}", person.number),
        format!("/cases/{}", percent(&person.name)),
        format!("/cases?number={}", percent(&person.name)),
        format!("/cases?sort={}&limit={}", person.phone, person.number),
        format!("/{}/{}", percent(&person.name), person.number),
        format!("/cases?cursor={}", percent(&person.address)),
    ] {
        theatre.ask("clerk", None, "GET", &path, None);
    }
    // A name or number typed where the password belongs, and the other way round.
    for (username, password) in [(&person.name, &person.number), (&person.phone, &person.email)] {
        let login = json!({ "username": username, "password": password });
        let reply = theatre.office.anonymous().post("/auth/login", &login).must(401);
        theatre.answers.borrow_mut().push(reply);
    }
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| format!("{encoded}%{byte:02X}"))
}

/// Everybody reads everything that he may.
fn everybody_reads(theatre: &Theatre, cases: &[String]) {
    let year = &theatre.answers.borrow()[0].str("/arrived_on")[..4].to_owned();
    let readers = "clerk handler handler-2 legal_reviewer secrecy_reviewer approver archivist supervisor";
    for who in readers.split(' ') {
        for case in cases {
            let others = [
                "/reply/versions",
                "/relations",
                "/relations/proposals",
                "/attachments",
                "/archive",
                "/export",
            ];
            for of in ["", "?explain=true", "/history"].into_iter().chain(others) {
                theatre.ask(who, None, "GET", &format!("/cases/{case}{of}"), None);
            }
        }
        let cell = format!("/reports/annual/{year}/cells/new_received/natural_person");
        let lists = [
            "/cases",
            "/cases?status=archived",
            "/me",
            "/agencies",
            "/accounts",
            "/inbox",
            "/reports/ledger",
            "/reports/dashboard",
            "/reports/often-requested",
            "/reports/secrecy-reviews",
            "/digests/daily_worklist",
        ];
        let lists = lists.map(str::to_owned);
        for path in lists.into_iter().chain([format!("/reports/annual/{year}"), cell]) {
            theatre.ask(who, None, "GET", &path, None);
        }
    }
}

/// Takes over a ledger of the office; what the program prints of it, first of a good row and then of a bad one.
fn import_ledger(place: &Place, person: &Person) -> [String; 2] {
    let Person { name, number, phone, email, .. } = person;
    let words = format!("{name}申请公开，身份证{number}，电话{phone}，邮箱{email}");
    [("旧1号", "granted"), ("旧2号", name)].map(|(number, outcome)| {
        let row = format!(
            "{number},counter,2025-03-03,2025-03-03,natural_person,{name},{words},,{outcome},2025-03-10,"
        );
        let file = place.folder().join("ledger.csv");
        fs::write(&file, format!("{HEADER}\n{row}\n")).unwrap();
        let mut command = place.command(GONGKAI);
        command.args(["import-ledger", "ledger.csv", "--agency", "320800"]).env("GONGKAI_LOG", "trace");
        let output = command.output().unwrap();
        fs::remove_file(file).unwrap();
        assert_eq!(output.status.success(), number == "旧1号", "{output:?}");
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
    })
}

/// What is found in the database, in its files and in the server's folder with its data and all it has printed.
fn found(search: &Search, place: &Place) -> BTreeSet<String> {
    let mut found = search.found_below(place.folder());
    found.extend(place.database.folder().iter().flat_map(|folder| search.found_below(folder)));
    for row in place.database.contents() {
        found.extend(search.found_in(row.as_bytes()).into_iter().map(|value| format!("{value} in {row}")));
    }
    found
}

both_databases! {
    fn applicants_data_are_nowhere_in_clear(backend) {
        let names = ["慕容隐秘甲", "上官隐秘乙", "司徒隐秘丙", "令狐隐秘丁", "尉迟隐秘戊"];
        let people: Vec<Person> = names.into_iter().zip(1..).map(|(name, n)| Person::new(name, n)).collect();
        let place = Place::new(backend);
        let above = Agency::found(&place.app(), "320000");
        let agency = Agency::found_below(&place.app(), "320800", Some("320000"));
        let printed = import_ledger(&place, &people[4]).concat();
        let told = Search::of(&people[4].values()).found_in(printed.as_bytes());
        assert!(told.is_empty(), "{told:?} in {printed}");
        let format = if backend == Backend::Sqlite { "text" } else { "json" };
        // What is written somewhere for a moment is written into a folder that is searched.
        let temporary = place.folder().join("temporary").display().to_string();
        fs::create_dir(&temporary).unwrap();
        let talkative =
            [("GONGKAI_LOG", "trace"), ("GONGKAI_LOG_FORMAT", format), ("TMPDIR", temporary.as_str()), ("SQLITE_TMPDIR", temporary.as_str())];
        let office = Office::of(Server::start_with(place, &talkative, &[]), agency);
        let theatre = Theatre { office, above, sent: RefCell::default(), answers: RefCell::default() };
        theatre.plant(people[4].values());

        let mut cases = vec![whole_life(&theatre, &people[0], &people[1]), withdrawn(&theatre, &people[2])];
        cases.extend(planted::asked_in_between(&theatre, &people[2]));
        cases.push(planted::by_portal(&theatre, &people[3]));
        mistakes(&theatre, &people[3]);
        everybody_reads(&theatre, &cases);

        let Theatre { mut office, sent, answers, above: _ } = theatre;
        let search = Search::of(&sent.into_inner());
        // What the program writes for others to keep: digests, the ledger, an export, the annual report.
        for arguments in [&["digest"][..], &["annual-report", "--agency", "320800", "--year", "2026"], &["audit", "verify"]] {
            let ran = office.server.place.command(GONGKAI).args(arguments).output().unwrap();
            assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
            let printed = [ran.stdout, ran.stderr].concat();
            assert!(search.found_in(&printed).is_empty(), "{}", String::from_utf8_lossy(&printed));
        }
        planted::copies(&office.server.place, "copies");
        let running = found(&search, &office.server.place);
        assert!(running.is_empty(), "while the server runs:\n{running:#?}");
        assert!(office.server.stop().success());
        let stopped = found(&search, &office.server.place);
        assert!(stopped.is_empty(), "after the server was stopped:\n{stopped:#?}");
        assert!(office.server.printed().contains("TRACE"), "the server was not talkative");
        every_event_happened(&office);

        let personal = Search::of(people.iter().flat_map(Person::values).collect::<Vec<_>>().iter());
        let mut shown = Vec::new();
        for reply in answers.borrow().iter() {
            let here = personal.found_in(crate::support::personal::text_of(reply).as_bytes());
            if !here.is_empty() {
                shown.push(format!("{here:?} in {}", reply.told()));
            }
        }
        assert!(shown.is_empty(), "{}", shown.join("\n"));
        in_clear_it_is_found(&office, &people[0]);
    }
}

/// The story left no command out.
fn every_event_happened(office: &Office) {
    let happened = office.server.place.database.lines("SELECT DISTINCT event_type AS line FROM events");
    let events = "received confirmed registered assigned returned acknowledged drafted submitted reviewed issued \
                  dispatched served withdrawn archived amended reply_imported contact_logged rated publication_proposed \
                  correction_requested consultation_sent consultation_answered remedy_filed remedy_answered \
                  personal_data_revealed applicant_searched accesses_reported case_exported notice_sent notice_answered";
    for event in events.split(' ') {
        assert!(happened.iter().any(|one| one == event), "nothing was {event}: {happened:?}");
    }
}

/// The same search, after somebody wrote one value into a column and another into the data folder; and in copies made then.
fn in_clear_it_is_found(office: &Office, person: &Person) {
    let place = &office.server.place;
    let search = Search::of(&person.values());
    assert!(found(&search, place).is_empty());
    place
        .database
        .execute(&format!("UPDATE cases SET subject = '{}' WHERE number IS NOT NULL", person.name))
        .unwrap();
    fs::create_dir_all(place.data_dir()).unwrap();
    fs::write(place.data_dir().join("scratch"), &person.number).unwrap();
    let found = found(&search, place);
    assert!(found.iter().any(|one| one.contains(&person.name)), "{found:#?}");
    assert!(found.iter().any(|one| one.contains(&person.number)), "{found:#?}");
    let copied = search.found_below(&planted::copies(place, "copies-in-clear"));
    assert!(copied.iter().any(|one| one.contains(&person.name)), "{copied:#?}");
}
