//! More of an office's day in which somebody's data are planted, and the copies of a database that leave the server.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use super::person::Person;
use super::{Case, Theatre};
use crate::support::databases::Backend;
use crate::support::office::{BUDGET, today};
use crate::support::server::Place;

/// The applicant is asked to correct his request; a third party is asked; the period is extended.
pub fn asked_in_between(theatre: &Theatre, person: &Person) -> Vec<String> {
    let says = |about: &str| theatre.words(person, about);
    let unclear = theatre.receive("counter", &person.applicant(), person, "丁");
    unclear.step("clerk", "POST", "/registration", &json!({ "subject": "绩效评价材料" }));
    let correction = json!({ "ground": "unclear_content", "items": says("补正事项") });
    unclear.step("clerk", "POST", "/corrections", &correction);
    let consulting = theatre.receive("counter", &person.applicant(), person, "戊");
    consulting.step("clerk", "POST", "/registration", &json!({ "subject": "项目合同" }));
    let budget = theatre.office.department(BUDGET);
    consulting.step("clerk", "POST", "/assignments", &json!({ "department_id": budget }));
    consulting.step("handler", "POST", "/assignments/1/acknowledgement", &json!({}));
    let letter = json!({
        "kind": "third_party", "party": says("第三方"), "question": says("征询问题"), "served_on": today(),
    });
    consulting.step("handler", "POST", "/consultations", &letter);
    let answer = json!({ "position": "objects", "text": says("第三方意见") });
    consulting.step("handler", "POST", "/consultations/1/answer", &answer);
    vec![unclear.id, consulting.id]
}

/// The applicant goes to court about a case that is in the archive.
pub fn remedied(theatre: &Theatre, case: &Case, person: &Person) {
    let says = |about: &str| theatre.words(person, about);
    let papers = json!({ "kind": "litigation_direct", "organ": says("法院"), "reference": says("案号") });
    case.step("legal_reviewer", "POST", "/remedies", &papers);
    case.step("legal_reviewer", "POST", "/remedies/1/answer", &json!({ "evidence": says("答辩凭证") }));
}

/// A request comes through a portal.
pub fn by_portal(theatre: &Theatre, person: &Person) -> String {
    let admin = theatre.office.as_role("system_admin");
    let opened = admin.post("/portals", &json!({ "name": "市政府门户网站" })).must(201);
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        opened.str("/client_id"),
        opened.str("/client_secret")
    );
    theatre.plant([opened.str("/client_secret").to_owned()]);
    let media = Some("application/x-www-form-urlencoded");
    let anybody = theatre.office.anonymous();
    let token =
        anybody.try_send_bytes("POST", "/api/v1/auth/token", media, form.as_bytes()).unwrap().must(200);
    theatre.plant([token.str("/access_token").to_owned()]);
    let portal = anybody.header("Authorization", format!("Bearer {}", token.str("/access_token")));
    let request = json!({
        "channel": "online", "portal_request_id": "web-6291", "applicant": person.applicant(),
        "description": theatre.words(person, "门户申请"),
    });
    let received = portal.post("/cases", &request).must(201);
    let mut wrong = request.clone();
    wrong["applicant"]["kind"] = json!(person.number);
    let refused = portal.post("/cases", &wrong).must(422);
    let followed = portal.get("/portal/requests/web-6291").must(200);
    let id = received.str("/id").to_owned();
    theatre.answers.borrow_mut().extend([received, refused, followed]);
    id
}

/// What an office takes away of its database for safekeeping, in a folder of the place: a dump, and copies of files.
pub fn copies(place: &Place, named: &str) -> PathBuf {
    let folder = place.folder().join(named);
    fs::create_dir(&folder).unwrap();
    match place.database.backend {
        Backend::Postgres => {
            let dump = folder.join("dump.sql");
            let mut command = Command::new("pg_dump");
            command.arg("--inserts").arg("--file").arg(&dump).arg(place.database.url_text());
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert!(fs::metadata(&dump).unwrap().len() > 10_000);
        }
        Backend::Sqlite => {
            let copy = folder.join("backup.db");
            place.database.execute(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
            for entry in fs::read_dir(place.database.folder().unwrap()).unwrap() {
                let file = entry.unwrap();
                fs::copy(file.path(), folder.join(file.file_name())).unwrap();
            }
        }
    }
    folder
}
