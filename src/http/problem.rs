//! Errors as RFC 9457 problem documents: one catalogue of codes, each with its status and title in both languages,
//! and the one place where what a use case answers becomes a status.

mod files;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use files::{code_of, tell_of_file};

use crate::app::error::{AppError, FieldError};
use crate::domain::lang::Lang;
use crate::store::StoreError;

/// A code of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code, stable for clients.
    pub code: &'static str,
    /// The status.
    pub status: u16,
    /// The title in Chinese.
    pub zh: &'static str,
    /// The title in English.
    pub en: &'static str,
}

macro_rules! catalogue {
    ($($name:ident = $code:literal, $status:literal, $zh:literal, $en:literal;)+) => {
        $(pub const $name: Code = Code { code: $code, status: $status, zh: $zh, en: $en };)+
        /// Every code there is, refusals by the rules aside (they are `refused` with a code of their own).
        pub const CATALOGUE: &[Code] = &[$($name),+];
    };
}

catalogue! {
    MALFORMED = "malformed", 400, "请求无法读取", "The request cannot be read";
    UNAUTHENTICATED = "unauthenticated", 401, "请先登录", "Sign in first";
    LOGIN_FAILED = "login_failed", 401, "用户名或密码不正确，或账号暂时不可用", "The username or password is wrong, or the account may not sign in now";
    SECOND_FACTOR_REQUIRED = "second_factor_required", 401, "请同时提供动态验证码", "A one-time code is needed, too";
    FORBIDDEN = "forbidden", 403, "您的角色不能进行此操作", "Your role does not allow this";
    REASON_REQUIRED = "reason_required", 403, "请说明理由后打开此附件", "Open this file with a reason";
    PASSWORD_CHANGE_REQUIRED = "password_change_required", 403, "请先修改密码（初始密码，或已到期）", "Change the password first: it is the first one, or too old";
    SECOND_FACTOR_SETUP_REQUIRED = "second_factor_setup_required", 403, "请先设置双因素验证", "Set a second factor first";
    OWN_ROLES = "own_roles", 403, "不得为自己授予角色", "Nobody grants roles to himself";
    OWN_ACCOUNT = "own_account", 403, "不得对自己的账号进行此操作", "Nobody does this to an account of his own";
    SIGN_IN_AGAIN = "sign_in_again", 403, "请重新登录后，在十分钟内进行此操作", "Sign in again, and do this within ten minutes";
    NOT_FOUND = "not_found", 404, "没有找到", "Not found";
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "不支持这种请求方法", "This method is not supported here";
    NOT_ACCEPTABLE = "not_acceptable", 406, "只能以 application/json 或 text/plain 答复", "Only application/json or text/plain can be answered";
    REQUEST_TIMEOUT = "request_timeout", 408, "请求发送过慢", "The request came too slowly";
    REFUSED = "refused", 409, "按照规则不能进行", "The rules do not allow this now";
    TAKEN = "taken", 409, "已被使用", "Already in use";
    ONE_ADMINISTRATOR = "one_administrator", 409, "三员分立：一人只能担任一种管理员", "One person may hold one administrator's role only";
    SECOND_FACTOR_NOT_BEGUN = "second_factor_not_begun", 409, "请先开始设置双因素验证", "Begin a second factor first";
    SECOND_FACTOR_SET = "second_factor_set", 409, "已设置双因素验证；遗失时请安全管理员重置", "There is a second factor; a security administrator resets one that is lost";
    NO_PROVIDER = "no_provider", 409, "未设置统一身份认证", "No identity provider is set up";
    PREVIEW_STALE = "preview_stale", 409, "情况已变化，与预览不再一致，请重新预览", "The preview no longer holds: preview again";
    VERSION_STALE = "version_stale", 412, "该申请已被他人更改，请刷新后再试", "The case was changed meanwhile: read it again";
    TOO_LARGE = "too_large", 413, "请求内容过大", "The request is too large";
    URI_TOO_LONG = "uri_too_long", 414, "地址过长", "The address is too long";
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", 415, "请使用 application/json", "Send application/json";
    INVALID = "invalid", 422, "有字段不符合要求", "Some fields are not as they must be";
    RETRY_MISMATCH = "idempotency_key_reused", 422, "这个 Idempotency-Key 已用于另一内容的请求", "This Idempotency-Key was used with another body";
    RETRY_ERASED = "answer_erased", 409, "该请求已经办理过；首次的答复已随案卷内容一并删除", "The request was carried out before; its answer was erased with the words of the case";
    VERSION_REQUIRED = "version_required", 428, "请以 If-Match 注明版本", "Name the version with If-Match";
    TOO_OFTEN = "too_often", 429, "请求过于频繁，请稍后再试", "Too many requests: try again later";
    BUSY = "busy", 503, "系统繁忙，请稍后再试", "Too busy: try again in a moment";
    UNAVAILABLE = "unavailable", 503, "数据库暂时不可用，请稍后再试", "The database is unavailable: try again in a moment";
    FILE_TOO_LARGE = "attachment_too_large", 413, "文件过大", "The file is too large";
    NOT_OCTETS = "octet_stream_required", 415, "请以 application/octet-stream 发送文件内容", "Send the bytes of a file as application/octet-stream";
    FILE_TYPE = "attachment_type", 415, "不接受这种文件", "Files of this type are not taken";
    FILE_REFUSED = "attachment_content", 422, "文件内容不符合要求", "The file's content is not as it must be";
    UPLOAD_CONFLICT = "upload_conflict", 409, "上传的进度与请求不符", "The upload does not stand there";
    CONTENT_HELD = "content_held", 409, "附件目前不能打开", "The attachment cannot be opened now";
    STORAGE_UNAVAILABLE = "storage_unavailable", 503, "附件存储暂时不可用，请稍后再试", "The attachment store is unavailable: try again in a moment";
    PROVIDER_UNAVAILABLE = "provider_unavailable", 503, "统一身份认证暂时不可用，请稍后再试", "The identity provider is unavailable: try again in a moment";
    INTERNAL = "internal", 500, "系统内部错误", "Internal error";
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The code as a URN, or `about:blank`.
    #[serde(rename = "type")]
    #[schema(example = "urn:gongkai:problem:invalid")]
    pub kind: String,
    /// What kind of problem it is, in the caller's language.
    #[schema(example = "有字段不符合要求")]
    pub title: String,
    /// The status.
    #[schema(example = 422)]
    pub status: u16,
    /// What happened this time, in the caller's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// The code of the catalogue, or the code of the rule that refuses.
    #[schema(example = "invalid")]
    pub code: String,
    /// Every bad field at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// The article, where a statute refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "政府信息公开条例 第31条")]
    pub article: Option<String>,
    /// What could be done instead, where the rules refuse.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// Names the request in the log.
    pub request_id: String,
}

/// A field that is not as it must be.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// Where it is: a JSON pointer into the body, or a parameter's name.
    #[schema(example = "/applicant/name")]
    pub pointer: String,
    /// Why, as a word.
    #[schema(example = "required")]
    pub code: String,
    /// Why, and what would be right, in the caller's language.
    #[schema(example = "必须填写。")]
    pub detail: String,
}

/// What a handler answers when it has no result: the error waits in the response until the middleware, which knows
/// the caller's language and the request's id, writes the document.
#[derive(Debug)]
pub struct Failure(pub Failed);

/// What went wrong at the interface or below it.
#[derive(Debug)]
pub enum Failed {
    /// A use case's answer.
    App(AppError),
    /// Something about the request itself, with a detail in both languages.
    Request(Code, Option<(String, String)>),
    /// One request too many; the next may come after so many seconds.
    TooOften(u32),
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self(Failed::App(error))
    }
}

impl Failure {
    /// A problem of the request itself.
    pub fn of(code: Code) -> Self {
        Self(Failed::Request(code, None))
    }

    /// A problem of the request itself, with a detail.
    pub fn with(code: Code, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Failed::Request(code, Some((zh.into(), en.into()))))
    }

    /// One request too many, with the seconds until the next may come.
    pub fn too_often(seconds: u32) -> Self {
        Self(Failed::TooOften(seconds))
    }

    /// The wrong fields, for who has no use for a status.
    pub fn into_fields(self) -> Vec<FieldError> {
        match self.0 {
            Failed::App(AppError::Invalid(fields)) => fields,
            Failed::Request(code, detail) => {
                let (zh, en) = detail.unwrap_or_else(|| (code.zh.to_owned(), code.en.to_owned()));
                vec![FieldError::new("", code.code, zh, en)]
            }
            failed @ (Failed::App(_) | Failed::TooOften(_)) => {
                let code = failed.code();
                vec![FieldError::new("", code.code, code.zh, code.en)]
            }
        }
    }

    /// Wrong fields.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self(Failed::App(AppError::Invalid(fields)))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code().code)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        // The middleware writes the body; it finds what to write here.
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.0.told());
        response
    }
}

/// What a problem document says, before language and request id are known.
#[derive(Clone, Debug)]
pub struct Told {
    code: Code,
    detail: Option<(String, String)>,
    fields: Vec<FieldError>,
    rule: Option<(&'static str, Option<&'static str>)>,
    allowed: Vec<&'static str>,
    retry_after: Option<u32>,
}

impl Told {
    /// A bare code.
    pub fn of(code: Code) -> Self {
        Self {
            code,
            detail: None,
            fields: Vec::new(),
            rule: None,
            allowed: Vec::new(),
            retry_after: (code.status == 503).then_some(1),
        }
    }

    /// The document in one language.
    pub fn problem(&self, lang: Lang, request_id: &str) -> Problem {
        let (code, article) = self.rule.unwrap_or((self.code.code, None));
        Problem {
            kind: format!("urn:gongkai:problem:{code}"),
            title: lang.pick(self.code.zh, self.code.en).to_owned(),
            status: self.code.status,
            detail: self.detail.as_ref().map(|(zh, en)| lang.pick(zh, en).to_owned()),
            code: code.to_owned(),
            errors: self
                .fields
                .iter()
                .map(|field| ProblemField {
                    pointer: field.pointer.clone(),
                    code: field.code.to_owned(),
                    detail: lang.pick(&field.zh, &field.en).to_owned(),
                })
                .collect(),
            article: article.map(str::to_owned),
            allowed: self.allowed.iter().map(|&action| action.to_owned()).collect(),
            request_id: request_id.to_owned(),
        }
    }

    /// The rule that refuses, in its words.
    fn refuse<W: Into<String>>(
        &mut self,
        rule: (&'static str, Option<&'static str>),
        words: impl Fn(Lang) -> W,
    ) {
        self.rule = Some(rule);
        self.detail = Some((words(Lang::Zh).into(), words(Lang::En).into()));
    }

    /// Seconds after which to try again, for the statuses that say so.
    pub fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }
}

impl Failed {
    /// The code of the catalogue.
    pub fn code(&self) -> Code {
        match self {
            Self::Request(code, _) => *code,
            Self::TooOften(_) => TOO_OFTEN,
            Self::App(error) => match error {
                AppError::Unauthenticated => UNAUTHENTICATED,
                AppError::LoginFailed => LOGIN_FAILED,
                AppError::NoProvider => NO_PROVIDER,
                AppError::ProviderUnavailable => PROVIDER_UNAVAILABLE,
                AppError::PasswordChangeRequired => PASSWORD_CHANGE_REQUIRED,
                AppError::SecondFactorMissing => SECOND_FACTOR_REQUIRED,
                AppError::SecondFactorWanted => SECOND_FACTOR_SETUP_REQUIRED,
                AppError::SecondFactorNotBegun => SECOND_FACTOR_NOT_BEGUN,
                AppError::SecondFactorSet => SECOND_FACTOR_SET,
                AppError::Forbidden => FORBIDDEN,
                AppError::NotFound => NOT_FOUND,
                AppError::Invalid(_) => INVALID,
                AppError::Refused(_)
                | AppError::Notice(_)
                | AppError::PasswordReset(_)
                | AppError::Reorganisation(_) => REFUSED,
                AppError::TooOften { .. } => TOO_OFTEN,
                AppError::VersionRequired => VERSION_REQUIRED,
                AppError::VersionStale => VERSION_STALE,
                AppError::RetryMismatch => RETRY_MISMATCH,
                AppError::RetryErased => RETRY_ERASED,
                AppError::Taken { .. } => TAKEN,
                AppError::OneAdministrator => ONE_ADMINISTRATOR,
                AppError::OwnRoles => OWN_ROLES,
                AppError::OwnAccount => OWN_ACCOUNT,
                AppError::SignInAgain => SIGN_IN_AGAIN,
                AppError::PreviewStale => PREVIEW_STALE,
                AppError::HasherBusy | AppError::Store(StoreError::Busy | StoreError::LawChanged) => BUSY,
                AppError::Store(StoreError::Unavailable(_)) => UNAVAILABLE,
                AppError::Attachment(error) => code_of(error),
                AppError::Store(_) | AppError::Internal(_) => INTERNAL,
            },
        }
    }

    /// What the document says of it. Details of internal errors go to the log and nowhere else.
    fn told(&self) -> Told {
        let mut told = Told::of(self.code());
        match self {
            Self::Request(_, detail) => told.detail.clone_from(detail),
            Self::TooOften(seconds) | Self::App(AppError::TooOften { seconds }) => {
                told.retry_after = Some(*seconds);
                told.detail =
                    Some((format!("请在 {seconds} 秒后再试。"), format!("Try again in {seconds} seconds.")));
            }
            Self::App(AppError::Invalid(fields)) => told.fields.clone_from(fields),
            Self::App(AppError::Taken { pointer }) => {
                told.fields = vec![FieldError::new(*pointer, "taken", "已被使用。", "It is already in use.")];
            }
            Self::App(AppError::Refused(refusal)) => {
                told.rule = Some((refusal.code.code(), refusal.code.article()));
                told.fields = refusal.code.faults().iter().map(FieldError::from).collect();
                told.detail = Some((refusal.code.message(Lang::Zh), refusal.code.message(Lang::En)));
                told.allowed = refusal.allowed.iter().map(|kind| kind.code()).collect();
            }
            Self::App(AppError::Notice(refusal)) => {
                told.refuse((refusal.code(), Some(refusal.article())), |lang| refusal.message(lang));
            }
            Self::App(AppError::Reorganisation(refusal)) => {
                told.refuse((refusal.code(), None), |lang| refusal.message(lang));
            }
            Self::App(AppError::PasswordReset(refusal)) => {
                told.refuse((refusal.code(), None), |lang| refusal.message(lang));
            }
            Self::App(AppError::Attachment(error)) => tell_of_file(&mut told, error),
            Self::App(error @ (AppError::Store(_) | AppError::Internal(_))) => {
                tracing::error!(error = %error, "a request failed");
            }
            Self::App(_) => {}
        }
        told
    }
}

/// The code that fits a status nobody of ours chose.
pub fn of_status(status: StatusCode) -> Code {
    CATALOGUE
        .iter()
        .copied()
        .find(|code| code.status == status.as_u16())
        .unwrap_or(if status.is_client_error() { MALFORMED } else { INTERNAL })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_catalogue_is_unique() {
        for code in CATALOGUE {
            assert_eq!(CATALOGUE.iter().filter(|other| other.code == code.code).count(), 1, "{}", code.code);
        }
    }
}
