//! clamd, asked by its INSTREAM command: the bytes go to it in chunks with their lengths, and it answers one line.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

/// How long a connection, and each step after it, may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer that is read.
const MOST_ANSWER: u64 = 1024;
/// The longest name of a finding that is kept.
const MOST_FINDING: usize = 128;

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    /// `tcp://HOST:PORT`.
    Tcp(String),
    /// `unix:/PATH`.
    Unix(PathBuf),
}

impl FromStr for Clamd {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some(path) = text.strip_prefix("unix:").filter(|path| path.starts_with('/')) {
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        let place = text.strip_prefix("tcp://").ok_or(())?;
        let (host, port) = place.rsplit_once(':').ok_or(())?;
        let port: u16 = port.parse().map_err(|_| ())?;
        let plain = !host.is_empty() && !host.contains(['/', '@', ' ']);
        if plain && port > 0 { Ok(Self::Tcp(place.to_owned())) } else { Err(()) }
    }
}

impl fmt::Display for Clamd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(place) => write!(f, "tcp://{place}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// What clamd says of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing was found.
    Clean,
    /// This was found.
    Found(String),
}

/// Why clamd said nothing: it is away, or cannot take the content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("clamd gives no answer: {0}")]
pub struct Away(pub String);

/// A talk with clamd about one content.
pub struct Talk {
    stream: Box<dyn Duplex>,
}

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

impl Clamd {
    /// Begins to send a content.
    ///
    /// # Errors
    /// When clamd cannot be reached.
    pub async fn begin(&self) -> Result<Talk, Away> {
        let connect = async {
            Ok::<Box<dyn Duplex>, std::io::Error>(match self {
                Self::Tcp(place) => Box::new(TcpStream::connect(place.as_str()).await?),
                Self::Unix(path) => Box::new(UnixStream::connect(path).await?),
            })
        };
        let stream = in_time(connect).await?;
        let mut talk = Talk { stream };
        talk.write(b"zINSTREAM\0").await?;
        Ok(talk)
    }
}

impl Talk {
    /// Sends some bytes of it.
    ///
    /// # Errors
    /// When clamd is gone.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Away> {
        if bytes.is_empty() {
            return Ok(());
        }
        let length = u32::try_from(bytes.len()).map_err(|error| Away(error.to_string()))?;
        self.write(&length.to_be_bytes()).await?;
        self.write(bytes).await
    }

    /// Ends the content and reads what clamd says.
    ///
    /// # Errors
    /// When clamd is gone, or says that it could not look at the content.
    pub async fn end(mut self) -> Result<Said, Away> {
        self.write(&0_u32.to_be_bytes()).await?;
        let mut answer = Vec::new();
        in_time((&mut self.stream).take(MOST_ANSWER).read_to_end(&mut answer)).await?;
        judge(&String::from_utf8_lossy(&answer))
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Away> {
        in_time(self.stream.write_all(bytes)).await
    }
}

async fn in_time<T>(step: impl Future<Output = std::io::Result<T>>) -> Result<T, Away> {
    let done = tokio::time::timeout(PATIENCE, step).await;
    done.map_err(|_| Away("it takes too long".to_owned()))?.map_err(|error| Away(error.to_string()))
}

/// `stream: OK`, `stream: NAME FOUND`; anything else is no answer.
fn judge(answer: &str) -> Result<Said, Away> {
    let answer = answer.trim_end_matches(['\0', '\n', '\r']).trim();
    let said = answer.strip_prefix("stream:").map(str::trim);
    if said == Some("OK") {
        return Ok(Said::Clean);
    }
    if let Some(name) = said.and_then(|said| said.strip_suffix("FOUND")) {
        // It goes into the record: a code, whatever it says.
        let code: String = name
            .trim()
            .chars()
            .map(|c| if c.is_ascii_graphic() { c } else { '_' })
            .take(MOST_FINDING)
            .collect();
        return Ok(Said::Found(if code.is_empty() { "unnamed".to_owned() } else { code }));
    }
    Err(Away(answer.chars().filter(|c| !c.is_control()).take(200).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_host_with_a_port_or_a_socket() {
        for good in ["tcp://127.0.0.1:3310", "tcp://[::1]:3310", "tcp://clamd:3310", "unix:/run/clamd.sock"] {
            assert_eq!(good.parse::<Clamd>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "clamd",
            "127.0.0.1:3310",
            "tcp://",
            "tcp://:1",
            "tcp://a",
            "tcp://a:0",
            "tcp://a:65536",
            "unix:run/x",
            "tcp://u@a:1",
            "http://a:1",
        ] {
            assert_eq!(bad.parse::<Clamd>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn only_a_clear_answer_is_one() {
        assert_eq!(judge("stream: OK\0"), Ok(Said::Clean));
        assert_eq!(
            judge("stream: Win.Test.EICAR_HDB-1 FOUND\0"),
            Ok(Said::Found("Win.Test.EICAR_HDB-1".to_owned()))
        );
        assert_eq!(judge("stream: 坏 FOUND"), Ok(Said::Found("_".to_owned())));
        assert_eq!(judge("stream: FOUND"), Ok(Said::Found("unnamed".to_owned())));
        let long = format!("stream: {} FOUND", "x".repeat(900));
        assert_eq!(judge(&long), Ok(Said::Found("x".repeat(MOST_FINDING))));
        for answer in [
            "",
            "OK",
            "stream: ",
            "stream: OK FOUND OK",
            "INSTREAM size limit exceeded. ERROR",
            "UNKNOWN COMMAND",
        ] {
            assert!(judge(answer).is_err(), "{answer}");
        }
    }
}
