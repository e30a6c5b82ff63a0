//! Checkpoints: where an agency's chain stood at an instant, signed, in a text that is kept elsewhere. Who holds one can tell a
//! chain that was cut, written anew or put back from a copy, even by somebody with every right in the database.
//!
//! The text is a C2SP tlog-checkpoint in a C2SP signed note; lines 4 to 8 are extensions, which the format allows:
//!
//! ```text
//! gongkai-audit/0197a3b2-5a5e-7c3e-9f0a-1c2d3e4f5a6b
//! 1000
//! Ng5MSpnmYnk7Mw1iGgfDPiuQjMFXx7SQMPwaNFyWvMw=
//! link 3b6693861bf48240555fc4013ba2a51582aca749d2b0b00ad9a366cc41f564d2
//! time 2026-11-22T02:00:00.000000Z
//! suite sha256-ed25519/1
//! attempts 57 9f1c…
//! attempts-of-nobody 9 04be…
//!
//! — gongkai-audit/0197a3b2-5a5e-7c3e-9f0a-1c2d3e4f5a6b aGpyTJ0…
//! ```
//!
//! Origin, number of events, root of the tree over them ([`super::merkle`]), link of the last of them, time, algorithms; number and last
//! link of the chains of attempts ([`super::attempts`]), the agency's and that of what concerns no account. Checkpoints of before these
//! were covered end with the algorithms. What is signed are these lines with their line breaks. The signature's line has, in base64, the key's id (4 bytes) and the signature
//! (64 bytes). A key's id is SHA-256 over its name, a line break, the byte 1 (Ed25519) and the key.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

use super::chain::{Head, Link};
use super::merkle::Node;
use crate::crypto::framed::sha256;
use crate::crypto::hex;
use crate::crypto::sign::{self, NotAKey, PublicKey, Signature, SigningKey};

/// How every origin begins; the agency's id follows.
const ORIGIN: &str = "gongkai-audit/";
/// The algorithms of root, links and signature.
const SUITE: &str = "sha256-ed25519/1";
/// How the lines begin that say where the chains of attempts stood.
const OWN: &str = "attempts ";
const NOBODY: &str = "attempts-of-nobody ";
/// Ed25519, as C2SP numbers it.
const ALGORITHM: u8 = 1;
/// A text that is longer is none.
const LONGEST: usize = 1_024;

/// The public key of an agency's checkpoints.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckpointKey {
    agency: Uuid,
    key: PublicKey,
}

impl CheckpointKey {
    /// The key of an agency.
    pub fn new(agency: Uuid, key: PublicKey) -> Self {
        Self { agency, key }
    }

    /// Whose.
    pub fn agency(&self) -> Uuid {
        self.agency
    }

    /// Its id.
    pub fn id(&self) -> KeyId {
        let message = [self.name().as_bytes(), b"\n", &[ALGORITHM], &self.key].concat();
        let [a, b, c, d, ..] = sha256(&message);
        KeyId([a, b, c, d])
    }

    /// Whether the key has signed a message that is no checkpoint.
    pub fn has_signed(&self, message: &[u8], signature: &Signature) -> bool {
        sign::verify(&self.key, message, signature)
    }

    fn name(&self) -> String {
        format!("{ORIGIN}{}", self.agency)
    }
}

impl fmt::Display for CheckpointKey {
    /// The C2SP verifier key: `name+id+base64(1 | key)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ALGORITHM], self.key.as_slice()].concat());
        write!(f, "{}+{}+{key}", self.name(), self.id())
    }
}

impl fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckpointKey({self})")
    }
}

impl FromStr for CheckpointKey {
    type Err = NotACheckpoint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: NotACheckpoint = NotACheckpoint("this is no public key of checkpoints");
        let mut parts = text.splitn(3, '+');
        let (name, _, key) =
            parts.next().zip(parts.next()).zip(parts.next()).map(|((a, b), c)| (a, b, c)).ok_or(WRONG)?;
        let agency = agency_of(name).ok_or(WRONG)?;
        let bytes = STANDARD.decode(key).map_err(|_| WRONG)?;
        let Some((&ALGORITHM, key)) = bytes.split_first() else { return Err(WRONG) };
        let found = Self::new(agency, key.try_into().map_err(|_| WRONG)?);
        // The id between must be the key's own.
        if found.to_string() == text { Ok(found) } else { Err(WRONG) }
    }
}

/// The id by which a signature names its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// Where chains of attempts stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptHeads {
    /// The agency's own.
    pub own: Head,
    /// That of what concerns no account, which every agency's checkpoints witness.
    pub nobody: Head,
}

/// Where a chain stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The agency.
    pub agency: Uuid,
    /// The number of its events and the link of the last.
    pub head: Head,
    /// The root of the tree over all of them.
    pub root: Node,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Where the attempts stood; `None` in checkpoints of before they were covered.
    pub attempts: Option<AttemptHeads>,
}

impl Checkpoint {
    /// What is signed.
    fn body(&self) -> String {
        let attempts = self.attempts.map(|AttemptHeads { own, nobody }| {
            let (o, n) = (own, nobody);
            format!("{OWN}{} {}\n{NOBODY}{} {}\n", o.seq, o.link, n.seq, n.link)
        });
        format!(
            "{ORIGIN}{}\n{}\n{}\nlink {}\ntime {}\nsuite {SUITE}\n{}",
            self.agency,
            self.head.seq,
            STANDARD.encode(self.root.as_bytes()),
            self.head.link,
            self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            attempts.unwrap_or_default(),
        )
    }

    /// Signs it.
    ///
    /// # Errors
    /// When the key is none.
    pub fn sign(self, key: &SigningKey) -> Result<SignedCheckpoint, NotAKey> {
        let signature = key.sign(self.body().as_bytes())?;
        let key = CheckpointKey::new(self.agency, *key.public()).id();
        Ok(SignedCheckpoint { checkpoint: self, key, signature })
    }
}

/// A checkpoint with its signature, which may be anybody's until [`SignedCheckpoint::is_signed_by`] says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The key that is said to have signed it.
    pub key: KeyId,
    signature: Signature,
}

impl SignedCheckpoint {
    /// Whether this key of the same agency signed it.
    pub fn is_signed_by(&self, key: &CheckpointKey) -> bool {
        key.agency == self.checkpoint.agency
            && key.id() == self.key
            && sign::verify(&key.key, self.checkpoint.body().as_bytes(), &self.signature)
    }
}

impl fmt::Display for SignedCheckpoint {
    /// The text, which ends with a line break.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = STANDARD.encode([self.key.0.as_slice(), &self.signature].concat());
        let (body, agency) = (self.checkpoint.body(), self.checkpoint.agency);
        writeln!(f, "{body}\n— {ORIGIN}{agency} {signature}")
    }
}

impl FromStr for SignedCheckpoint {
    type Err = NotACheckpoint;

    /// Reads a text; any other spelling of the same is refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Some(text).filter(|text| text.len() <= LONGEST).and_then(read);
        found
            .filter(|found| found.to_string() == text)
            .ok_or(NotACheckpoint("this is no checkpoint as this program writes it"))
    }
}

fn agency_of(origin: &str) -> Option<Uuid> {
    origin.strip_prefix(ORIGIN)?.parse().ok()
}

/// `57 9f1c…`.
fn head(text: &str) -> Option<Head> {
    let (seq, link) = text.split_once(' ')?;
    Some(Head { seq: seq.parse().ok()?, link: link.parse().ok()? })
}

fn read(text: &str) -> Option<SignedCheckpoint> {
    let mut lines = text.lines();
    let agency = agency_of(lines.next()?)?;
    let seq = lines.next()?.parse().ok()?;
    let root = STANDARD.decode(lines.next()?).ok()?;
    let root = Node::try_from(root.as_slice()).ok()?;
    let link: Link = lines.next()?.strip_prefix("link ")?.parse().ok()?;
    let at = DateTime::parse_from_rfc3339(lines.next()?.strip_prefix("time ")?).ok()?.to_utc();
    let (_suite, mut next) = (lines.next()?, lines.next()?);
    let attempts = if next.is_empty() {
        None
    } else {
        let own = head(next.strip_prefix(OWN)?)?;
        let nobody = head(lines.next()?.strip_prefix(NOBODY)?)?;
        next = lines.next()?;
        Some(AttemptHeads { own, nobody })
    };
    let signed = Some(next).filter(|line| line.is_empty()).and(lines.next())?;
    let (_, signature) = signed.rsplit_once(' ')?;
    let bytes = STANDARD.decode(signature).ok()?;
    let (key, signature) = bytes.split_first_chunk::<4>()?;
    Some(SignedCheckpoint {
        checkpoint: Checkpoint { agency, head: Head { seq, link }, root, at, attempts },
        key: KeyId(*key),
        signature: signature.try_into().ok()?,
    })
}

/// A text that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotACheckpoint(&'static str);

/// The checkpoints of a file in which they stand one behind the other, an empty line between: each with the number of its
/// first line. A piece that is none stands in its place as an error, unless it is one that was only begun.
pub fn checkpoints_in(text: &str) -> Vec<(usize, Result<SignedCheckpoint, NotACheckpoint>)> {
    let mut found = Vec::new();
    let mut piece = String::new();
    let mut first = 1;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        // What receivers get begins with the keys, which stand for themselves.
        if line.trim_end().parse::<CheckpointKey>().is_ok() {
            if !piece.is_empty() {
                found.push((first, std::mem::take(&mut piece)));
            }
            continue;
        }
        if line.starts_with(ORIGIN) && !piece.is_empty() {
            found.push((first, std::mem::take(&mut piece)));
        }
        if piece.is_empty() {
            if line == "\n" {
                continue;
            }
            first = number;
        }
        piece.push_str(line);
        if line.starts_with('\u{2014}') {
            found.push((first, std::mem::take(&mut piece)));
        }
    }
    found.push((first, piece));
    // What a power cut left half written is written again as a whole behind it; at the end it is only not there yet.
    let begun = |at: usize, piece: &str| {
        let next = found.get(at.saturating_add(1)).map_or("", |(_, next)| next.as_str());
        !piece.contains("\n\u{2014}") && next.is_empty()
            || next.len() > piece.len() && next.starts_with(piece.trim_end_matches('\n'))
    };
    let whole = found.iter().enumerate().filter(|(at, (_, piece))| !begun(*at, piece));
    whole.map(|(_, (first, piece))| (*first, piece.parse())).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use uuid::Uuid;

    use super::{AttemptHeads, Checkpoint, CheckpointKey, SignedCheckpoint, checkpoints_in};
    use crate::audit::chain::{Head, Link};
    use crate::audit::merkle::leaf;
    use crate::crypto::secret::SecretKey;
    use crate::crypto::sign::SigningKey;

    const AGENCY: Uuid = Uuid::from_u128(0xa);

    fn key(n: u8) -> SigningKey {
        SigningKey::from_seed(SecretKey::from_bytes([n; 32])).unwrap()
    }

    fn signed(seq: u64) -> SignedCheckpoint {
        let at = Utc.with_ymd_and_hms(2026, 11, 22, 2, 0, 0).unwrap();
        let head = Head { seq, link: Link::from_bytes([7; 32]) };
        Checkpoint { agency: AGENCY, head, root: leaf(b"{}"), at, attempts: None }.sign(&key(1)).unwrap()
    }

    /// One that covers attempts, too.
    fn covering(seq: u64) -> SignedCheckpoint {
        let head = |seq: u64| Head { seq, link: Link::from_bytes([9; 32]) };
        let attempts = Some(AttemptHeads { own: head(57), nobody: head(0) });
        Checkpoint { attempts, ..signed(seq).checkpoint }.sign(&key(1)).unwrap()
    }

    #[test]
    fn a_checkpoint_is_read_back_and_verified() {
        let checkpoint = signed(1000);
        let text = checkpoint.to_string();
        assert_eq!(text.lines().count(), 8, "{text}");
        assert!(text.starts_with("gongkai-audit/00000000-0000-0000-0000-00000000000a\n1000\n"), "{text}");
        assert_eq!(text.parse(), Ok(checkpoint.clone()));
        let ours = CheckpointKey::new(AGENCY, *key(1).public());
        assert!(checkpoint.is_signed_by(&ours));
        assert!(!checkpoint.is_signed_by(&CheckpointKey::new(AGENCY, *key(2).public())));
        assert!(!checkpoint.is_signed_by(&CheckpointKey::new(Uuid::from_u128(0xb), *key(1).public())));
        assert_eq!(ours.to_string().parse(), Ok(ours));
    }

    /// Each byte, changed to each of some others: it is no checkpoint, or not one that was signed.
    #[test]
    fn no_byte_may_be_another() {
        let (text, ours) = (covering(1000).to_string(), CheckpointKey::new(AGENCY, *key(1).public()));
        assert_eq!(text.parse(), Ok(covering(1000)));
        for at in 0..text.len() {
            for other in [b'0', b'1', b'a', b'A', b' ', b'\n', b'=', b'/'] {
                let mut bytes = text.clone().into_bytes();
                if bytes[at] == other {
                    continue;
                }
                bytes[at] = other;
                let Ok(changed) = String::from_utf8(bytes) else { continue };
                let read: Result<SignedCheckpoint, _> = changed.parse();
                assert!(read.is_err() || !read.unwrap().is_signed_by(&ours), "byte {at}: {changed}");
            }
        }
        for (from, to) in [
            ("\n1000\n", "\n01000\n"),
            ("sha256-ed25519/1", "sha256-ed25519/0"),
            ("000Z", "000+00:00"),
            ("attempts 57", "attempts 057"),
            ("attempts-of", "attempts of"),
        ] {
            assert!(
                text.contains(from) && text.replace(from, to).parse::<SignedCheckpoint>().is_err(),
                "{to}"
            );
        }
        for wrong in [text.clone() + "\n", text.trim_end().to_owned(), String::new(), "\n".repeat(2_000)] {
            assert!(wrong.parse::<SignedCheckpoint>().is_err());
        }
    }

    #[test]
    fn a_key_with_another_id_is_none() {
        let text = CheckpointKey::new(AGENCY, *key(1).public()).to_string();
        let other = CheckpointKey::new(AGENCY, *key(2).public());
        let mixed = text.replacen(&text[text.find('+').unwrap()..][..9], &format!("+{}", other.id()), 1);
        assert!(mixed != text && mixed.parse::<CheckpointKey>().is_err());
        for wrong in ["", "a+b", "gongkai-audit/x+00000000+AQ=="] {
            assert!(wrong.parse::<CheckpointKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_file_is_read_piece_by_piece() {
        let file = format!("{}\n{}\n{}", signed(1), signed(2), &signed(3).to_string()[..40]);
        let found = checkpoints_in(&file);
        assert_eq!(found, [(1, Ok(signed(1))), (10, Ok(signed(2)))], "what was only begun is not there yet");
        for cut in 1..signed(2).to_string().len() - 1 {
            let Some(begun) = signed(2).to_string().get(..cut).map(str::to_owned) else { continue };
            let again = format!("{}\n{begun}\n{}\n", signed(1), signed(2));
            let found: Vec<_> = checkpoints_in(&again).into_iter().map(|(_, read)| read).collect();
            assert_eq!(found, [Ok(signed(1)), Ok(signed(2))], "{again}");
        }
        let changed = format!("{}\n{}\n", signed(1).to_string().replace("\n1\n", "\n9\n"), signed(2));
        assert!(checkpoints_in(&changed)[0].1.clone().is_ok_and(|it| it != signed(1)));
        assert_eq!(checkpoints_in(""), []);
        let keys = CheckpointKey::new(AGENCY, *key(1).public()).to_string() + "\n";
        let parcel = format!("{keys}{keys}\n{file}");
        assert_eq!(checkpoints_in(&parcel), [(4, Ok(signed(1))), (13, Ok(signed(2)))], "keys before them");
        let spoiled = file.replacen("link 07", "link 0x", 1);
        assert!(checkpoints_in(&spoiled)[0].1.is_err() && checkpoints_in(&spoiled)[1].1.is_ok());
    }
}
