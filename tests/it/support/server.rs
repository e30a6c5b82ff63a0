//! The real binary, run as a process on a database of its own.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use gongkai::app::App;
use gongkai::app::progress::silent;
use gongkai::app::verify::Ends;
use gongkai::clock::Clock;
use gongkai::crypto::master_key::MasterKey;
use gongkai::domain::case::Origin;
use gongkai::law::LawBook;
use tempfile::TempDir;

use super::databases::{Backend, TestDatabase};

/// Tests sign in by the hundred from one address; those about the limits say their own.
const FROM_ONE_ADDRESS: [(&str, &str); 2] =
    [("GONGKAI_SIGN_IN_RATE", "60000"), ("GONGKAI_SIGN_IN_NAME_RATE", "60000")];
/// How long a server may take to be ready before a test gives up on it.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often it is asked.
const PAUSE: Duration = Duration::from_millis(5);

/// Where a server runs: a database, and a folder with the master key, the data and what the server printed.
pub struct Place {
    pub database: TestDatabase,
    folder: TempDir,
}

impl Place {
    /// A fresh database with a master key of its own.
    pub fn new(backend: Backend) -> Self {
        let place = Self { database: TestDatabase::new(backend), folder: tempfile::tempdir().unwrap() };
        MasterKey::create(&place.master_key_file()).unwrap();
        place
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The master key's file.
    pub fn master_key_file(&self) -> PathBuf {
        self.folder().join("master.key")
    }

    /// `GONGKAI_DATA_DIR`.
    pub fn data_dir(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// The program on this place, in this process: what the command line does beside a server.
    pub fn app(&self) -> Arc<App> {
        let master = MasterKey::load(&self.master_key_file()).unwrap();
        let law = Arc::new(LawBook::embedded().unwrap());
        let app = App::open(self.database.url(), master, law, Clock::System, Origin::CommandLine);
        Arc::new(block_on(app).unwrap())
    }

    /// The record verifies, and `gongkai rebuild` would change nothing.
    pub fn must_be_sound(&self) {
        let app = self.app();
        for verified in block_on(app.verify_all(Ends::All, &silent())).unwrap() {
            verified.outcome.unwrap();
        }
        let rebuilt = block_on(app.rebuild(true, &silent())).unwrap();
        assert!(rebuilt.is_sound() && rebuilt.differences.is_empty(), "{rebuilt:?}");
    }

    /// A command of the binary, with this place's settings and no others.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GONGKAI_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .env("GONGKAI_DATABASE_URL", self.database.url_text())
            .env("GONGKAI_DATA_DIR", self.data_dir())
            .env("GONGKAI_MASTER_KEY_FILE", self.master_key_file())
            .env("GONGKAI_LISTEN", "127.0.0.1:0");
        command
    }
}

/// Runs a future of the program to its end.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The binary.
pub const GONGKAI: &str = env!("CARGO_BIN_EXE_gongkai");

/// `gongkai serve`, ready.
pub struct Server {
    pub place: Place,
    environment: Vec<(&'static str, String)>,
    tracer: Vec<String>,
    process: Option<Child>,
    starts: u32,
    address: Address,
    /// How long the last start took until `/readyz` said 200.
    pub ready_after: Duration,
}

/// Where the server listens; another port after each start.
#[derive(Clone)]
pub struct Address(Arc<RwLock<SocketAddr>>);

impl Address {
    /// As it is now.
    pub fn now(&self) -> SocketAddr {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<SocketAddr> for Address {
    /// Where something listens for good.
    fn from(address: SocketAddr) -> Self {
        Self(Arc::new(RwLock::new(address)))
    }
}

impl Server {
    /// Starts it.
    pub fn start(place: Place) -> Self {
        Self::start_with(place, &[], &[])
    }

    /// Starts it with settings beside those of the place, and under a tracer (`strace -D …`), if one is given.
    pub fn start_with(place: Place, environment: &[(&'static str, &str)], tracer: &[String]) -> Self {
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let environment = environment.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let mut server = Self {
            place,
            environment,
            tracer: tracer.to_vec(),
            process: None,
            starts: 0,
            address: nowhere.into(),
            ready_after: Duration::ZERO,
        };
        server.run();
        server
    }

    fn run(&mut self) {
        self.starts += 1;
        let mut line = self.tracer.iter().map(String::as_str).chain([GONGKAI]);
        let mut command = self.place.command(line.next().unwrap());
        command.args(line).arg("serve").envs(FROM_ONE_ADDRESS).envs(self.environment.iter().cloned());
        command.stdout(File::create(self.printed_file("stdout", self.starts)).unwrap());
        command.stderr(File::create(self.printed_file("stderr", self.starts)).unwrap());
        let started = Instant::now();
        self.process = Some(command.spawn().unwrap());
        let address = loop {
            self.still_runs(started);
            if let Some(address) = self.announced() {
                break address;
            }
        };
        *self.address.0.write().unwrap_or_else(PoisonError::into_inner) = address;
        while !is_ready(address) {
            self.still_runs(started);
        }
        self.ready_after = started.elapsed();
    }

    /// Waits a moment.
    ///
    /// # Panics
    ///
    /// If the server has ended, or takes too long.
    fn still_runs(&mut self, started: Instant) {
        std::thread::sleep(PAUSE);
        let ended = self.process.as_mut().unwrap().try_wait().unwrap();
        assert!(
            ended.is_none() && started.elapsed() < PATIENCE,
            "the server is not ready ({ended:?}):\n{}",
            self.printed()
        );
    }

    /// The address that this start has printed.
    fn announced(&self) -> Option<SocketAddr> {
        let printed = fs::read_to_string(self.printed_file("stderr", self.starts)).unwrap();
        let (_, rest) = printed.split_once("Gongkai listens on http://")?;
        rest.split_once(' ')?.0.parse().ok()
    }

    fn printed_file(&self, stream: &str, start: u32) -> PathBuf {
        self.place.folder().join(format!("{stream}-{start}.log"))
    }

    /// What it has printed, on both streams, since the first start.
    pub fn printed(&self) -> String {
        let files = (1..=self.starts)
            .flat_map(|start| ["stdout", "stderr"].map(|stream| self.printed_file(stream, start)));
        files.map(|file| String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned()).collect()
    }

    /// Shows the end of what it has printed, to whoever looks at a test that failed.
    fn tell(&self) {
        let printed = self.printed();
        let lines: Vec<&str> = printed.lines().filter(|line| !line.contains(" INFO ")).collect();
        eprintln!("the server printed, at the end:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
    }

    /// Its process.
    pub fn process_id(&self) -> u32 {
        self.process.as_ref().expect("the server runs").id()
    }

    /// Starts it again after [`Server::stop`] with other settings.
    #[must_use]
    pub fn start_again_with(mut self, environment: &[(&'static str, &str)]) -> Self {
        self.environment = environment.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.restart();
        self
    }

    /// Where it listens.
    pub fn address(&self) -> Address {
        self.address.clone()
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("the server runs");
        let kill = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", process.id())).status();
        assert!(kill.unwrap().success());
        process.wait().unwrap()
    }

    /// Ends it as a power cut would, as far as a process can (SIGKILL).
    pub fn kill9(&mut self) {
        let mut process = self.process.take().expect("the server runs");
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Starts it again after [`Server::stop`] or [`Server::kill9`].
    pub fn restart(&mut self) {
        assert!(self.process.is_none(), "the server runs still");
        self.run();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        if std::thread::panicking() {
            self.tell();
        }
    }
}

/// Another instance of `gongkai serve` on the database of a server that runs: on PostgreSQL.
pub struct Instance {
    process: Child,
    address: SocketAddr,
}

impl Instance {
    /// Starts it and waits until it is ready.
    pub fn beside(server: &Server) -> Self {
        let printed = server.place.folder().join("beside.log");
        let mut command = server.place.command(GONGKAI);
        command.arg("serve").stdout(Stdio::null()).stderr(File::create(&printed).unwrap());
        command.envs(FROM_ONE_ADDRESS).envs(server.environment.iter().cloned());
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut instance = Self { process: command.spawn().unwrap(), address: nowhere };
        let started = Instant::now();
        loop {
            std::thread::sleep(PAUSE);
            let text = fs::read_to_string(&printed).unwrap();
            let ended = instance.process.try_wait().unwrap();
            assert!(ended.is_none() && started.elapsed() < PATIENCE, "not ready ({ended:?}):\n{text}");
            let announced =
                text.split_once("Gongkai listens on http://").and_then(|(_, rest)| rest.split_once(' '));
            if let Some(address) = announced.and_then(|(address, _)| address.parse().ok())
                && is_ready(address)
            {
                instance.address = address;
                return instance;
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> Address {
        self.address.into()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn is_ready(address: SocketAddr) -> bool {
    let answer = ureq::get(format!("http://{address}/readyz")).call();
    answer.is_ok_and(|answer| answer.status() == 200)
}
