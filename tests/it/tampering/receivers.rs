//! Receivers of checkpoints that are no folder, and a second place that fails: nobody waits for them, and nothing is lost.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::copy::{Copy, disarm};
use crate::support::databases::both_databases;
use crate::support::office::Office;
use crate::support::receiver::{Manner, Receiver, attachment};
use crate::support::server::{GONGKAI, Place};
use crate::support::story::CaseStory;

const TOKEN: &str = "a-token-of-the-receiver";
const PASSWORD: &str = "a-password-of-the-sender";
const MAILBOX: &str = "records@audit.example.com";

/// The settings of an office with two receivers; token and password are in files.
fn settings(place: &Place, posts: &Receiver, mails: &Receiver) -> Vec<(&'static str, String)> {
    let file = |name: &str, text: &str| {
        let path = place.folder().join(name);
        fs::write(&path, format!("{text}\n")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    vec![
        ("GONGKAI_CHECKPOINT_POST_URL", format!("http://{}/notes?of=320800", posts.address)),
        ("GONGKAI_CHECKPOINT_POST_TOKEN_FILE", file("token", TOKEN)),
        ("GONGKAI_CHECKPOINT_MAIL_TO", MAILBOX.to_owned()),
        ("GONGKAI_CHECKPOINT_MAIL_FROM", "gongkai@office.example".to_owned()),
        ("GONGKAI_SMTP_URL", format!("smtp://{}", mails.address)),
        ("GONGKAI_SMTP_USER", "gongkai".to_owned()),
        ("GONGKAI_SMTP_PASSWORD_FILE", file("password", PASSWORD)),
    ]
}

/// `gongkai audit checkpoint` with these settings.
fn checkpointing(place: &Place, settings: &[(&'static str, String)]) -> Command {
    let mut command = place.command(GONGKAI);
    command.envs(settings.iter().cloned()).args(["--json", "audit", "checkpoint"]);
    command
}

fn checkpoint(place: &Place, settings: &[(&'static str, String)]) -> Output {
    let ran = checkpointing(place, settings).output().unwrap();
    let printed = format!("{ran:?}");
    for secret in [TOKEN, PASSWORD, MAILBOX] {
        assert!(!printed.contains(secret), "{printed}");
    }
    ran
}

fn answer(ran: &Output) -> serde_json::Value {
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"))
}

/// What the database has: each checkpoint, and all of them as a file has them.
fn notes(office: &Office) -> Vec<String> {
    let copy = Copy::read(&office.server.place.app(), office.agency.id.0);
    copy.checkpoints.into_iter().map(|row| row.note).collect()
}

/// Something new in the record.
fn happens(office: &Office) {
    CaseStory::registered(office);
}

fn verify(place: &Place, checkpoints: &Path) -> Output {
    let mut command = place.command(GONGKAI);
    command.args(["audit", "verify", "--checkpoints"]).arg(checkpoints).output().unwrap()
}

both_databases! {
    fn checkpoints_are_posted_and_mailed_and_what_was_saved_verifies(backend) {
        let office = Office::open(backend);
        let case = CaseStory::in_review(&office);
        let place = &office.server.place;
        let (posts, mails) = (Receiver::of_posts(), Receiver::of_mail());
        let settings = settings(place, &posts, &mails);
        assert_eq!(answer(&checkpoint(place, &settings)), json!({ "made": 1, "sent": 2 }));
        assert_eq!(answer(&checkpoint(place, &settings)), json!({ "made": 0, "sent": 0 }), "once");
        happens(&office);
        // An export makes checkpoints of its own.
        let zip = place.folder().join("case.zip");
        fs::write(&zip, case.as_role("clerk").get(&case.path("/export")).must(200).bytes).unwrap();
        let ran = checkpoint(place, &settings);
        let (made, notes) = (answer(&ran), notes(&office));
        assert_eq!(made["sent"], json!(2 * (notes.len() - 1)), "{made}");

        // The post: the keys and the signed texts, and nothing else.
        let page = office.as_role("auditor").get("/audit/checkpoints").must(200);
        let key = page.str("/keys/0").to_owned();
        let got = posts.got();
        assert_eq!(got.len(), 2);
        assert_eq!(got[0].head[0], "POST /notes?of=320800 HTTP/1.1");
        assert!(got[0].head.contains(&format!("authorization: Bearer {TOKEN}")), "{:?}", got[0].head);
        assert!(got[0].head.contains(&"content-type: text/plain; charset=utf-8".to_owned()));
        assert_eq!(got[0].text, format!("{key}\n\n{}", notes[0]));
        assert_eq!(got[1].text, format!("{key}\n\n{}", notes[1..].join("\n")));
        // The mail: the same as its attachment.
        let mailed = mails.got();
        assert_eq!(mailed.len(), 2);
        let login = STANDARD.encode(format!("\0gongkai\0{PASSWORD}"));
        for line in [format!("AUTH PLAIN {login}"), format!("RCPT TO:<{MAILBOX}>")] {
            assert!(mailed[0].head.contains(&line), "{:?}", mailed[0].head);
        }
        let saved = tempfile::tempdir().unwrap();
        for (mail, post) in mailed.iter().zip(&got) {
            let (name, text) = attachment(&mail.text);
            assert_eq!(text, post.text);
            assert!(name.starts_with(&office.agency.id.to_string()) && name.ends_with(".checkpoints"), "{name}");
            fs::write(saved.path().join(name), text).unwrap();
        }

        // What receivers have saved verifies the record and an export: the folder of attachments, and a file of what was posted.
        let file = place.folder().join("posted.txt");
        fs::write(&file, posts.taken()).unwrap();
        for outside in [saved.path(), file.as_path()] {
            let sound = verify(place, outside);
            assert!(sound.status.success(), "{sound:?}");
            let mut court = Command::new(env!("CARGO_BIN_EXE_gongkai-verify"));
            let ran = court.env_clear().args(["--key", &key, "--checkpoints"]).arg(outside).arg(&zip).output().unwrap();
            assert!(ran.status.success(), "{ran:?}");
        }

        // Whoever cuts off the end, with the checkpoints in the database, is found by what they have.
        disarm(&place.database);
        let good = Copy::read(&place.app(), office.agency.id.0);
        let mut cut = good.clone();
        cut.rows.truncate(usize::try_from(good.checkpoints[0].size).unwrap());
        cut.checkpoints.truncate(1);
        cut.remember();
        cut.write(&place.database);
        for outside in [saved.path(), file.as_path()] {
            let found = verify(place, outside);
            assert!(!found.status.success());
            let told = String::from_utf8_lossy(&found.stdout).into_owned();
            assert!(told.contains("missing: the chain ends at event"), "{told}");
        }
        good.write(&place.database);
    }

    fn each_receiver_is_caught_up_by_itself_and_nothing_is_lost(backend) {
        let mut office = Office::open(backend);
        let (posts, mails) = (Receiver::of_posts(), Receiver::of_mail());
        let settings = settings(&office.server.place, &posts, &mails);
        // Neither takes it: the checkpoint is made, everybody works on, the log says so once for each.
        for (post, mail) in [
            (Manner::Refuses(503), Manner::Refuses(451)),
            (Manner::SendsOn, Manner::Refuses(550)),
            (Manner::HangsUp, Manner::HangsUp),
        ] {
            posts.behaves(post);
            mails.behaves(mail);
            happens(&office);
            let ran = checkpoint(&office.server.place, &settings);
            assert_eq!((answer(&ran), ran.status.success()), (json!({ "made": 1, "sent": 0 }), false));
            let log = String::from_utf8_lossy(&ran.stderr).into_owned();
            let told: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
            assert!(told.len() == 2 && told[0].contains("did not reach their receiver"), "{log}");
        }
        assert!(posts.got().iter().all(|got| got.head[0].contains("/notes")), "no redirect is followed");
        // One takes them again, the other does not: it gets all, in order, and the other nothing.
        posts.behaves(Manner::Takes);
        happens(&office);
        let ran = checkpoint(&office.server.place, &settings);
        assert_eq!((answer(&ran), ran.status.success()), (json!({ "made": 1, "sent": 4 }), false));
        let file = |notes: &[String]| notes.join("\n");
        assert!(posts.taken().ends_with(&format!("\n\n{}", file(&notes(&office)))), "{}", posts.taken());
        assert_eq!(mails.taken(), "");

        // Killed between the sending and the answer: what was on its way comes again.
        posts.behaves(Manner::Waits);
        happens(&office);
        let before = posts.got().len();
        let mut killed = checkpointing(&office.server.place, &settings);
        let mut killed = killed.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        posts.must_get(before + 1);
        killed.kill().unwrap();
        killed.wait().unwrap();
        posts.behaves(Manner::Takes);
        mails.behaves(Manner::Takes);
        // Two at once: each may send it, and both end well.
        let both = [(); 2].map(|()| {
            let mut command = checkpointing(&office.server.place, &settings);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        });
        for mut one in both {
            assert!(one.wait().unwrap().success());
        }
        let (last, mailed) = (notes(&office), mails.got());
        assert!(posts.taken().ends_with(&format!("\n\n{}", last.last().unwrap())));
        let mailed: Vec<String> =
            mailed.into_iter().filter(|got| got.manner == Manner::Takes).map(|got| attachment(&got.text).1).collect();
        assert!(mailed.iter().all(|text| text.ends_with(&format!("\n\n{}", file(&last)))), "{mailed:?}");

        // A server that starts sends what is left at once, and shows how far it is.
        happens(&office);
        assert!(checkpoint(&office.server.place, &[]).status.success());
        let (sent, mailed) = (posts.got().len(), mails.got().len());
        office.server.stop();
        let pairs: Vec<(&'static str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let server = office.server.start_again_with(&pairs);
        let office = Office::of(server, office.agency);
        posts.must_get(sent + 1);
        mails.must_get(mailed + 1);
        let size: u64 = notes(&office).last().unwrap().lines().nth(1).unwrap().parse().unwrap();
        let auditor = office.as_role("auditor");
        let start = std::time::Instant::now();
        loop {
            let page = auditor.get("/audit/checkpoints?limit=1").must(200);
            let ways = [page.at("/receivers/0"), page.at("/receivers/1")];
            let far = ways.iter().all(|way| way["size"].as_u64() == Some(size) && way["sent_at"].is_string());
            if far && (ways[0]["way"] == "post") && (ways[1]["way"] == "mail") {
                break;
            }
            assert!(start.elapsed().as_secs() < 20, "{ways:?}");
        }
        let printed = office.server.printed();
        assert!(![TOKEN, PASSWORD, MAILBOX].iter().any(|secret| printed.contains(secret)), "{printed}");
    }

    /// A folder that is none, one that cannot be written, one that is full, one that was removed: the office works on, checkpoints go on
    /// in the database, each failure is told, and what was missed is written later, without a gap.
    fn a_second_place_that_fails_keeps_nobody_waiting_and_is_caught_up(backend) {
        let office = Office::open(backend);
        let place = &office.server.place;
        let folder = place.folder().join("second");
        let settings = [("GONGKAI_CHECKPOINT_DIR", folder.to_str().unwrap().to_owned())];
        let file = folder.join(format!("{}.checkpoints", office.agency.id));
        let mut made = 0;
        let mut fails = |what: &str| {
            happens(&office);
            let ran = checkpoint(place, &settings);
            assert!(!ran.status.success() && answer(&ran) == json!({ "made": 0, "sent": 0 }), "{what}: {ran:?}");
            assert!(String::from_utf8_lossy(&ran.stderr).contains("the second place"), "{what}: {ran:?}");
            made += 1;
            assert_eq!(notes(&office).len(), made, "{what}: made in the database");
        };
        fs::write(&folder, "a file").unwrap();
        fails("a file in its place");
        fs::remove_file(&folder).unwrap();
        fs::create_dir_all(&file).unwrap();
        fails("a folder in the place of its file");
        fs::remove_dir(&file).unwrap();
        std::os::unix::fs::symlink("/dev/full", &file).unwrap();
        fails("a full disk");
        fs::remove_file(&file).unwrap();
        assert_eq!(answer(&checkpoint(place, &settings)), json!({ "made": 0, "sent": 0 }));
        let whole = |what: &str| {
            assert_eq!(fs::read_to_string(&file).unwrap(), notes(&office).join("\n") + "\n", "{what}");
            assert!(verify(place, &folder).status.success(), "{what}");
        };
        whole("caught up");
        fs::remove_dir_all(&folder).unwrap();
        happens(&office);
        assert_eq!(answer(&checkpoint(place, &settings)), json!({ "made": 1, "sent": 0 }));
        whole("a removed folder is made anew");
        office.server.place.must_be_sound();
    }
}
