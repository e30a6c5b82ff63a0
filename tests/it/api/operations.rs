//! The operations of the OpenAPI document, and for each a request that has the right shape.

use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::story::{CaseStory, request};

/// A case, agency, department or account that nobody ever made.
pub const NOBODY: &str = "0197a3b2-5a5e-7c3e-9f0a-1c2d3e4f5a6b";

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: String,
    /// Below `/api/v1`, its parameters in braces.
    pub path: String,
    pub id: String,
    /// What the document says of it.
    pub item: Value,
}

/// What stands for the parameters of a path. By default, things that do not exist.
#[derive(Clone, Debug)]
pub struct Ids {
    pub case: String,
    pub agency: String,
    pub account: String,
    pub upload: String,
    pub attachment: String,
    pub notice: String,
    pub session: String,
    pub portal: String,
}

impl Default for Ids {
    fn default() -> Self {
        let [case, agency, account, upload, attachment, notice, session, portal] =
            [NOBODY; 8].map(str::to_owned);
        Self { case, agency, account, upload, attachment, notice, session, portal }
    }
}

/// The document, as this version makes it.
pub fn document() -> Value {
    serde_json::from_str(&gongkai::http::openapi_json()).unwrap()
}

/// Every operation of the document.
pub fn operations() -> Vec<Operation> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let path = path.strip_prefix("/api/v1").unwrap_or_else(|| panic!("{path} is not below /api/v1"));
        let item = item.as_object().unwrap().iter();
        item.filter(|(_, operation)| operation.get("responses").is_some()).map(move |(method, operation)| {
            Operation {
                method: method.to_uppercase(),
                path: path.to_owned(),
                id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
                item: operation.clone(),
            }
        })
    });
    let all: Vec<Operation> = all.collect();
    assert!(all.len() >= 58, "the document has lost operations: {}", all.len());
    all
}

impl Operation {
    /// Whether anybody may call it.
    pub fn is_public(&self) -> bool {
        let ways = self.item.get("security").and_then(Value::as_array);
        ways.is_some_and(|ways| ways.contains(&json!({})))
    }

    /// Whether it takes a JSON body.
    pub fn takes_body(&self) -> bool {
        self.item.pointer("/requestBody/content/application~1json").is_some()
    }

    /// Whether its query takes this parameter.
    pub fn has_parameter(&self, name: &str) -> bool {
        let all = self.item["parameters"].as_array().into_iter().flatten();
        all.into_iter().any(|parameter| parameter["in"] == "query" && parameter["name"] == name)
    }

    /// Whether it speaks as RFC 6749 does: forms, and errors of its own.
    pub fn is_of_oauth(&self) -> bool {
        self.id == "token"
    }

    /// Whether it takes the bytes of a file.
    pub fn takes_bytes(&self) -> bool {
        self.item.pointer("/requestBody/content/application~1octet-stream").is_some()
    }

    /// The parameters that it cannot do without, each followed by `&`.
    pub fn query(&self) -> &'static str {
        match self.id.as_str() {
            "listArchive" => "state=due&",
            "listCasesAsking" => "key=title:x&",
            _ => "",
        }
    }

    /// Its path with these ids in it.
    pub fn path_of(&self, ids: &Ids) -> String {
        let parameters = [
            ("{case_id}", ids.case.as_str()),
            ("{agency_id}", &ids.agency),
            ("{account_id}", &ids.account),
            ("{upload_id}", &ids.upload),
            ("{attachment_id}", &ids.attachment),
            ("{n}", "1"),
            ("{delegation_id}", NOBODY),
            ("{notice_id}", &ids.notice),
            ("{portal_id}", &ids.portal),
            ("{portal_request_id}", "web-1"),
            ("{session_id}", &ids.session),
            ("{statute_id}", "cn-ogi-2019"),
            ("{year}", "2024"),
            ("{calendar_id}", "cn"),
            ("{row}", "granted"),
            ("{column}", "total"),
            ("{kind}", "monthly_ledger"),
            ("{period}", "2026-03"),
        ];
        let path = parameters.iter().fold(self.path.clone(), |path, (name, value)| path.replace(name, value));
        assert!(!path.contains('{'), "{path}: this test does not know the parameter");
        path
    }

    /// A body that it takes, and that nothing in it refuses before the case is looked at.
    pub fn body(&self) -> Option<Value> {
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        self.takes_body().then(|| match self.id.as_str() {
            "login" => json!({ "username": "nobody", "password": "Not-The-Password-1" }),
            "refresh" => json!({ "refresh_token": "A".repeat(43) }),
            "changePassword" => {
                json!({ "current_password": "Not-The-Password-1", "new_password": "Another-Password-2" })
            }
            "reorganiseAgency" => {
                json!({ "kind": "renamed", "name": "某市数据局", "basis": "某编发〔2026〕18号" })
            }
            "openPortal" => json!({ "name": "某门户" }),
            "createDepartment" => json!({ "name": "某处" }),
            "createAccount" => json!({ "username": "somebody", "password": "Wu-Zi-Deng-Ke-1952" }),
            "raiseSensitivity" | "lowerSensitivity" => {
                json!({ "to": "trade_secret", "reason": "涉及商业秘密" })
            }
            "setClearance" => json!({ "clearance": "trade_secret" }),
            "placeHold" | "liftHold" => json!({ "reason": "诉讼未结" }),
            "proposeAppraisal" => json!({ "proposal": "dispose", "reason": "保管期满" }),
            "linkCase" => json!({ "kind": "repeat", "case_id": NOBODY, "reason": "与此前申请相同" }),
            "handOnCase" => json!({ "agency_code": "000000", "reason": "该信息由贵局保存" }),
            "splitCase" => {
                json!({ "parts": [{ "description": "申请公开另一报告。" }], "reason": "一事一申请" })
            }
            "mergeCase" => json!({ "into_case_id": NOBODY, "reason": "同一事项" }),
            "setArchiveShelf" => json!({ "fonds_identifier": "Z109", "catalogue_number": "1" }),
            "beginSecondFactor" => json!({ "current_password": "Not-The-Password-1" }),
            "confirmSecondFactor" => json!({ "code": "000000" }),
            "bindAccount" => json!({ "subject": "248289761001" }),
            "changeAccount" => json!({ "disabled": true }),
            "setRoles" => json!({ "roles": [] }),
            "receiveCase" => request(),
            "confirmCase" => json!({ "evidence": "电话确认" }),
            "findCasesOfApplicant" | "findAccesses" => json!({ "applicant_name": "王示例" }),
            "registerCase" => json!({ "subject": "某报告" }),
            "assignCase" => json!({ "department_id": NOBODY }),
            "returnAssignment" => json!({ "reason": "不属本处" }),
            "draftReply" => crate::support::replies::draft("granted", "予以公开。"),
            "reviewReply" => json!({ "step": "legal", "decision": "pass", "content_hash": hash }),
            "issueReply" => json!({ "content_hash": hash }),
            "answerReferral" => json!({ "finding": "not_secret", "text": "复函" }),
            "setReviewRoute" => json!({ "steps": [
                { "step": "secrecy", "turn": 1 }, { "step": "sign_off", "turn": 2 },
            ] }),
            "delegateReview" => {
                json!({ "to_person_id": NOBODY, "starts_on": "2026-03-02", "ends_on": "2026-03-13" })
            }
            "setRemedyBodies" => json!({ "court": "某区人民法院" }),
            "recordService" => json!({ "method": "post" }),
            "calculateTimeLimit" => {
                json!({ "statute": "cn-ogi-2019", "facts": [{ "type": "received", "on": "2026-03-02" }] })
            }
            "calculateFee" => json!({ "statute": "cn-ogi-2019", "mode": "per_page", "pages": 31 }),
            "askCaseTimeLimit" => json!({ "facts": [] }),
            "previewCalendarYear" => json!({ "notice": "x", "rows": [] }),
            "applyCalendarYear" => json!({ "notice": "x", "rows": [], "preview": hash }),
            "amendCase" => json!({ "reason": "录入有误", "description": "申请公开某报告。" }),
            "requestCorrection" => json!({ "ground": "unclear_content", "items": "请补充文号" }),
            "recordCorrection" => json!({ "description": "申请公开某文件。" }),
            "consult" => json!({ "kind": "third_party", "party": "某公司", "question": "是否同意公开" }),
            "recordAnswer" => json!({ "position": "objects" }),
            "proposeExtension" => json!({ "working_days": 20, "reason": "需查询核实" }),
            "decideAppraisal" | "decideExtension" | "decideFee" => json!({ "approve": true }),
            "requestReasons" | "recordReasons" => json!({ "text": "请说明理由" }),
            "setDelayedReply" => json!({ "until": "2026-12-31", "text": "将延迟答复" }),
            "beginUpload" => json!({ "size": 4 }),
            "attachFile" => json!({ "upload_id": NOBODY, "purpose": "evidence", "file_name": "凭证.txt" }),
            "strikeAttachment" => json!({ "reason": "误传" }),
            "proposeFee" => json!({ "mode": "per_page", "pages": 150 }),
            "fileRemedy" => json!({ "kind": "reconsideration", "organ": "某市人民政府" }),
            "concludeRemedy" => json!({ "result": "upheld", "decided_on": "2026-06-01" }),
            "enterAnnualReportTable2" => json!({
                "regulations": { "made": 0, "repealed": 0, "in_force": 2 },
                "normative_documents": { "made": 3, "repealed": 1, "in_force": 12 },
                "licences": { "decisions": 120 }, "penalties": { "decisions": 8 },
                "coercive_measures": { "decisions": 0 }, "fees": { "amount_fen": 1_050_000 },
            }),
            "openAttachment" => json!({ "reason": "核对来信邮戳" }),
            "exportCaseWithFiles" => json!({ "reason": "向人民法院提交证据", "files": true }),
            "revealPersonalData" => json!({ "fields": ["name"], "reason": "邮寄答复书" }),
            "logContact" => json!({ "means": "phone", "with": "applicant", "summary": "说明所需内容" }),
            "recordRating" => json!({ "score": 5 }),
            "sendSupervisionNotice" => {
                let due_on = crate::support::office::today();
                json!({ "subject": "逾期未答复", "text": "请书面报告。", "due_on": due_on })
            }
            "answerSupervisionNotice" => json!({ "text": "已办结。" }),
            "returnSupervisionNotice" => {
                json!({ "text": "请补充。", "due_on": crate::support::office::today() })
            }
            "proposePublication" => {
                json!({ "proposed_by": "applicant", "document": { "title": "某规划" }, "reason": "多人申请" })
            }
            "decidePublication" => json!({ "approve": true, "reason": "属于主动公开范围" }),
            "recordPublication" => json!({ "url": "https://www.example.gov.cn/1" }),
            "withdrawPublication" => json!({ "reason": "链接失效" }),
            "voidRemedy" => json!({ "part": "filing", "reason": "误登" }),
            "freezeAnnualReport"
            | "answerRemedy"
            | "issuePortalSecret"
            | "closeSupervisionNotice"
            | "acknowledgeAssignment"
            | "submitReply"
            | "proveService"
            | "withdrawCase"
            | "archiveCase"
            | "serveCorrection"
            | "lapseCorrection"
            | "serveConsultation"
            | "lapseConsultation"
            | "notifyExtension"
            | "notifyFee"
            | "serveFee"
            | "recordPayment"
            | "lapseFee" => json!({}),
            unknown => panic!("this test has no body for {unknown}: give it one"),
        })
    }

    /// Asks for it.
    pub fn ask(&self, client: &Client, ids: &Ids) -> Reply {
        if self.takes_bytes() {
            let (path, kind) = (format!("/api/v1{}", self.path_of(ids)), Some("application/octet-stream"));
            return client.try_send_bytes(&self.method, &path, kind, b"text").unwrap();
        }
        let mut body = self.body();
        if let Some(upload) = body.as_mut().and_then(|body| body.get_mut("upload_id")) {
            *upload = json!(ids.upload);
        }
        client.send(&self.method, &self.path_of(ids), body.as_ref())
    }
}

/// What two answers have in common that shall not be told apart: all but the request's own id, the second in which it
/// was answered, and whether the connection is kept.
pub fn without_request(reply: &Reply) -> (u16, Vec<(String, String)>, Value) {
    let headers = reply
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id", "connection"].contains(&name.as_str()));
    let mut headers: Vec<(String, String)> = headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    headers.sort();
    let mut body = reply.body.clone();
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
    }
    (reply.status, headers, body)
}

/// Status and problem code: `409 wrong_status`.
pub fn told(reply: &Reply) -> String {
    match reply.at("/code").as_str() {
        Some(code) => format!("{} {code}", reply.status),
        None => reply.status.to_string(),
    }
}

/// Checks what holds of every answer of the interface, and of every problem.
#[track_caller]
pub fn check_answer(reply: &Reply) {
    let header = |name: &str| reply.header(name).unwrap_or_else(|| panic!("no {name}: {}", reply.told()));
    assert_eq!(header("cache-control"), "no-store", "{}", reply.asked);
    assert_eq!(header("x-content-type-options"), "nosniff", "{}", reply.asked);
    assert!(header("strict-transport-security").starts_with("max-age=31536000"), "{}", reply.asked);
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
    );
    assert_eq!(header("referrer-policy"), "no-referrer", "{}", reply.asked);
    assert!(header("vary").contains("Accept-Language"), "{}", reply.asked);
    let request_id = header("x-request-id");
    assert!(request_id.len() >= 16, "{request_id}");
    if reply.status < 400 || reply.asked.starts_with("HEAD ") {
        return;
    }
    // RFC 6749 has errors of its own.
    if reply.asked.ends_with("/auth/token") && matches!(reply.status, 400 | 401) {
        assert_eq!((header("content-type"), reply.str("/error").is_empty()), ("application/json", false));
        return;
    }
    assert_eq!(header("content-type"), "application/problem+json", "{}", reply.told());
    assert_eq!(reply.at("/status"), reply.status, "{}", reply.told());
    assert_eq!(reply.str("/request_id"), request_id, "{}", reply.told());
    assert_eq!(reply.str("/type"), format!("urn:gongkai:problem:{}", reply.code()), "{}", reply.told());
    let title = reply.str("/title");
    assert_eq!(header("content-language") == "zh-CN", !title.is_ascii(), "{}", reply.told());
    assert!(!title.is_empty(), "{}", reply.told());
}

/// A step that must be refused: status and code, the words checked in both languages.
#[track_caller]
pub fn refused(case: &CaseStory, who: &str, of: &str, body: &Value) -> String {
    let ask = |language: &str| case.as_role(who).accept_language(language).post(&case.path(of), body);
    let (zh, en) = (ask("zh-CN"), ask("en"));
    assert_eq!(told(&zh), told(&en));
    check_answer(&zh);
    if zh.status == 409 {
        assert!(zh.str("/detail").ends_with('。') && en.str("/detail").is_ascii(), "{}", zh.told());
    }
    told(&zh)
}
