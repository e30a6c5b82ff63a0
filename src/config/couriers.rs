//! The settings about receivers of checkpoints that are no folder.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::attachments::secret;
use super::variables::{Default, Variable, path};
use super::{Config, Mistake};
use crate::courier::{CourierSettings, MailSettings, Mailbox, PostSettings, SmtpServer};
use crate::provider::may_be_asked;

/// The settings about receivers as far as they have been read.
#[derive(std::default::Default)]
pub(super) struct CourierDraft {
    post_url: Option<String>,
    post_token: SecretDraft,
    mail_to: Option<Mailbox>,
    mail_from: Option<Mailbox>,
    smtp: Option<SmtpServer>,
    smtp_user: Option<String>,
    smtp_password: SecretDraft,
}

/// A secret, given itself or by its file.
#[derive(std::default::Default)]
struct SecretDraft {
    text: Option<Zeroizing<String>>,
    file: Option<PathBuf>,
}

impl SecretDraft {
    fn is_set(&self) -> bool {
        self.text.is_some() || self.file.is_some()
    }

    fn finish(self, (name, of_file): (&str, &str), mistakes: &mut Vec<Mistake>) -> Option<Zeroizing<String>> {
        match (self.text, self.file) {
            (Some(_), Some(_)) => {
                mistakes.push(Mistake(format!("Give one of {name}, {of_file}, and not both.")));
                None
            }
            (text, None) => text,
            (None, Some(file)) => secret(&file)
                .map_err(|reason| {
                    mistakes.push(Mistake(format!("{of_file}: {}: {reason}.", file.display())));
                })
                .ok(),
        }
    }
}

impl CourierDraft {
    /// The receivers; of each all that belongs to it is told, or nothing.
    pub(super) fn finish(self, mistakes: &mut Vec<Mistake>) -> CourierSettings {
        let belongs = |mistakes: &mut Vec<Mistake>, name: &str, to: &str| {
            mistakes.push(Mistake(format!("{name}: {to}, to which it belongs, is not set.")));
        };
        if self.post_url.is_none() && self.post_token.is_set() {
            belongs(mistakes, POST_TOKEN.name, POST_URL.name);
        }
        let token = self.post_token.finish((POST_TOKEN.name, POST_TOKEN_FILE.name), mistakes);
        let post = self.post_url.map(|url| PostSettings { url, token });
        let Some(to) = self.mail_to else {
            let without = [
                (MAIL_FROM.name, self.mail_from.is_some()),
                (SMTP_URL.name, self.smtp.is_some()),
                (SMTP_USER.name, self.smtp_user.is_some()),
                (SMTP_PASSWORD.name, self.smtp_password.is_set()),
            ];
            for (name, _) in without.into_iter().filter(|(_, is_set)| *is_set) {
                belongs(mistakes, name, MAIL_TO.name);
            }
            return CourierSettings { post, mail: None };
        };
        let mut needed = |name: &str, with: &str, is_set: bool| {
            if !is_set {
                mistakes.push(Mistake(format!("{name}: it is not set, and {with} is.")));
            }
        };
        needed(MAIL_FROM.name, MAIL_TO.name, self.mail_from.is_some());
        needed(SMTP_URL.name, MAIL_TO.name, self.smtp.is_some());
        let (user, password) = (self.smtp_user.is_some(), self.smtp_password.is_set());
        needed(SMTP_USER.name, SMTP_PASSWORD.name, user || !password);
        needed(SMTP_PASSWORD.name, SMTP_USER.name, password || !user);
        let password = self.smtp_password.finish((SMTP_PASSWORD.name, SMTP_PASSWORD_FILE.name), mistakes);
        let login = self.smtp_user.zip(password);
        let mail =
            self.mail_from.zip(self.smtp).map(|(from, server)| MailSettings { to, from, server, login });
        CourierSettings { post, mail }
    }
}

/// A secret itself.
fn secret_text(text: &str) -> Result<Zeroizing<String>, String> {
    if text.is_empty() || text.len() > 256 || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err("it must be up to 256 ASCII characters without spaces".to_owned());
    }
    Ok(Zeroizing::new(text.to_owned()))
}

fn shown(is_set: bool) -> String {
    if is_set { "***" } else { "(none)" }.to_owned()
}

fn of_mail(config: &Config, of: impl Fn(&MailSettings) -> String) -> String {
    config.couriers.mail.as_ref().map_or_else(|| "(none)".to_owned(), of)
}

pub(super) const POST_URL: Variable = Variable {
    name: "GONGKAI_CHECKPOINT_POST_URL",
    unit: "URL",
    default: Default::Words("none: checkpoints are not posted"),
    effect: "Where signed checkpoints of the record are posted (HTTP POST, text/plain): https:// or this machine. Any answer of 200 to \
             299 says that they are kept; no redirect is followed. What follows a question mark is not shown.",
    set: |draft, text| {
        if text.len() > 1024 {
            return Err("it is longer than 1024 characters".to_owned());
        }
        may_be_asked(text)?;
        draft.couriers.post_url = Some(text.to_owned());
        Ok(())
    },
    show: |config| {
        let shown =
            |url: &str| url.split_once('?').map_or_else(|| url.to_owned(), |(url, _)| format!("{url}?***"));
        config.couriers.post.as_ref().map_or_else(|| "(none)".to_owned(), |post| shown(&post.url))
    },
};

pub(super) const POST_TOKEN: Variable = Variable {
    name: "GONGKAI_CHECKPOINT_POST_TOKEN",
    unit: "token",
    default: Default::Words("none"),
    effect: "What is shown to it (Authorization: Bearer). Or its file is named, but not both.",
    set: |draft, text| {
        draft.couriers.post_token.text = Some(secret_text(text)?);
        Ok(())
    },
    show: |config| shown(config.couriers.post.as_ref().is_some_and(|post| post.token.is_some())),
};

pub(super) const POST_TOKEN_FILE: Variable = Variable {
    name: "GONGKAI_CHECKPOINT_POST_TOKEN_FILE",
    unit: "file",
    default: Default::Words("none"),
    effect: "The file that holds this token, and nothing else.",
    set: |draft, text| {
        draft.couriers.post_token.file = Some(path(text)?);
        Ok(())
    },
    show: |config| shown(config.couriers.post.as_ref().is_some_and(|post| post.token.is_some())),
};

pub(super) const MAIL_TO: Variable = Variable {
    name: "GONGKAI_CHECKPOINT_MAIL_TO",
    unit: "address of a mailbox",
    default: Default::Words("none: checkpoints are not mailed"),
    effect: "The mailbox to which signed checkpoints of the record are mailed, as an attachment. It should be nobody's who administers \
             the server.",
    set: |draft, text| {
        draft.couriers.mail_to = Some(Mailbox::parse(text)?);
        Ok(())
    },
    show: |config| of_mail(config, |mail| mail.to.to_string()),
};

pub(super) const MAIL_FROM: Variable = Variable {
    name: "GONGKAI_CHECKPOINT_MAIL_FROM",
    unit: "address of a mailbox",
    default: Default::Words("none"),
    effect: "From whom they are. Must be set with GONGKAI_CHECKPOINT_MAIL_TO.",
    set: |draft, text| {
        draft.couriers.mail_from = Some(Mailbox::parse(text)?);
        Ok(())
    },
    show: |config| of_mail(config, |mail| mail.from.to_string()),
};

pub(super) const SMTP_URL: Variable = Variable {
    name: "GONGKAI_SMTP_URL",
    unit: "smtps://HOST[:PORT] or smtp://HOST[:PORT]",
    default: Default::Words("none"),
    effect: "The mail server that takes them: smtps is TLS from the start (port 465), smtp demands STARTTLS (587), and speaks in clear to \
             this machine only (25). Must be set with GONGKAI_CHECKPOINT_MAIL_TO.",
    set: |draft, text| {
        draft.couriers.smtp = Some(SmtpServer::parse(text)?);
        Ok(())
    },
    show: |config| of_mail(config, |mail| mail.server.to_string()),
};

pub(super) const SMTP_USER: Variable = Variable {
    name: "GONGKAI_SMTP_USER",
    unit: "name",
    default: Default::Words("none: nobody signs in at the mail server"),
    effect: "The name by which the server signs in there.",
    set: |draft, text| {
        let good = !text.is_empty() && text.len() <= 255 && text.chars().all(|c| c.is_ascii_graphic());
        if !good {
            return Err("it must be up to 255 ASCII characters without spaces".to_owned());
        }
        draft.couriers.smtp_user = Some(text.to_owned());
        Ok(())
    },
    show: |config| {
        of_mail(config, |mail| {
            mail.login.as_ref().map_or_else(|| "(none)".to_owned(), |(user, _)| user.clone())
        })
    },
};

pub(super) const SMTP_PASSWORD: Variable = Variable {
    name: "GONGKAI_SMTP_PASSWORD",
    unit: "password",
    default: Default::Words("none"),
    effect: "The password of that name. Or its file is named, but not both.",
    set: |draft, text| {
        draft.couriers.smtp_password.text = Some(secret_text(text)?);
        Ok(())
    },
    show: |config| shown(config.couriers.mail.as_ref().is_some_and(|mail| mail.login.is_some())),
};

pub(super) const SMTP_PASSWORD_FILE: Variable = Variable {
    name: "GONGKAI_SMTP_PASSWORD_FILE",
    unit: "file",
    default: Default::Words("none"),
    effect: "The file that holds this password, and nothing else.",
    set: |draft, text| {
        draft.couriers.smtp_password.file = Some(path(text)?);
        Ok(())
    },
    show: |config| shown(config.couriers.mail.as_ref().is_some_and(|mail| mail.login.is_some())),
};
