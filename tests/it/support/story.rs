//! The life of a case, told through the interface: each step is asked for by the person whose step it is, and must be
//! granted.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::office::{Agency, BUDGET, Office, today};
use super::replies;

/// A case under way. Steps happen today, or on the day last set with [`CaseStory::on`].
pub struct CaseStory<'a> {
    office: &'a Office,
    agency: &'a Agency,
    pub id: String,
    /// The newest answer.
    pub last: Reply,
    on: Option<NaiveDate>,
}

/// A civil date as the stories write it.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A request over the counter, of a private person whose data are nobody's.
pub fn request() -> Value {
    json!({
        "channel": "counter",
        "applicant": { "kind": "natural_person", "name": "王示例", "phone": "010-00000000" },
        "description": "申请公开2025年度市级财政专项资金绩效评价报告。",
    })
}

/// What lists show of it.
pub const SUBJECT: &str = "2025年度市级财政专项资金绩效评价报告";

impl<'a> CaseStory<'a> {
    /// 接收: the clerk takes a request in.
    pub fn receive(office: &'a Office, request: &Value) -> Self {
        Self::told(office, office.as_role("clerk").post("/cases", request).must(201))
    }

    /// The case that an answer tells of.
    pub fn told(office: &'a Office, last: Reply) -> Self {
        Self { office, agency: &office.agency, id: last.str("/id").to_owned(), last, on: None }
    }

    /// The one case of another agency, told on by its people.
    pub fn only_one_of(office: &'a Office, agency: &'a Agency) -> Self {
        let queue = office.of_agency(agency, "clerk").get("/cases").must(200);
        assert_eq!(queue.at("/items").as_array().unwrap().len(), 1, "{}", queue.text);
        Self { office, agency, id: queue.str("/items/0/id").to_owned(), last: queue, on: None }.again()
    }

    /// A case that is registered.
    pub fn registered(office: &'a Office) -> Self {
        Self::receive(office, &request()).register(SUBJECT)
    }

    /// A case whose reply waits for its first review.
    pub fn in_review(office: &'a Office) -> Self {
        let acknowledged = Self::registered(office).assign(BUDGET).acknowledge();
        acknowledged.draft("granted", "经研究，予以公开，见附件。").submit()
    }

    /// A case whose reply has passed every review and waits to be issued.
    pub fn approved(office: &'a Office) -> Self {
        Self::in_review(office).review_by_all()
    }

    /// A case through its whole life.
    pub fn archived(office: &'a Office) -> Self {
        Self::approved(office).issue().serve("direct").archive()
    }

    /// Told on by another agency's people, to which it was handed over.
    #[must_use]
    pub fn of(self, agency: &'a Agency) -> Self {
        Self { agency, ..self }
    }

    /// The day on which what follows happens.
    #[must_use]
    pub fn on(self, day: NaiveDate) -> Self {
        Self { on: Some(day), ..self }
    }

    /// The case read again, after something that was not a step of the story.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.last = self.reader("clerk").get(&self.path("")).must(200);
        self
    }

    /// The version last seen.
    pub fn etag(&self) -> String {
        self.last.etag()
    }

    /// Somebody of its agency who reads.
    pub fn reader(&self, name: &str) -> Client {
        self.office.of_agency(self.agency, name)
    }

    /// Somebody about to act upon the version last seen.
    pub fn as_role(&self, name: &str) -> Client {
        self.reader(name).if_match(self.etag())
    }

    /// The path of something of the case.
    pub fn path(&self, of: &str) -> String {
        format!("/cases/{}{of}", self.id)
    }

    /// The registration number.
    pub fn number(&self) -> &str {
        self.last.str("/number")
    }

    /// What reviews and the issue bind to.
    pub fn content_hash(&self) -> &str {
        self.last.str("/reply/content_hash")
    }

    /// 确认: both sides confirmed.
    #[must_use]
    pub fn confirm(self) -> Self {
        self.step("clerk", "POST", "/confirmation", json!({ "evidence": "电话与申请人确认" }))
    }

    /// 登记.
    #[must_use]
    pub fn register(self, subject: &str) -> Self {
        self.step("clerk", "POST", "/registration", json!({ "subject": subject }))
    }

    /// 分办: to a department, as the lead.
    #[must_use]
    pub fn assign(self, department: &str) -> Self {
        let department = self.agency.departments[department].to_string();
        self.step("clerk", "POST", "/assignments", json!({ "department_id": department }))
    }

    /// 签收: the lead's first assignment, by the handler of 预算处.
    #[must_use]
    pub fn acknowledge(self) -> Self {
        self.step("handler", "POST", "/assignments/1/acknowledgement", json!({}))
    }

    /// 拟稿.
    #[must_use]
    pub fn draft(self, outcome: &str, text: &str) -> Self {
        self.step("handler", "PUT", "/reply", replies::draft(outcome, text))
    }

    /// 送审.
    #[must_use]
    pub fn submit(self) -> Self {
        self.step("handler", "POST", "/reply/submission", json!({}))
    }

    /// 审核通过: one step, by whoever's step it is.
    #[must_use]
    pub fn pass(self, step: &str) -> Self {
        let reviewer = match step {
            "legal" => "legal_reviewer",
            "secrecy" => "secrecy_reviewer",
            _ => "approver",
        };
        let decision = replies::decision(step, "pass", self.content_hash());
        self.step(reviewer, "POST", "/reply/reviews", decision)
    }

    /// 法制审核、保密审查、签发, all passed.
    #[must_use]
    pub fn review_by_all(self) -> Self {
        self.pass("legal").pass("secrecy").pass("sign_off")
    }

    /// 发出答复.
    #[must_use]
    pub fn issue(self) -> Self {
        let content = json!({ "content_hash": self.content_hash() });
        self.step("approver", "POST", "/reply/issue", content)
    }

    /// 答复, under a number (答复书文号).
    #[must_use]
    pub fn issue_as(self, number: &str) -> Self {
        let content = json!({ "content_hash": self.content_hash(), "number": number });
        self.step("approver", "POST", "/reply/issue", content)
    }

    /// 送达: dispatched and served on one day.
    #[must_use]
    pub fn serve(self, method: &str) -> Self {
        let day = self.on.unwrap_or_else(today);
        let service = json!({ "method": method, "dispatched_on": day, "served_on": day });
        self.command("clerk", "POST", "/services", &service)
    }

    /// 归档.
    #[must_use]
    pub fn archive(self) -> Self {
        self.step("archivist", "POST", "/archive", json!({}))
    }

    /// Any step on the day of the story.
    #[must_use]
    pub fn post(self, who: &str, of: &str, body: Value) -> Self {
        self.step(who, "POST", of, body)
    }

    /// A step on the day of the story.
    fn step(self, who: &str, method: &str, of: &str, mut body: Value) -> Self {
        if let Some(day) = self.on {
            body["on"] = json!(day);
        }
        self.command(who, method, of, &body)
    }

    /// Any command, which must be granted.
    #[must_use]
    pub fn command(mut self, who: &str, method: &str, of: &str, body: &Value) -> Self {
        self.last = self.as_role(who).send(method, &self.path(of), Some(body)).must(200);
        self
    }
}
