//! A clerk attaches what came with a request; colleagues read it; nobody else does.

use gongkai::crypto::hex;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::home::all_homes;
use super::{received, stored};
use crate::api::operations::{NOBODY, check_answer, told};
use crate::support::files::{REASON, TEXT, attach, attachment, begin, newest, open, send, upload};
use crate::support::office::BUDGET;
use crate::support::replies;
use crate::support::story::SUBJECT;

all_homes! {
    fn what_came_with_a_request_is_attached_read_and_struck_out(home) {
        let office = home.open();
        let case = received(&office);
        let clerk = office.as_role("clerk");
        // In three steps: announced, sent, attached.
        let begun = begin(&clerk, &case.id, TEXT.len()).must(201);
        let id = begun.str("/id").to_owned();
        assert_eq!(begun.header("location").unwrap(), format!("/api/v1/cases/{}/uploads/{id}", case.id));
        assert_eq!((begun.at("/offset"), begun.str("/state")), (&json!(0), "open"));
        let sent = send(&clerk, &case.id, &id, TEXT).must(200);
        assert_eq!(sent.at("/offset"), &json!(TEXT.len()));
        let body = attachment(&id, "evidence", "王示例的邮资收据.txt");
        let path = case.path("/attachments");
        assert_eq!(told(&clerk.post(&path, &body)), "428 version_required");
        assert_eq!(told(&clerk.if_match("\"9\"").post(&path, &body)), "412 version_stale");
        let done = clerk.if_match(case.etag()).post(&path, &body).must(200);
        assert_eq!((done.etag().as_str(), done.str("/status")), ("\"2\"", "received"));
        // What is shown of it.
        let one = clerk.get(&case.path(&format!("/attachments/{id}"))).must(200);
        check_answer(&one);
        let sha256 = hex::encode(&Sha256::digest(TEXT));
        assert_eq!(one.str("/sha256"), sha256);
        assert_ne!(one.str("/content_hash"), sha256, "the hash in the record is keyed");
        assert_eq!(
            (one.str("/file_type"), one.str("/purpose"), one.at("/size"), one.str("/state")),
            ("txt", "evidence", &json!(TEXT.len()), "available")
        );
        assert_eq!(one.str("/file_name"), "王**的邮资收据.txt", "a name is masked like any words");
        assert_eq!(newest(&clerk, &case.id), one.body);
        // The record: ids, codes and hashes; the words beside it.
        let history = clerk.get(&case.path("/history")).must(200);
        let event = history.at("/events/1");
        assert_eq!((&event["type"], &event["event"]["attachment"]), (&json!("attached"), &json!(id)));
        assert_eq!(event["event"]["content"], one.body["content_hash"]);
        assert!(!event["event"].to_string().contains("收据") && !event["event"].to_string().contains(&sha256));
        assert_eq!(event["words"][0], json!({ "kind": "file_name", "text": "王**的邮资收据.txt" }));
        // Handed out to be saved.
        for who in ["clerk", "clerk-2"] {
            let got = open(&office.as_role(who), &case.id, &id).must(200);
            check_answer(&got);
            assert_eq!(got.bytes, TEXT);
            assert_eq!(got.header("content-type"), Some("text/plain"));
            assert_eq!(got.header("content-length"), Some(TEXT.len().to_string().as_str()));
            let disposition = got.header("content-disposition").unwrap();
            assert!(disposition.starts_with("attachment; filename=\"") && !disposition.contains("%E7%A4%BA"), "{disposition}");
            assert_eq!((got.header("cache-control"), got.header("x-content-type-options")), (Some("no-store"), Some("nosniff")));
        }
        for who in ["legal_reviewer", "secrecy_reviewer", "approver", "archivist"] {
            assert_eq!(told(&open(&office.as_role(who), &case.id, &id)), "403 forbidden", "{who}: nothing is decided yet");
        }
        for nobody in ["supervisor", "system_admin", "auditor", "handler"] {
            assert_eq!(told(&open(&office.as_role(nobody), &case.id, &id)), "404 not_found", "{nobody}");
        }
        // Struck out, with a reason, once; it stays.
        let strike = case.path(&format!("/attachments/{id}/strike"));
        let reason = json!({ "reason": "误传他案材料" });
        let clerk = clerk.if_match("*");
        let after = clerk.post(&strike, &reason).must(200);
        assert_eq!(after.etag(), "\"3\"");
        assert_eq!(told(&clerk.post(&strike, &reason)), "409 attachment_already_struck");
        let one = clerk.get(&case.path(&format!("/attachments/{id}"))).must(200);
        assert_eq!(one.str("/struck/reason"), "误传他案材料");
        assert_eq!(open(&clerk, &case.id, &id).must(200).bytes, TEXT);
        let gone = case.path(&format!("/attachments/{NOBODY}/strike"));
        assert_eq!(told(&clerk.post(&gone, &reason)), "409 no_such_attachment");
        office.server.place.must_be_sound();
    }

    fn one_content_is_stored_once_in_an_agency_and_encrypted(home) {
        let office = home.open();
        let (first, second) = (received(&office), received(&office));
        let clerk = office.as_role("clerk").if_match("*");
        attach(&clerk, &first.id, "evidence", "一.txt", TEXT).must(200);
        let kept = stored(&office);
        assert_eq!(kept.len(), 1, "{kept:?}");
        let bytes = std::fs::read(&kept[0]).unwrap();
        let words = "收据".as_bytes();
        assert!(!bytes.windows(words.len()).any(|part| part == words), "in clear");
        attach(&clerk, &second.id, "other", "二.txt", TEXT).must(200);
        attach(&clerk, &first.id, "other", "三.txt", TEXT).must(200);
        assert_eq!(stored(&office), kept, "the same content a second time");
        let hash = |case: &str| newest(&clerk, case)["content_hash"].as_str().unwrap().to_owned();
        assert_eq!(hash(&first.id), hash(&second.id));
        let id = newest(&clerk, &second.id)["id"].as_str().unwrap().to_owned();
        assert_eq!(open(&clerk, &second.id, &id).must(200).bytes, TEXT);
        // Elsewhere it is another content, under another hash: nobody can tell that both have it.
        let neighbour = office.neighbour("320900");
        let theirs = office.of_agency(&neighbour, "clerk").if_match("*");
        let case = theirs.post("/cases", &crate::support::story::request()).must(201).str("/id").to_owned();
        attach(&theirs, &case, "evidence", "一.txt", TEXT).must(200);
        assert_eq!(stored(&office).len(), 2);
        let other = newest(&theirs, &case)["content_hash"].as_str().unwrap().to_owned();
        assert_ne!(hash(&first.id), other);
        // Neither does one case hand out what is another's.
        assert_eq!(told(&open(&clerk, &first.id, &id)), "404 not_found");
        assert_eq!(told(&open(&theirs, &case, &id)), "404 not_found");
    }

    fn a_content_that_was_exchanged_is_not_handed_out(home) {
        let office = home.open();
        let case = received(&office);
        let clerk = office.as_role("clerk").if_match("*");
        let long: Vec<u8> = b"0123456789abcdef\n".repeat(150_000);
        attach(&clerk, &case.id, "evidence", "长.txt", &long).must(200);
        let id = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
        assert_eq!(open(&clerk, &case.id, &id).must(200).bytes, long);
        let pieces = stored(&office);
        assert_eq!(pieces.len(), 3);
        let broken = |what: &str| {
            let path = format!("/api/v1{}", case.path(&format!("/attachments/{id}/openings")));
            let body = json!({ "reason": REASON }).to_string();
            let outcome = clerk.try_send_bytes("POST", &path, Some("application/json"), body.as_bytes());
            assert!(outcome.as_ref().map_or(true, |reply| reply.status >= 500), "{what}: {outcome:?}");
        };
        let originals: Vec<Vec<u8>> = pieces.iter().map(|path| std::fs::read(path).unwrap()).collect();
        let write = |n: usize, bytes: &[u8]| std::fs::write(&pieces[n], bytes).unwrap();
        write(0, &originals[1]);
        write(1, &originals[0]);
        broken("two pieces in each other's place");
        write(0, &originals[0]);
        write(1, &originals[1]);
        std::fs::remove_file(&pieces[2]).unwrap();
        broken("the last piece cut off");
        write(2, &originals[1]);
        broken("a piece in the place of the last");
        write(2, &originals[2][..originals[2].len() - 1]);
        broken("a piece cut short");
        write(2, &originals[2]);
        assert_eq!(open(&clerk, &case.id, &id).must(200).bytes, long);
        // The rows exchanged: this attachment with the content of another.
        attach(&clerk, &case.id, "evidence", "短.txt", TEXT).must(200);
        let other = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
        let quoted = |id: &str| match home.backend() {
            crate::support::databases::Backend::Sqlite => format!("X'{}'", id.replace('-', "")),
            crate::support::databases::Backend::Postgres => format!("'{id}'"),
        };
        let database = &office.server.place.database;
        let swap = format!("UPDATE case_attachments SET content_id = {} WHERE id = {}", quoted(&other), quoted(&id));
        database.execute(&swap).unwrap();
        broken("another content's row");
    }

    fn a_proof_of_identity_is_the_clerks_to_open(home) {
        let office = home.open();
        let case = received(&office).register(SUBJECT).assign(BUDGET);
        let clerk = office.as_role("clerk").if_match("*");
        attach(&clerk, &case.id, "identity_proof", "身份证明.txt", TEXT).must(200);
        let id = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
        assert_eq!(open(&clerk, &case.id, &id).must(200).bytes, TEXT);
        for who in ["handler", "legal_reviewer", "secrecy_reviewer", "approver", "archivist"] {
            let who = office.as_role(who);
            assert_eq!(newest(&who, &case.id)["purpose"], "identity_proof");
            assert_eq!(told(&open(&who, &case.id, &id)), "403 forbidden");
        }
    }

    fn the_attachments_of_a_reply_are_fixed_while_it_is_reviewed(home) {
        let office = home.open();
        let case = received(&office).register(SUBJECT).assign(BUDGET).acknowledge();
        let handler = office.as_role("handler").if_match("*");
        assert_eq!(told(&attach(&office.as_role("clerk").if_match("*"), &case.id, "reply_attachment", "a.txt", TEXT)), "403 forbidden");
        attach(&handler, &case.id, "reply_attachment", "附件一.txt", TEXT).must(200);
        let id = newest(&handler, &case.id)["id"].as_str().unwrap().to_owned();
        let read = handler.get(&case.path("")).must(200);
        let drafted = handler.if_match(read.etag()).put(&case.path("/reply"), &replies::draft("granted", "见附件。"));
        handler.if_match(drafted.must(200).etag()).post(&case.path("/reply/submission"), &json!({}));
        let strike = case.path(&format!("/attachments/{id}/strike"));
        let refused = handler.post(&strike, &json!({ "reason": "换一份" }));
        assert_eq!(told(&refused), "409 reply_attachment_fixed");
        assert_eq!(told(&attach(&handler, &case.id, "reply_attachment", "附件二.txt", b"other")), "409 wrong_status");
        attach(&handler, &case.id, "evidence", "检索记录.txt", b"other").must(200);
    }

    fn a_retry_attaches_once_and_a_list_is_read_page_by_page(home) {
        let office = home.open();
        let case = received(&office);
        let clerk = office.as_role("clerk").if_match("*");
        let begun = clerk.idempotency_key("begin-1");
        let first = begin(&begun, &case.id, TEXT.len()).must(201);
        assert_eq!(begin(&begun, &case.id, TEXT.len()).must(201).text, first.text, "the same upload");
        assert_eq!(told(&begin(&begun, &case.id, 5)), "422 idempotency_key_reused");
        let id = first.str("/id").to_owned();
        send(&clerk, &case.id, &id, TEXT).must(200);
        let body = attachment(&id, "evidence", "收据.txt");
        let key = clerk.idempotency_key("attach-1");
        let done = key.post(&case.path("/attachments"), &body).must(200);
        let again = key.post(&case.path("/attachments"), &body).must(200);
        assert_eq!((again.etag(), &again.text), (done.etag(), &done.text));
        assert_eq!(told(&clerk.post(&case.path("/attachments"), &body)), "409 upload_ended");
        let mut wanted = vec![id];
        for n in 0..6 {
            attach(&clerk, &case.id, "other", &format!("{n}.txt"), format!("第 {n} 页").as_bytes()).must(200);
            wanted.push(newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned());
        }
        let (mut walked, mut next) = (Vec::new(), case.path("/attachments?limit=3"));
        loop {
            let page = clerk.get(&next).must(200);
            check_answer(&page);
            let items = page.at("/items").as_array().unwrap();
            walked.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(cursor) = page.at("/next_cursor").as_str() else { break };
            assert!(page.header("link").unwrap().contains("rel=\"next\""));
            next = case.path(&format!("/attachments?limit=3&cursor={cursor}"));
        }
        assert_eq!(walked, wanted);
        assert_eq!(told(&clerk.get(&case.path("/attachments?cursor=x"))), "422 invalid");
    }

    fn several_at_once_are_all_attached_or_told_why_not(home) {
        let office = home.open();
        let case = received(&office);
        let clerk = office.as_role("clerk").if_match("*");
        let ids: Vec<String> = (0..6)
            .map(|n| upload(&clerk, &case.id, format!("并发 {}", n % 3).as_bytes()).unwrap())
            .collect();
        std::thread::scope(|scope| {
            for id in &ids {
                let (clerk, case) = (clerk.clone(), &case);
                scope.spawn(move || {
                    for _ in 0..40 {
                        let reply = clerk.post(&case.path("/attachments"), &attachment(id, "other", "并发.txt"));
                        if reply.status == 200 {
                            return;
                        }
                        assert_eq!(told(&reply), "412 version_stale");
                    }
                    panic!("never attached");
                });
            }
        });
        let list = clerk.get(&case.path("/attachments")).must(200);
        assert_eq!(list.at("/items").as_array().unwrap().len(), 6);
        assert_eq!(stored(&office).len(), 3, "three contents");
        office.server.place.must_be_sound();
    }
}
