//! The contract: the OpenAPI document is what the program prints, serves and does; every answer carries what every
//! answer must.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::operations::{Ids, NOBODY, Operation, check_answer, document, operations, told};
use crate::support::client::{Client, Reply};
use crate::support::databases::Backend;
use crate::support::files;
use crate::support::office::{Office, PASSWORD, today};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, request};

/// Methods that a path may be asked with: those of HTTP, QUERY (a draft, but scanners send it), and none at all.
const METHODS: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "GONGKAI"];

/// The ids of an office's own things, with a case.
pub fn own(office: &Office) -> Ids {
    let case = CaseStory::registered(office).assign("预算处").id;
    let clerk = office.as_role("clerk").if_match("*");
    files::attach(&clerk, &case, "evidence", "收据.txt", files::TEXT).must(200);
    let attachment = files::newest(&clerk, &case)["id"].as_str().unwrap().to_owned();
    let upload = files::begin(&clerk, &case, 4).must(201).str("/id").to_owned();
    let account = office.as_role("handler").get("/me").must(200).str("/account_id").to_owned();
    let digest =
        ["digest", "--agency", &office.agency.code, "--kind", "monthly_ledger", "--period", "2026-03"];
    assert!(office.server.place.command(GONGKAI).args(digest).output().unwrap().status.success());
    let agency = office.agency.id.to_string();
    let notice = json!({ "subject": "逾期未答复", "text": "请书面报告。", "due_on": today() });
    let sent = office.as_role("supervisor").post(&format!("/agencies/{agency}/supervision-notices"), &notice);
    let notice = sent.must(201).str("/id").to_owned();
    // Another stay of the clerk's than the one that asks: the newest.
    let login = json!({ "username": office.agency.username("clerk"), "password": PASSWORD });
    office.as_role("clerk").get("/me").must(200);
    office.anonymous().post("/auth/login", &login).must(200);
    let sessions = office.as_role("clerk").get("/me/sessions").must(200);
    let session = sessions.str("/items/0/id").to_owned();
    let made = office.as_role("system_admin").post("/portals", &json!({ "name": "门户" }));
    let portal = made.must(201).str("/client_id").to_owned();
    Ids { case, agency, account, upload, attachment, notice, session, portal }
}

/// Asks for any path of the server, not only of the interface.
pub fn ask(client: &Client, method: &str, path: &str) -> Reply {
    client.try_send_bytes(method, path, None, b"").unwrap()
}

// --- the document ------------------------------------------------------------------------------------------------

#[test]
fn the_document_checked_in_is_the_one_the_program_prints_and_serves() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let printed = std::process::Command::new(GONGKAI).arg("openapi").output().unwrap();
    assert!(printed.status.success() && printed.stderr.is_empty(), "{printed:?}");
    let printed = String::from_utf8(printed.stdout).unwrap();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&file, &printed).unwrap();
    }
    let checked_in = std::fs::read_to_string(file).unwrap();
    let first = checked_in.lines().zip(printed.lines()).find(|(ours, theirs)| ours != theirs);
    assert!(
        checked_in == printed,
        "openapi/openapi.json is not what `gongkai openapi` prints (first difference: {first:?}); look at the change \
         of the interface, then run the tests with UPDATE_OPENAPI=1"
    );
    let served = Office::open(Backend::Sqlite).anonymous().get("/openapi.json").must(200);
    assert_eq!(served.header("content-type"), Some("application/json"));
    assert!(served.text == printed, "the document served is another one");
}

#[test]
fn every_operation_is_documented() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let tags = document["tags"].as_array().unwrap();
    let tags: Vec<&Value> = tags.iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    let mut missing = Vec::new();
    for operation in operations() {
        let name = format!("{} {}", operation.method, operation.path);
        let mut need = |there: bool, what: &str| {
            if !there {
                missing.push(format!("{name}: {what}"));
            }
        };
        let item = &operation.item;
        need(!operation.id.is_empty() && ids.insert(operation.id.clone()), "an operationId of its own");
        need(item["summary"].as_str().is_some_and(|words| words.len() > 5), "a summary");
        need(item["tags"].as_array().is_some_and(|own| own.iter().all(|tag| tags.contains(&tag))), "its tag");
        let (mut good, mut bad) = (0, 0);
        for (status, response) in item["responses"].as_object().unwrap() {
            need(response["description"].as_str().is_some_and(|words| !words.is_empty()), status);
            // A redirect is a success, too.
            good += usize::from(status.starts_with(['2', '3']));
            bad += usize::from(status.starts_with('4'));
            for (media, content) in response["content"].as_object().into_iter().flatten() {
                let own = operation.is_of_oauth() && matches!(status.as_str(), "400" | "401");
                let problem = (status.starts_with('4') || status.starts_with('5')) && !own;
                need((media == "application/problem+json") == problem, "problem+json for problems only");
                need(is_told(&document, content), "an example or a schema of its answer");
            }
        }
        need(good == 1 && bad >= 1, "one way to succeed, and problems");
        if operation.takes_body() {
            let content = &item["requestBody"]["content"]["application/json"];
            need(is_told(&document, content), "a schema of its body");
            need(content.to_string().contains("example") || has_example(&document, content), "an example");
        }
        if operation.takes_bytes() {
            let content = &item["requestBody"]["content"]["application/octet-stream"];
            need(is_told(&document, content), "a schema of its bytes");
        }
        need(
            item.get("requestBody").is_none()
                || operation.takes_body()
                || operation.takes_bytes()
                || operation.is_of_oauth(),
            "a body of a known kind",
        );
        for parameter in item["parameters"].as_array().into_iter().flatten() {
            let words = parameter["description"].as_str().is_some_and(|words| !words.is_empty());
            need(words, &format!("words for the parameter {}", parameter["name"]));
            need(parameter.get("schema").is_some(), "a schema of the parameter");
        }
        let inside = operation.path.matches('{').count();
        let parameters = item["parameters"].as_array().into_iter().flatten();
        need(parameters.filter(|parameter| parameter["in"] == "path").count() == inside, "path parameters");
    }
    assert!(missing.is_empty(), "the document lacks\n{}", missing.join("\n"));
}

/// A word list that only a query parameter uses is not collected with the bodies' schemas: one was named and missing.
#[test]
fn every_reference_of_the_document_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 100, "references were not found: {}", found.len());
    found.retain(|reference| document.pointer(reference.trim_start_matches('#')).is_none());
    assert!(found.is_empty(), "references to nothing: {found:?}");
}

/// The schema behind a reference.
fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null),
        None => schema,
    }
}

/// Whether it has an example, or a schema that leads somewhere.
fn is_told(document: &Value, content: &Value) -> bool {
    content.get("example").is_some()
        || content.get("schema").is_some_and(|it| !resolve(document, it).is_null())
}

/// Whether each required member of the schema has an example, a set of choices, or a schema of its own that has.
fn has_example(document: &Value, content: &Value) -> bool {
    let schema = resolve(document, &content["schema"]);
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    required.iter().all(|name| {
        let member = &schema["properties"][name];
        let own = ["example", "examples", "default"].iter().any(|key| member.get(key).is_some());
        let target = resolve(document, member);
        let inner = member["oneOf"].as_array().map_or(target, |ways| resolve(document, &ways[0]));
        let typed = ["enum", "format", "items"].iter().any(|key| inner.get(key).is_some());
        own || typed || inner.get("properties").is_some() || member["minLength"] == member["maxLength"]
    })
}

#[test]
fn the_pages_of_the_document_come_from_the_server_alone() {
    let office = Office::open(Backend::Sqlite);
    let reader = office.anonymous();
    let folder = ask(&reader, "GET", "/docs");
    assert_eq!((folder.status, folder.header("location")), (308, Some("/docs/")));
    let page = ask(&reader, "GET", "/docs/").must(200);
    let policy = page.header("content-security-policy").unwrap().to_owned();
    assert!(
        policy.starts_with("default-src 'self';")
            && policy.contains("frame-ancestors 'none'")
            && policy.contains("base-uri 'none'; object-src 'none'"),
        "{policy}"
    );
    assert!(!policy.contains("http"), "{policy}");
    let mut waiting: Vec<String> = linked(&page.text, &["src=", "href="]);
    let mut seen = BTreeSet::new();
    while let Some(asset) = waiting.pop() {
        if asset.starts_with("data:") {
            continue;
        }
        assert!(!asset.contains("//"), "the page loads {asset}");
        let name = asset.trim_start_matches("./");
        let path = if name.starts_with('/') { name.to_owned() } else { format!("/docs/{name}") };
        if !seen.insert(path.clone()) {
            continue;
        }
        let reply = ask(&reader, "GET", &path).must(200);
        let kind = reply.header("content-type").unwrap_or_default().to_owned();
        let extension = path.rsplit_once('.').unwrap().1;
        let wanted = match extension {
            "js" => "javascript",
            "css" => "text/css",
            "png" => "image/png",
            "json" => "json",
            other => panic!("{path}: what is a .{other}?"),
        };
        assert!(kind.contains(wanted), "{path} is {kind}: a browser that may not guess does not load it");
        assert!(!reply.text.is_empty(), "{path}");
        if extension == "css" {
            waiting.extend(linked(&reply.text, &["url("]));
        }
        if path.ends_with("initializer.js") {
            waiting
                .push(reply.text.split("\"url\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned());
            assert!(reply.text.contains("\"validatorUrl\": \"none\""), "{}", reply.text);
        }
    }
    assert!(seen.len() >= 4 && seen.contains("/api/v1/openapi.json"), "{seen:?}");
}

/// An office that wants only what is needed has no pages, and the document stays.
#[test]
fn the_pages_of_the_document_can_be_switched_off() {
    let office = Office::open_with(Backend::Sqlite, &[("GONGKAI_DOCS", "off")]);
    let reader = office.anonymous();
    for path in ["/docs", "/docs/", "/docs/index.html"] {
        assert_eq!(told(&ask(&reader, "GET", path)), "404 not_found", "{path}");
    }
    ask(&reader, "GET", "/api/v1/openapi.json").must(200);
}

/// What stands behind one of these marks.
fn linked(text: &str, marks: &[&str]) -> Vec<String> {
    let end = |rest: &str| {
        let rest = rest.trim_start_matches(['"', '\'']);
        rest.split(['"', '\'', ')']).next().unwrap_or_default().to_owned()
    };
    marks.iter().flat_map(|mark| text.split(mark).skip(1).map(end)).collect()
}

// --- routes ------------------------------------------------------------------------------------------------------

#[test]
fn a_path_knows_the_methods_of_the_document_and_no_others() {
    let office = Office::open(Backend::Sqlite);
    let ids = own(&office);
    let clerk = office.as_role("clerk");
    let mut paths: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for operation in operations() {
        paths.entry(operation.path.clone()).or_default().push(operation);
    }
    for (path, known) in &paths {
        let mut allow: Vec<&str> = known.iter().map(|operation| operation.method.as_str()).collect();
        allow.sort_unstable();
        for method in METHODS.iter().filter(|method| !allow.contains(method)) {
            for client in [&office.anonymous(), &clerk] {
                let reply = client.send(method, &known[0].path_of(&ids), None);
                check_answer(&reply);
                assert_eq!(reply.status, 405, "{method} {path}");
                assert_eq!(reply.header("allow"), Some(allow.join(", ").as_str()), "{method} {path}");
            }
        }
        for operation in known {
            // With ids of things that are there: what is missing is only the right role, version or content.
            let somebody =
                if operation.id == "logout" { office.as_role("clerk-2") } else { clerk.if_match("*") };
            let reply = operation.ask(&somebody, &ids);
            check_answer(&reply);
            assert!(!matches!(reply.status, 404 | 405), "{path}: {}", reply.told());
            assert!(operation.is_public() || reply.status != 401, "{path}: {}", reply.told());
        }
    }
}

#[test]
fn what_is_no_path_of_ours_is_not_found() {
    let office = Office::open(Backend::Sqlite);
    let ids = own(&office);
    let case = &ids.case;
    for path in [
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/cases/",
        "/api/v1//cases",
        "/api/v2/cases",
        "/API/V1/cases",
        "/api/v1/me/",
        "/api/v1/reports/annual",
        "/.env",
        "/gongkai.db",
        "/index.html",
        &format!("/api/v1/cases/{case}/"),
        &format!("/api/v1/cases/{case}/nothing"),
        &format!("/api/v1/cases/{case}/history/1"),
    ] {
        for client in [office.anonymous(), office.as_role("clerk")] {
            for method in ["GET", "POST", "OPTIONS"] {
                let reply = ask(&client, method, path);
                check_answer(&reply);
                assert_eq!(told(&reply), "404 not_found", "{}", reply.told());
            }
        }
    }
    let clerk = office.as_role("clerk");
    for id in ["x", "0", "%00", "..", &case[1..], &format!("{case}0"), "%F0%9F%98%80", NOBODY] {
        let reply = clerk.get(&format!("/cases/{id}"));
        check_answer(&reply);
        assert_eq!(told(&reply), "404 not_found", "{}", reply.told());
    }
    for n in ["0", "-1", "x", "4294967296", "1.0", "99999999999999999999"] {
        let reply = clerk
            .if_match("*")
            .post(&format!("/cases/{case}/assignments/{n}/return"), &json!({ "reason": "x" }));
        assert!(matches!(reply.status, 403 | 404), "{n}: {}", reply.told());
    }
}

#[test]
fn what_watches_the_server_needs_no_sign_in_and_asks_with_get() {
    let office = Office::open(Backend::Sqlite);
    for (path, text) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let reply = ask(&office.anonymous(), "GET", path).must(200);
        check_answer(&reply);
        assert_eq!(reply.text, text);
        for method in METHODS.iter().filter(|method| **method != "GET") {
            let reply = ask(&office.anonymous(), method, path);
            check_answer(&reply);
            assert_eq!((reply.status, reply.header("allow")), (405, Some("GET")), "{}", reply.told());
        }
    }
}

// --- every answer ------------------------------------------------------------------------------------------------

#[test]
fn every_answer_has_its_headers_and_every_problem_its_words_in_two_languages() {
    let office = Office::open(Backend::Sqlite);
    let ids = own(&office);
    let mut codes = BTreeSet::new();
    let mut requests = BTreeSet::new();
    let nobody = office.anonymous();
    for operation in operations().iter().filter(|operation| operation.id != "logout") {
        for client in [nobody.clone(), office.as_role("clerk"), office.as_role("clerk").if_match("*")] {
            for ids in [&ids, &Ids::default()] {
                let asked =
                    [("", true), ("zh-CN,zh;q=0.9,en;q=0.8", true), ("en", false), ("fr, en;q=0.5", false)];
                for (languages, chinese) in asked {
                    let reply = operation.ask(&client.accept_language(languages), ids);
                    check_answer(&reply);
                    assert!(
                        requests.insert(reply.header("x-request-id").unwrap().to_owned()),
                        "a request id twice"
                    );
                    if reply.status >= 400 && !operation.is_of_oauth() {
                        codes.insert(told(&reply));
                        check_language(&reply, chinese);
                    }
                }
            }
        }
    }
    for code in
        ["401 unauthenticated", "403 forbidden", "404 not_found", "409 wrong_status", "428 version_required"]
    {
        assert!(codes.contains(code), "{codes:?}");
    }
}

/// Checks that a problem speaks one language.
#[track_caller]
fn check_language(reply: &Reply, chinese: bool) {
    let fields = reply.at("/errors").as_array().into_iter().flatten().map(|error| &error["detail"]);
    for words in [reply.at("/title"), reply.at("/detail")].into_iter().chain(fields) {
        let Some(words) = words.as_str() else { continue };
        assert_eq!(words.chars().any(|c| ('一'..='龥').contains(&c)), chinese, "{}", reply.told());
    }
    let language = if chinese { "zh-CN" } else { "en" };
    assert_eq!(reply.header("content-language"), Some(language), "{}", reply.told());
}

#[test]
fn every_code_of_the_catalogue_that_a_caller_can_bring_about_speaks_both_languages() {
    let office = Office::open(Backend::Sqlite);
    let clerk = office.as_role("clerk");
    let json = Some("application/json");
    let wrong =
        json!({ "channel": "pigeon", "applicant": { "name": " ", "x": 1, "email": "x" }, "arrived_on": 5 });
    for (languages, chinese) in [("", true), ("en", false)] {
        let send = |kind: Option<&str>, body: &[u8]| {
            clerk.accept_language(languages).try_send_bytes("POST", "/api/v1/cases", kind, body).unwrap()
        };
        for (wanted, reply) in [
            ("400 malformed", send(json, b"{")),
            ("413 too_large", send(json, &vec![b' '; 300 * 1024])),
            ("415 unsupported_media_type", send(Some("text/plain"), b"{}")),
            ("422 invalid", send(json, wrong.to_string().as_bytes())),
            ("405 method_not_allowed", clerk.accept_language(languages).delete("/cases")),
            ("404 not_found", clerk.accept_language(languages).get(&format!("/cases/{NOBODY}"))),
        ] {
            assert_eq!(told(&reply), wanted, "{}", reply.told());
            check_answer(&reply);
            check_language(&reply, chinese);
            for internal in ["struct ", "at line", "Request`", "unit variant"] {
                assert!(!reply.text.contains(internal), "{internal} is our own business: {}", reply.text);
            }
        }
    }
}

#[test]
fn a_request_that_was_received_names_where_the_case_is() {
    let office = Office::open(Backend::Sqlite);
    let clerk = office.as_role("clerk");
    let made = clerk.post("/cases", &request()).must(201);
    assert_eq!(made.header("location").unwrap(), format!("/api/v1/cases/{}", made.str("/id")));
    let read = clerk.get(&format!("/cases/{}", made.str("/id"))).must(200);
    assert_eq!((read.etag(), &read.body), (made.etag(), &made.body));
    assert_eq!(made.etag(), "\"1\"");
}
