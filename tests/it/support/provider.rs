//! A small identity provider on this machine: discovery, keys, codes with PKCE, ID tokens signed by keys of its own.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub const CLIENT_ID: &str = "gongkai";
pub const CLIENT_SECRET: &str = "a-secret:of-100%-ASCII+/=&";
pub const REDIRECT_URL: &str = "http://127.0.0.1:1/api/v1/auth/oidc/callback";

static RSA: LazyLock<[RsaKeyPair; 2]> =
    LazyLock::new(|| [(); 2].map(|()| RsaKeyPair::generate(KeySize::Rsa2048).unwrap()));
static EC: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());

/// How an ID token is signed.
#[derive(Clone, Copy, PartialEq)]
pub enum Signed {
    /// With its RSA key.
    Rsa,
    /// With another one.
    OtherRsa,
    /// With its EC key.
    Ec,
    /// By a shared secret: these bytes.
    Hmac(&'static [u8]),
    /// Not at all.
    Not,
}

/// An ID token in the making.
pub struct Making {
    pub header: Value,
    pub claims: Value,
    pub signed: Signed,
}

type Twist = Box<dyn Fn(&mut Making) + Send>;

/// What it knows, and how it behaves.
pub struct State {
    /// Who signs in next.
    pub subject: String,
    /// What is done to each ID token before it is signed.
    pub twist: Twist,
    /// What is done to it afterwards.
    pub spoil: fn(String) -> String,
    /// Whether codes are good for ever and from anybody.
    pub lax: bool,
    /// The id of its RSA key.
    pub kid: String,
    /// Answers that take the place of the usual ones, by path: status, headers, body.
    pub instead: BTreeMap<&'static str, (u16, String, String)>,
    /// The paths it was asked for.
    pub asked: Vec<String>,
    codes: BTreeMap<String, (String, String)>,
    used: Vec<String>,
}

/// The provider.
pub struct Provider {
    secret: tempfile::NamedTempFile,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stopping: Arc<AtomicBool>,
}

impl Provider {
    /// Starts it.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            subject: "nobody yet".to_owned(),
            twist: Box::new(|_| {}),
            spoil: |token| token,
            lax: false,
            kid: "rsa-1".to_owned(),
            instead: BTreeMap::new(),
            asked: Vec::new(),
            codes: BTreeMap::new(),
            used: Vec::new(),
        };
        let (state, stopping) = (Arc::new(Mutex::new(state)), Arc::new(AtomicBool::new(false)));
        let mut secret = tempfile::NamedTempFile::new().unwrap();
        writeln!(secret, "{CLIENT_SECRET}").unwrap();
        let provider = Self { secret, address, state: Arc::clone(&state), stopping: Arc::clone(&stopping) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopping.load(Ordering::Relaxed) {
                    break;
                }
                let state = Arc::clone(&state);
                std::thread::spawn(move || serve(stream.unwrap(), address, &state));
            }
        });
        provider
    }

    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The settings of an office that knows it; `issuer` is its own.
    pub fn settings<'a>(&'a self, issuer: &'a str) -> [(&'static str, &'a str); 4] {
        [
            ("GONGKAI_OIDC_ISSUER", issuer),
            ("GONGKAI_OIDC_CLIENT_ID", CLIENT_ID),
            ("GONGKAI_OIDC_CLIENT_SECRET_FILE", self.secret.path().to_str().unwrap()),
            ("GONGKAI_OIDC_REDIRECT_URL", REDIRECT_URL),
        ]
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on ID tokens are made so.
    pub fn twist(&self, twist: impl Fn(&mut Making) + Send + 'static) {
        self.state().twist = Box::new(twist);
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

/// Anything as base64url.
pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The modulus of one of the RSA keys: 256 bytes after the headers of the DER.
fn modulus(n: usize) -> Vec<u8> {
    RSA[n].public_key().as_ref()[9..265].to_vec()
}

/// A public RSA key: the provider's (0), or another (1).
pub fn rsa_jwk(n: usize, kid: &str) -> Value {
    json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": b64(modulus(n)), "e": "AQAB" })
}

fn ec_jwk() -> Value {
    let point = EC.public_key().as_ref().to_vec();
    json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "ec-1", "x": b64(&point[1..33]), "y": b64(&point[33..]) })
}

fn sign(making: &Making) -> String {
    let input = format!("{}.{}", b64(making.header.to_string()), b64(making.claims.to_string()));
    let (bytes, random) = (input.as_bytes(), SystemRandom::new());
    let rsa = |n: usize| {
        let mut signature = vec![0; RSA[n].public_modulus_len()];
        RSA[n].sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature).unwrap();
        signature
    };
    let signature = match making.signed {
        Signed::Rsa => rsa(0),
        Signed::OtherRsa => rsa(1),
        Signed::Ec => EC.sign(&random, bytes).unwrap().as_ref().to_vec(),
        Signed::Hmac(b"the public key") => hmac_of(&modulus(0), bytes),
        Signed::Hmac(secret) => hmac_of(secret, bytes),
        Signed::Not => Vec::new(),
    };
    format!("{input}.{}", b64(signature))
}

fn hmac_of(secret: &[u8], bytes: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), bytes).as_ref().to_vec()
}

/// One request, one answer.
fn serve(stream: TcpStream, address: SocketAddr, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let found = head.iter().filter_map(|line| line.split_once(": "));
        found.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let length = header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let target = head[0].split(' ').nth(1).unwrap().to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    state.asked.push(path.to_owned());
    let (status, headers, body) = match state.instead.get(path) {
        Some(instead) => instead.clone(),
        None => match path {
            "/.well-known/openid-configuration" => ok(&json!({
                "issuer": format!("http://{address}"),
                "authorization_endpoint": format!("http://{address}/authorize"),
                "token_endpoint": format!("http://{address}/token"),
                "jwks_uri": format!("http://{address}/keys"),
                "response_types_supported": ["code"],
            })),
            "/keys" => {
                ok(&json!({ "keys": [rsa_jwk(0, &state.kid), ec_jwk(), { "kty": "new kind", "kid": "x" }] }))
            }
            "/authorize" => authorize(&mut state, query),
            "/token" => {
                token(&mut state, address, header("authorization"), std::str::from_utf8(&body).unwrap())
            }
            _ => (404, String::new(), String::new()),
        },
    };
    drop(state);
    let mut stream = reader.into_inner();
    let length = body.len();
    // Who asked may have gone.
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
}

fn ok(body: &Value) -> (u16, String, String) {
    (200, "Content-Type: application/json\r\n".to_owned(), body.to_string())
}

/// The pairs of a query or a form.
pub fn pairs(text: &str) -> BTreeMap<String, String> {
    let plain = |text: &str| {
        let (mut bytes, mut rest) = (Vec::new(), text.bytes());
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                other => other,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (plain(key), plain(value)))
        .collect()
}

/// Signs somebody in, without asking, and sends the browser back.
fn authorize(state: &mut State, query: &str) -> (u16, String, String) {
    let asked = pairs(query);
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT_ID));
    assert_eq!((asked["redirect_uri"].as_str(), asked["scope"].as_str()), (REDIRECT_URL, "openid"));
    assert_eq!(asked["code_challenge_method"], "S256");
    let code = format!("code-{}", state.codes.len());
    state.codes.insert(code.clone(), (asked["code_challenge"].clone(), asked["nonce"].clone()));
    let back = format!("Location: {REDIRECT_URL}?code={code}&state={}&session_state=x\r\n", asked["state"]);
    (303, back, String::new())
}

/// Exchanges a code.
fn token(
    state: &mut State,
    address: SocketAddr,
    authorization: Option<String>,
    form: &str,
) -> (u16, String, String) {
    let asked = pairs(form);
    let basic = STANDARD.decode(authorization.unwrap().strip_prefix("Basic ").unwrap()).unwrap();
    let (id, secret) =
        String::from_utf8(basic).unwrap().split_once(':').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let secret = pairs(&format!("secret={secret}"))["secret"].clone();
    assert_eq!((id.as_str(), secret.as_str()), (CLIENT_ID, CLIENT_SECRET));
    let refused = (
        400,
        "Content-Type: application/json\r\n".to_owned(),
        json!({ "error": "invalid_grant" }).to_string(),
    );
    let (code, verifier) = (&asked["code"], &asked["code_verifier"]);
    let Some((challenge, nonce)) = state.codes.get(code).cloned() else { return refused };
    let shown = b64(digest::digest(&digest::SHA256, verifier.as_bytes()));
    let good = asked["grant_type"] == "authorization_code" && asked["redirect_uri"] == REDIRECT_URL;
    if !good || !state.lax && (shown != challenge || state.used.contains(code)) {
        return refused;
    }
    state.used.push(code.clone());
    let now = gongkai::clock::Clock::System.now().timestamp();
    let mut making = Making {
        header: json!({ "alg": "RS256", "kid": state.kid, "typ": "JWT" }),
        claims: json!({
            "iss": format!("http://{address}"), "aud": CLIENT_ID, "sub": state.subject, "nonce": nonce,
            "iat": now, "exp": now + 300,
        }),
        signed: Signed::Rsa,
    };
    (state.twist)(&mut making);
    let token = (state.spoil)(sign(&making));
    ok(&json!({ "access_token": "x", "token_type": "Bearer", "id_token": token }))
}
