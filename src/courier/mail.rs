//! By mail: SMTP over TLS from the start (`smtps`) or by STARTTLS, without which nothing is said; in clear to this machine only. The text
//! is an attachment, byte by byte as it is verified.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use lettre::address::{Address, Envelope};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Tls, TlsParametersBuilder};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use reqwest::Url;
use zeroize::Zeroizing;

use super::{CourierError, Parcel};

/// One step of the conversation takes no longer.
const STEP: Duration = Duration::from_secs(10);
/// All of it takes no longer.
const PATIENCE: Duration = Duration::from_secs(45);
/// No mailbox has a longer address (RFC 5321, 4.5.3.1.3).
const LONGEST_MAILBOX: usize = 254;
/// How long a line of base64 is (RFC 2045, 6.8).
const LINE: usize = 76;

/// What an office says of the receiver.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// Who gets them.
    pub to: Mailbox,
    /// From whom they are.
    pub from: Mailbox,
    /// Who takes them first.
    pub server: SmtpServer,
    /// The name and password that it asks for.
    pub login: Option<(String, Zeroizing<String>)>,
}

/// The address of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox(Address);

impl Mailbox {
    /// Reads one.
    ///
    /// # Errors
    /// One sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let known = Some(text).filter(|text| text.is_ascii() && text.len() <= LONGEST_MAILBOX);
        let read = known.and_then(|text| text.parse().ok());
        read.map(Self).ok_or_else(|| {
            "it is no address of a mailbox, such as records@audit.example.com: ASCII, one only".to_owned()
        })
    }
}

impl std::fmt::Display for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How a mail server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Secured {
    FromTheStart,
    ByStartTls,
    /// On this machine.
    InClear,
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpServer {
    host: String,
    port: u16,
    secured: Secured,
}

impl SmtpServer {
    /// Reads `smtps://HOST[:PORT]` or `smtp://HOST[:PORT]`.
    ///
    /// # Errors
    /// One sentence, which does not repeat a password that should not be there.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            "it must be smtps://HOST[:PORT] (TLS), or smtp://HOST[:PORT] (STARTTLS; in clear to this machine only), without a name, \
             a password or a path"
                .to_owned()
        };
        let url = Url::parse(text).map_err(|_| wrong())?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
            && url.query().is_none()
            && matches!(url.path(), "" | "/");
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let (secured, port) = match (url.scheme(), here) {
            ("smtps", _) => (Secured::FromTheStart, 465),
            ("smtp", false) => (Secured::ByStartTls, 587),
            ("smtp", true) => (Secured::InClear, 25),
            (_, _) => return Err(wrong()),
        };
        if !bare || host.is_empty() {
            return Err(wrong());
        }
        Ok(Self { host: host.to_owned(), port: url.port().unwrap_or(port), secured })
    }
}

impl std::fmt::Display for SmtpServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = match self.secured {
            Secured::FromTheStart => "smtps",
            Secured::ByStartTls | Secured::InClear => "smtp",
        };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        write!(f, "{scheme}://{host}:{}", self.port)
    }
}

/// The way to it.
pub(super) struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    envelope: Envelope,
    to: Address,
    from: Address,
}

impl Mail {
    pub(super) fn new(settings: &MailSettings) -> Result<Self, String> {
        let SmtpServer { host, port, secured } = &settings.server;
        let tls =
            || TlsParametersBuilder::new(host.clone()).build_rustls().map_err(|error| error.to_string());
        let tls = match secured {
            Secured::FromTheStart => Tls::Wrapper(tls()?),
            Secured::ByStartTls => Tls::Required(tls()?),
            Secured::InClear => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.clone())
            .port(*port)
            .tls(tls)
            .timeout(Some(STEP));
        if let Some((user, password)) = &settings.login {
            transport = transport
                .credentials(Credentials::new(user.clone(), password.to_string()))
                .authentication(vec![Mechanism::Plain, Mechanism::Login]);
        }
        let (to, from) = (settings.to.0.clone(), settings.from.0.clone());
        let envelope =
            Envelope::new(Some(from.clone()), vec![to.clone()]).map_err(|error| error.to_string())?;
        Ok(Self { transport: transport.build(), envelope, to, from })
    }

    pub(super) async fn bring(&self, parcel: &Parcel, now: DateTime<Utc>) -> Result<(), CourierError> {
        let text = message(&self.from, &self.to, parcel, now);
        let sending = self.transport.send_raw(&self.envelope, text.as_bytes());
        match tokio::time::timeout(PATIENCE, sending).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(told(&error)),
            Err(_) => Err(CourierError::Away("no answer in time".to_owned())),
        }
    }
}

/// Without the server's words, which may repeat an address.
fn told(error: &lettre::transport::smtp::Error) -> CourierError {
    match error.status() {
        Some(code) => CourierError::Refused(format!("its mail server answers {code}")),
        None if error.is_timeout() => CourierError::Away("no answer in time".to_owned()),
        None if error.is_tls() => CourierError::Away("its mail server shows no TLS that is good".to_owned()),
        None if error.is_client() => CourierError::Refused(
            "its mail server does not offer what is needed: STARTTLS, or a way to sign in".to_owned(),
        ),
        None => CourierError::Away("its mail server cannot be reached, or says nothing sensible".to_owned()),
    }
}

/// The whole message. The same parcel has the same Message-ID, by which a mailbox may tell what it got twice.
fn message(from: &Address, to: &Address, parcel: &Parcel, now: DateTime<Utc>) -> String {
    let Parcel { agency, first, last, text } = parcel;
    let (name, domain) = (parcel.file_name(), from.domain());
    let mut message = format!(
        "From: <{from}>\r\n\
         To: <{to}>\r\n\
         Date: {}\r\n\
         Message-ID: <{agency}.{first}-{last}@{domain}>\r\n\
         Subject: Gongkai checkpoints {agency} {first}-{last}\r\n\
         Auto-Submitted: auto-generated\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: application/octet-stream; name=\"{name}\"\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n",
        now.to_rfc2822()
    );
    let coded = STANDARD.encode(text);
    let mut rest = coded.as_str();
    while !rest.is_empty() {
        let (line, behind) = rest.split_at_checked(LINE).unwrap_or((rest, ""));
        // Writing to a String cannot fail.
        let _ = write!(message, "{line}\r\n");
        rest = behind;
    }
    message
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_mail_server_is_spoken_to_in_clear_on_this_machine_only() {
        let secured = |text: &str| SmtpServer::parse(text).map(|server| (server.secured, server.port));
        assert_eq!(secured("smtps://mail.example"), Ok((Secured::FromTheStart, 465)));
        assert_eq!(secured("smtp://mail.example"), Ok((Secured::ByStartTls, 587)));
        assert_eq!(secured("smtp://10.0.0.1:25"), Ok((Secured::ByStartTls, 25)));
        assert_eq!(secured("smtp://localhost.example"), Ok((Secured::ByStartTls, 587)));
        for here in ["smtp://localhost:25", "smtp://127.0.0.1/", "smtp://[::1]"] {
            assert_eq!(secured(here), Ok((Secured::InClear, 25)), "{here}");
        }
        for wrong in [
            "",
            "mail.example",
            "smtp://",
            "http://mail.example",
            "smtp://u:geheim@h",
            "smtps://h/x",
            "smtp://h?tls=none",
        ] {
            assert!(secured(wrong).is_err_and(|told| !told.contains("geheim")), "{wrong}");
        }
        assert_eq!(SmtpServer::parse("smtp://[::1]:26").unwrap().to_string(), "smtp://[::1]:26");
    }

    #[test]
    fn a_mailbox_is_one_address() {
        assert!(Mailbox::parse("records@audit.example.com").is_ok());
        for wrong in [
            "",
            "a",
            "a@b@c",
            "a@b.example, c@d.example",
            "a@b.example\r\nBcc: x@y",
            "张@b.example",
            "<a@b.example>",
        ] {
            assert!(Mailbox::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_message_has_the_text_as_its_attachment() {
        let (from, to) = ("a@b.example".parse().unwrap(), "c@d.example".parse().unwrap());
        let text = "— line\n".repeat(40);
        let parcel = Parcel { agency: Uuid::nil(), first: 1, last: 7, text: text.clone() };
        let whole = message(&from, &to, &parcel, DateTime::UNIX_EPOCH);
        let (head, body) = whole.split_once("\r\n\r\n").unwrap();
        assert!(head.is_ascii() && head.contains("\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\n"), "{head}");
        assert!(body.lines().all(|line| line.len() <= 76) && body.lines().count() > 1);
        let decoded = STANDARD.decode(body.replace("\r\n", "")).unwrap();
        assert_eq!(String::from_utf8(decoded).unwrap(), text);
    }
}
