//! Files of a case whose personal data are erased: their keys go with the words, their bytes after them.

use serde_json::{Value, json};

use super::home::all_homes;
use super::{received, stored};
use crate::api::operations::{check_answer, told};
use crate::support::files::{TEXT, attach, begin, newest, open as open_file, send, upload};
use crate::support::story::CaseStory;

/// The archivist proposes to erase what should not have been kept, the approver agrees.
pub fn erase(case: CaseStory<'_>) -> CaseStory<'_> {
    let proposal = json!({ "proposal": "erase", "ground": "unlawful", "reason": "误录他人信息" });
    let case = case.command("archivist", "POST", "/appraisals", &proposal);
    case.command("approver", "POST", "/appraisals/1/decision", &json!({ "approve": true }))
}

all_homes! {
    fn what_is_erased_can_be_read_by_nobody_and_what_others_have_stays(home) {
        let office = home.open();
        let (mut case, other) = (received(&office), received(&office));
        let clerk = office.as_role("clerk").if_match("*");
        attach(&clerk, &other.id, "evidence", "共有.txt", TEXT).must(200);
        let kept = stored(&office);
        attach(&clerk, &case.id, "evidence", "共有.txt", TEXT).must(200);
        assert_eq!(stored(&office), kept, "one content");
        let shared = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
        attach(&clerk, &case.id, "identity_proof", "身份证明.txt", b"only of this case").must(200);
        let own = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
        let (waiting, half) = (upload(&clerk, &case.id, b"never attached").unwrap(), begin(&clerk, &case.id, 4));
        let half = half.must(201).str("/id").to_owned();
        assert_eq!(stored(&office).len(), 3);
        let database = &office.server.place.database;
        let rows = |table: &str| database.rows_of(table).len();
        assert_eq!((rows("attachment_contents"), rows("case_attachments")), (2, 3));

        case.last = clerk.get(&case.path("")).must(200);
        let case = erase(case);
        assert_eq!(stored(&office), kept, "the bytes are gone, those of the other case stay");
        assert_eq!((rows("attachment_contents"), rows("case_attachments")), (1, 1), "and so are their keys");
        let open = database.lines("SELECT state AS line FROM attachment_uploads WHERE state = 'open'");
        assert_eq!(open, Vec::<String>::new());
        for id in [&shared, &own] {
            let gone = clerk.get(&case.path(&format!("/attachments/{id}"))).must(200);
            check_answer(&gone);
            assert_eq!(gone.str("/state"), "erased");
            assert_eq!((gone.at("/file_name"), gone.at("/sha256")), (&Value::Null, &Value::Null));
            assert_eq!(told(&open_file(&clerk, &case.id, id)), "409 attachment_erased");
        }
        for id in [&waiting, &half] {
            assert_eq!(told(&send(&clerk, &case.id, id, b"late")), "404 not_found");
        }
        let theirs = newest(&clerk, &other.id)["id"].as_str().unwrap().to_owned();
        assert_eq!(open_file(&clerk, &other.id, &theirs).must(200).bytes, TEXT);
        // The work goes on: what comes afterwards is a content of its own.
        attach(&clerk, &case.id, "evidence", "新.txt", b"only of this case").must(200);
        let anew = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
        assert_eq!(open_file(&clerk, &case.id, &anew).must(200).bytes, b"only of this case");
        office.server.place.must_be_sound();
    }
}
