//! A caller of the interface.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::{HeaderMap, Method, Request};

use super::server::Address;

/// How long an access token is used: less than it is good for.
const TOKEN_KEPT: Duration = Duration::from_mins(8);
/// No answer takes longer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Somebody's name and password, and what he was given for them.
pub struct Credentials {
    pub username: String,
    pub password: String,
    token: Mutex<Option<(String, Instant)>>,
}

impl Credentials {
    /// Not signed in yet.
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { username: username.into(), password: password.into(), token: Mutex::new(None) })
    }

    /// Signs in again at the next call.
    pub fn forget(&self) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A caller, signed in at the first call when he has credentials. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    address: Address,
    agent: ureq::Agent,
    credentials: Option<Arc<Credentials>>,
    headers: Vec<(&'static str, String)>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What was asked, for messages.
    pub asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// The JSON in the body; `null` when it holds none.
    pub body: Value,
    /// The body as it came.
    pub text: String,
    /// The same as bytes.
    pub bytes: Vec<u8>,
}

impl Client {
    /// Somebody who has not signed in.
    pub fn anonymous(address: Address) -> Self {
        Self { address, agent: agent(TIMEOUT), credentials: None, headers: Vec::new() }
    }

    /// The same caller, who waits for long: for large files, which a program built for tests encrypts slowly.
    #[must_use]
    pub fn patient(&self) -> Self {
        Self { agent: agent(10 * TIMEOUT), ..self.clone() }
    }

    /// The same caller, signed in as somebody.
    #[must_use]
    pub fn signed_in(&self, credentials: &Arc<Credentials>) -> Self {
        Self { credentials: Some(Arc::clone(credentials)), headers: Vec::new(), ..self.clone() }
    }

    /// The same caller with one more header.
    #[must_use]
    pub fn header(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut with = self.clone();
        with.headers.push((name, value.into()));
        with
    }

    /// The same caller, having decided upon this version.
    #[must_use]
    pub fn if_match(&self, etag: impl Into<String>) -> Self {
        self.header("If-Match", etag)
    }

    /// The same caller with a key for retries.
    #[must_use]
    pub fn idempotency_key(&self, key: impl Into<String>) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// The same caller, reading these languages.
    #[must_use]
    pub fn accept_language(&self, languages: impl Into<String>) -> Self {
        self.header("Accept-Language", languages)
    }

    /// GET a path below `/api/v1`.
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None)
    }

    /// POST JSON to a path below `/api/v1`.
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, Some(body))
    }

    /// PUT JSON to a path below `/api/v1`.
    pub fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, Some(body))
    }

    /// DELETE a path below `/api/v1`.
    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None)
    }

    /// Any method, with or without JSON.
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        self.try_send(method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// The same for a server that may be gone.
    ///
    /// # Errors
    ///
    /// When there is no answer.
    pub fn try_send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Reply, ureq::Error> {
        let json = body.map(|_| "application/json");
        let bytes = body.map(Value::to_string).unwrap_or_default();
        self.try_send_bytes(method, &format!("/api/v1{path}"), json, bytes.as_bytes())
    }

    /// Any bytes of any type to any path of the server.
    ///
    /// # Errors
    ///
    /// When there is no answer.
    pub fn try_send_bytes(
        &self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<Reply, ureq::Error> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("http://{}{path}", self.address.now()));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(content_type) = content_type {
            request = request.header("Content-Type", content_type);
        }
        if let Some(token) = self.token()? {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let answer = if content_type.is_none() && body.is_empty() {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body).unwrap())
        }?;
        let reply = Reply::read(format!("{method} {path}"), answer)?;
        super::contract::check(method, path, &reply);
        super::personal::check(&self.address.now().to_string(), (method, path), body, &reply);
        Ok(reply)
    }

    /// The caller's access token; he signs in for it when he has none that is good.
    fn token(&self) -> Result<Option<String>, ureq::Error> {
        let Some(credentials) = &self.credentials else { return Ok(None) };
        let mut kept = credentials.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((token, since)) = &*kept
            && since.elapsed() < TOKEN_KEPT
        {
            return Ok(Some(token.clone()));
        }
        let nobody = Self { credentials: None, headers: Vec::new(), ..self.clone() };
        let login = json!({ "username": credentials.username, "password": credentials.password });
        let reply = nobody.try_send("POST", "/auth/login", Some(&login))?.must(200);
        let token = reply.str("/access_token").to_owned();
        *kept = Some((token.clone(), Instant::now()));
        Ok(Some(token))
    }
}

fn agent(timeout: Duration) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .max_idle_connections(64)
        .max_idle_connections_per_host(64)
        .timeout_global(Some(timeout));
    config.build().into()
}

impl Reply {
    fn read(asked: String, answer: ureq::http::Response<ureq::Body>) -> Result<Self, ureq::Error> {
        let (parts, mut body) = answer.into_parts();
        let bytes = body.with_config().limit(u64::MAX).read_to_vec()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Self { asked, status: parts.status.as_u16(), headers: parts.headers, body, text, bytes })
    }

    /// This answer.
    ///
    /// # Panics
    ///
    /// If it has another status.
    #[track_caller]
    pub fn must(self, status: u16) -> Self {
        assert!(self.status == status, "wanted {status}: {}", self.told());
        self
    }

    /// The answer, for messages.
    pub fn told(&self) -> String {
        let mut told = format!("{} → {}", self.asked, self.status);
        let _ = write!(told, "\n{}", self.text);
        told
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The version of the case.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("ETag").unwrap_or_else(|| panic!("no ETag: {}", self.told())).to_owned()
    }

    /// What the body holds at a JSON pointer; `null` when nothing is there.
    pub fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub fn str(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}: {}", self.told()))
    }

    /// The code of the problem.
    #[track_caller]
    pub fn code(&self) -> &str {
        self.str("/code")
    }

    /// The same for an answer that may be no problem.
    pub fn code_or_empty(&self) -> &str {
        self.at("/code").as_str().unwrap_or_default()
    }
}
