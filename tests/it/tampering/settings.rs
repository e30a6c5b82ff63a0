//! Wrong settings of receivers, told at the start in words; and a mail server without TLS, to which nothing is said.

use crate::support::databases::Backend;
use crate::support::receiver::Receiver;
use crate::support::server::{GONGKAI, Place};

const POST: &str = "GONGKAI_CHECKPOINT_POST_URL";

#[test]
fn wrong_settings_of_receivers_are_told_at_the_start() {
    let place = Place::new(Backend::Sqlite);
    let mail = [
        ("GONGKAI_CHECKPOINT_MAIL_TO", "records@audit.example.com"),
        ("GONGKAI_CHECKPOINT_MAIL_FROM", "gongkai@office.example"),
        ("GONGKAI_SMTP_URL", "smtps://mail.example"),
    ];
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&'static str, &'static str)> {
        let kept = mail.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        kept.copied().chain(more.iter().copied()).filter(|(_, value)| *value != "unset").collect()
    };
    for (settings, told) in [
        (
            vec![(POST, "http://receiver.example/notes")],
            "GONGKAI_CHECKPOINT_POST_URL: receiver.example is not asked: an address must begin with https://",
        ),
        (
            vec![(POST, "https://u:geheim@receiver.example/")],
            "GONGKAI_CHECKPOINT_POST_URL: receiver.example is not asked",
        ),
        (
            vec![("GONGKAI_CHECKPOINT_POST_TOKEN", "geheim")],
            "GONGKAI_CHECKPOINT_POST_TOKEN: GONGKAI_CHECKPOINT_POST_URL, to which it belongs, is not set",
        ),
        (
            vec![
                (POST, "https://receiver.example/"),
                ("GONGKAI_CHECKPOINT_POST_TOKEN", "geheim"),
                ("GONGKAI_CHECKPOINT_POST_TOKEN_FILE", "x"),
            ],
            "Give one of GONGKAI_CHECKPOINT_POST_TOKEN, GONGKAI_CHECKPOINT_POST_TOKEN_FILE, and not both",
        ),
        (
            vec![(POST, "https://receiver.example/"), ("GONGKAI_CHECKPOINT_POST_TOKEN", "geheim und mehr")],
            "GONGKAI_CHECKPOINT_POST_TOKEN: it must be up to 256 ASCII characters",
        ),
        (
            vec![(POST, "https://receiver.example/"), ("GONGKAI_CHECKPOINT_POST_TOKEN_FILE", "no/such/file")],
            "GONGKAI_CHECKPOINT_POST_TOKEN_FILE: no/such/file: ",
        ),
        (
            with(&[("GONGKAI_CHECKPOINT_MAIL_TO", "unset")]),
            "GONGKAI_SMTP_URL: GONGKAI_CHECKPOINT_MAIL_TO, to which it belongs, is not set",
        ),
        (
            with(&[("GONGKAI_CHECKPOINT_MAIL_FROM", "unset")]),
            "GONGKAI_CHECKPOINT_MAIL_FROM: it is not set, and GONGKAI_CHECKPOINT_MAIL_TO is",
        ),
        (
            with(&[("GONGKAI_CHECKPOINT_MAIL_TO", "a@b.example,c@d.example")]),
            "GONGKAI_CHECKPOINT_MAIL_TO: it is no address of a mailbox",
        ),
        (
            with(&[("GONGKAI_SMTP_URL", "unset")]),
            "GONGKAI_SMTP_URL: it is not set, and GONGKAI_CHECKPOINT_MAIL_TO is",
        ),
        (
            with(&[("GONGKAI_SMTP_URL", "smtp://u:geheim@mail.example")]),
            "GONGKAI_SMTP_URL: it must be smtps://HOST[:PORT] (TLS)",
        ),
        (
            with(&[("GONGKAI_SMTP_USER", "gongkai")]),
            "GONGKAI_SMTP_PASSWORD: it is not set, and GONGKAI_SMTP_USER is",
        ),
        (
            with(&[("GONGKAI_SMTP_PASSWORD", "geheim")]),
            "GONGKAI_SMTP_USER: it is not set, and GONGKAI_SMTP_PASSWORD is",
        ),
    ] {
        let ran = place.command(GONGKAI).envs(settings.iter().copied()).arg("serve").output().unwrap();
        let printed = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(!ran.status.success() && printed.contains(told), "{settings:?}: {printed}");
        assert!(!printed.contains("geheim"), "{printed}");
    }
    // Right ones are shown without what nobody should read.
    let mut right = place.command(GONGKAI);
    right.envs(with(&[("GONGKAI_SMTP_USER", "gongkai"), ("GONGKAI_SMTP_PASSWORD", "geheim")]));
    right.envs([
        (POST, "https://receiver.example/notes?key=geheim"),
        ("GONGKAI_CHECKPOINT_POST_TOKEN", "geheim"),
    ]);
    let shown = right.arg("check-config").output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    for line in [
        "POST_URL=https://receiver.example/notes?***  #",
        "POST_TOKEN=***  #",
        "SMTP_URL=smtps://mail.example:465  #",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    assert!(!shown.contains("geheim"), "{shown}");
}

#[test]
fn nothing_is_said_to_a_mail_server_without_tls() {
    let place = Place::new(Backend::Sqlite);
    crate::support::office::Agency::found(&place.app(), "320800");
    let mails = Receiver::of_mail();
    let mut command = place.command(GONGKAI);
    command.envs([
        ("GONGKAI_CHECKPOINT_MAIL_TO", "records@audit.example.com"),
        ("GONGKAI_CHECKPOINT_MAIL_FROM", "gongkai@office.example"),
    ]);
    let ran = command.env("GONGKAI_SMTP_URL", format!("smtps://{}", mails.address));
    let ran = ran.args(["audit", "checkpoint"]).output().unwrap();
    let log = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(!ran.status.success() && log.contains("the receiver is away"), "{log}");
    assert!(mails.got().is_empty());
}
