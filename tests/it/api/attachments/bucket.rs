//! A bucket instead of the folder: what is told at the start, and what happens while it is away. The stories of files are told of
//! it too (`all_homes!`).

use serde_json::json;

use super::home::{Home, root};
use super::{files_below, received, stored};
use crate::api::operations::check_answer;
use crate::support::bucket::{BUCKET, BucketServer, SECRET_KEY};
use crate::support::databases::Backend;
use crate::support::files::{TEXT, attach, attachment, begin, newest, open, send};
use crate::support::server::{GONGKAI, Place};

#[test]
fn while_the_bucket_is_away_nothing_is_half_recorded_and_it_goes_on_afterwards() {
    let mut office = Home::Bucket.open();
    let mut bucket = office.bucket.take().unwrap();
    let case = received(&office);
    let clerk = office.as_role("clerk").if_match("*");
    attach(&clerk, &case.id, "evidence", "一.txt", TEXT).must(200);
    let one = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
    let kept = stored(&office);
    assert!(kept.iter().all(|file| file.starts_with(root(&office.server.place).join(BUCKET).join("office"))));
    let id = begin(&clerk, &case.id, 6).must(201).str("/id").to_owned();
    let whole = begin(&clerk, &case.id, 6).must(201).str("/id").to_owned();
    send(&clerk, &case.id, &whole, b"second").must(200);
    let history = clerk.get(&case.path("/history")).must(200).body;
    bucket.stop();
    let attach_it =
        |id: &str, name: &str| clerk.post(&case.path("/attachments"), &attachment(id, "other", name));
    for away in
        [send(&clerk, &case.id, &id, b"second"), attach_it(&whole, "二.txt"), open(&clerk, &case.id, &one)]
    {
        check_answer(&away);
        assert_eq!((away.status, away.str("/code")), (503, "storage_unavailable"), "{}", away.told());
        assert!(!away.told().contains(SECRET_KEY));
    }
    assert_eq!(clerk.get(&case.path("/history")).must(200).body, history, "nothing was recorded");
    bucket.restart();
    send(&clerk, &case.id, &id, b"second").must(200);
    attach_it(&whole, "二.txt").must(200);
    attach_it(&id, "三.txt").must(200);
    assert_eq!(open(&clerk, &case.id, &one).must(200).bytes, TEXT);
    assert_eq!(open(&clerk, &case.id, &whole).must(200).bytes, b"second");
    assert_eq!(stored(&office).len(), 2, "the doubled content is stored once");
    assert!(!office.server.printed().contains(SECRET_KEY));
    office.server.place.must_be_sound();
}

/// What the server says when it does not start; one that starts is stopped after a while.
fn fails(place: &Place, settings: &[(&str, String)]) -> String {
    let mut command = place.command("timeout");
    command.args(["60", GONGKAI, "serve"]).envs(settings.iter().map(|(name, value)| (name, value)));
    let ran = command.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(!ran.status.success(), "{said}");
    assert!(!said.contains(SECRET_KEY), "{said}");
    said
}

#[test]
fn wrong_settings_of_the_bucket_are_told_at_the_start() {
    let place = Place::new(Backend::Sqlite);
    let bucket = BucketServer::start(&root(&place));
    let right = bucket.settings();
    let with = |name: &str, value: &str| -> Vec<(&'static str, String)> {
        right
            .iter()
            .map(|(other, it)| (*other, if *other == name { value.to_owned() } else { it.clone() }))
            .collect()
    };
    let without = |name: &str| -> Vec<(&'static str, String)> {
        right.iter().filter(|(other, _)| *other != name).cloned().collect()
    };
    let secret = place.folder().join("wrong.key");
    std::fs::write(&secret, "two words\n").unwrap();
    let wrong_secret = place.folder().join("other.key");
    std::fs::write(&wrong_secret, "another-secret").unwrap();
    for (settings, named) in [
        (
            with("GONGKAI_S3_URL", "https://minio.example"),
            "GONGKAI_S3_URL: `https://minio.example` is no place of a bucket",
        ),
        (with("GONGKAI_S3_ACCESS_KEY", "two words"), "GONGKAI_S3_ACCESS_KEY: it must be the id of a key"),
        (without("GONGKAI_S3_ACCESS_KEY"), "GONGKAI_S3_ACCESS_KEY: it is not set"),
        (without("GONGKAI_S3_SECRET_KEY_FILE"), "GONGKAI_S3_SECRET_KEY_FILE: it is not set"),
        (without("GONGKAI_S3_URL"), "GONGKAI_S3_ACCESS_KEY: GONGKAI_S3_URL, to which it belongs, is not set"),
        (
            with("GONGKAI_S3_SECRET_KEY_FILE", secret.to_str().unwrap()),
            "it must hold the secret key and nothing else",
        ),
        (with("GONGKAI_S3_SECRET_KEY_FILE", "no/such/file"), "GONGKAI_S3_SECRET_KEY_FILE: no/such/file: "),
        (
            with("GONGKAI_S3_SECRET_KEY_FILE", wrong_secret.to_str().unwrap()),
            "the attachment store cannot be used",
        ),
        (with("GONGKAI_S3_ACCESS_KEY", "somebody"), "the attachment store cannot be used"),
        (
            with("GONGKAI_S3_URL", &format!("http://{}/no-such-bucket", bucket.address)),
            "the attachment store cannot be used",
        ),
    ] {
        let said = fails(&place, &settings);
        assert!(said.contains(named), "{named}: {said}");
        assert!(!said.contains("two words\n") && !said.contains("another-secret"), "{said}");
    }
    assert_eq!(files_below(&root(&place).join(BUCKET)).len(), 0, "nothing is left over");
    let mut checking = place.command(GONGKAI);
    let checked = checking.arg("check-config").envs(right.clone()).output().unwrap();
    let said = [checked.stdout, checked.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    assert!(checked.status.success() && said.contains("GONGKAI_S3_SECRET_KEY_FILE"), "{said}");
    assert!(said.contains("/gongkai/office") && !said.contains(SECRET_KEY), "{said}");
}

#[test]
fn a_large_file_is_kept_in_pieces_of_bounded_size() {
    let office = Home::Bucket.open();
    let case = received(&office);
    let clerk = office.as_role("clerk").if_match("*");
    let long: Vec<u8> = b"0123456789abcdef\n".repeat(700_000);
    attach(&clerk, &case.id, "other", "长.txt", &long).must(200);
    let id = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
    assert!(open(&clerk, &case.id, &id).must(200).bytes == long);
    let kept = stored(&office);
    assert_eq!(kept.len(), long.len().div_ceil(1 << 20));
    for piece in &kept {
        let bytes = std::fs::read(piece).unwrap();
        assert!(bytes.len() <= (1 << 20) + 64, "{}", bytes.len());
        assert!(!bytes.windows(16).any(|part| part == b"0123456789abcdef"), "in clear");
    }
    assert_eq!(newest(&clerk, &case.id)["size"], json!(long.len()));
}
