//! The master key: the one secret outside the database, in a file that only its owner reads, in a variable, or given by a command
//! (`command.rs`).

mod command;

use std::{
    collections::BTreeSet,
    fmt, fs,
    fs::File,
    io,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::{Zeroize as _, Zeroizing};

use super::{framed::hmac_sha256, hex, random, secret::SecretKey};

/// What is read of a file: more than any spelling of a key needs.
const MAX_FILE_BYTES: u64 = 256;
/// Fewer distinct bytes than this among 32 do not come from a random source (chance below 10^-13).
const MIN_DISTINCT_BYTES: usize = 16;

/// The key under which every agency's keys are wrapped and from which the other server secrets are derived. Wiped when
/// dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey(SecretKey);

/// Why the master key's file was not read or made. Each is one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// There is no such file.
    #[error("the master key file {} does not exist", .0.display())]
    Missing(PathBuf),
    /// A new key must not take the place of an old one: what it encrypted would be lost.
    #[error("the master key file {} already exists and is never overwritten", .0.display())]
    Exists(PathBuf),
    /// A directory, device or pipe.
    #[error("the master key file {} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Others may read it.
    #[error("the master key file {} can be read by others (mode {mode:03o}); set its mode to 600", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not 32 bytes in a known spelling.
    #[error("the master key file {} does not hold 64 hexadecimal or 44 base64 characters", .0.display())]
    Malformed(PathBuf),
    /// Well-formed, but nobody drew it at random.
    #[error("the master key in {} is not random (repeated or regular bytes); make one with a random source", .0.display())]
    Weak(PathBuf),
    /// The same of a key that is in no file.
    #[error("{0} does not give 64 hexadecimal or 44 base64 characters")]
    MalformedText(&'static str),
    /// The same of a key that is in no file.
    #[error("the master key of {0} is not random (repeated or regular bytes); make one with a random source")]
    WeakText(&'static str),
    /// The command that gives the key failed.
    #[error("the command of GONGKAI_MASTER_KEY_COMMAND {0}")]
    Command(String),
    /// The system refused.
    #[error("the master key file {} cannot be {action}: {source}", path.display())]
    Io {
        /// The file or its directory.
        path: PathBuf,
        /// What was tried: `read` or `written`.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl MasterKey {
    /// A new random key, in memory only.
    pub fn generate() -> Self {
        Self(SecretKey::from_bytes(random::bytes()))
    }

    /// The key in a file: 64 hexadecimal characters, or 43 or 44 of base64 (either alphabet), with or without white
    /// space around it.
    ///
    /// # Errors
    /// Each [`MasterKeyError`] but `Exists`: a key that others can read or that is obviously not random is refused.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        let text = read_private(path)?;
        let bytes = decode(text.trim()).ok_or_else(|| MasterKeyError::Malformed(path.to_owned()))?;
        if is_weak(&bytes) {
            return Err(MasterKeyError::Weak(path.to_owned()));
        }
        Ok(Self(SecretKey::from_bytes(*bytes)))
    }

    /// The key that a text spells, as a file would; `source` names the setting that gives it.
    ///
    /// # Errors
    /// `MalformedText`, `WeakText`.
    pub fn parse(text: &str, source: &'static str) -> Result<Self, MasterKeyError> {
        let bytes = decode(text.trim()).ok_or(MasterKeyError::MalformedText(source))?;
        if is_weak(&bytes) {
            Err(MasterKeyError::WeakText(source))
        } else {
            Ok(Self(SecretKey::from_bytes(*bytes)))
        }
    }

    /// Makes a new random key and its file (hexadecimal, mode 600), in a directory that is made (mode 700) if it is
    /// not there. On return file and directory entry are on disk.
    ///
    /// # Errors
    /// `Exists` if the file is there already, whatever it holds; `Io` if the system refuses.
    pub fn create(path: &Path) -> Result<Self, MasterKeyError> {
        let failed = |source| MasterKeyError::Io { path: path.to_owned(), action: "written", source };
        let directory = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        make_directory(directory).map_err(failed)?;
        let key = Self::generate();
        let mut file = match create_private(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(MasterKeyError::Exists(path.to_owned()));
            }
            Err(error) => return Err(failed(error)),
        };
        let written = write_key(&mut file, &key).and_then(|()| sync_directory(directory));
        if let Err(error) = written {
            // A file without the whole key would only be in the way. It is ours: `create_private` made it.
            let _ = fs::remove_file(path);
            return Err(failed(error));
        }
        Ok(key)
    }

    /// A name for this key that tells nothing about it (32 hexadecimal characters): the database keeps it and refuses
    /// to work under another key.
    pub fn fingerprint(&self) -> String {
        let [left, _] = halves(&hmac_sha256(&self.0, b"gongkai/master-fingerprint/v1"));
        hex::encode(&left)
    }

    /// A key for one purpose, `HMAC-SHA256(master, label)`. Labels look like `gongkai/access-token/v1`.
    pub fn derive(&self, label: &str) -> SecretKey {
        SecretKey::from_bytes(hmac_sha256(&self.0, label.as_bytes()))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

/// The two halves of a digest.
fn halves(digest: &[u8; 32]) -> [[u8; 16]; 2] {
    let mut halves = [[0; 16]; 2];
    for (half, bytes) in halves.iter_mut().zip(digest.chunks_exact(16)) {
        half.copy_from_slice(bytes);
    }
    halves
}

/// The text of a file that nobody else can read. The checks are made on the open file, so that it cannot be exchanged
/// between check and reading.
fn read_private(path: &Path) -> Result<Zeroizing<String>, MasterKeyError> {
    let failed = |source: io::Error| {
        if source.kind() == io::ErrorKind::NotFound {
            return MasterKeyError::Missing(path.to_owned());
        }
        MasterKeyError::Io { path: path.to_owned(), action: "read", source }
    };
    // Before opening, since opening a pipe would wait for its other end.
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(MasterKeyError::NotAFile(path.to_owned()));
    }
    let file = File::open(path).map_err(failed)?;
    refuse_exposed(path, &file.metadata().map_err(failed)?)?;
    let mut text = Zeroizing::new(Vec::with_capacity(512));
    file.take(MAX_FILE_BYTES).read_to_end(&mut text).map_err(failed)?;
    match std::str::from_utf8(&text) {
        Ok(key) => Ok(Zeroizing::new(key.to_owned())),
        Err(_) => Err(MasterKeyError::Malformed(path.to_owned())),
    }
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &fs::Metadata) -> Result<(), MasterKeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    let of_others = mode & 0o077;
    if of_others == 0 { Ok(()) } else { Err(MasterKeyError::Exposed { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &fs::Metadata) -> Result<(), MasterKeyError> {
    Ok(())
}

/// The 32 bytes that a text spells.
fn decode(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    if let Some(bytes) = hex::decode(&lower) {
        return Some(Zeroizing::new(bytes));
    }
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decoded = [&alphabet::STANDARD, &alphabet::URL_SAFE]
        .into_iter()
        .find_map(|letters| GeneralPurpose::new(letters, config).decode(text).ok());
    let decoded = Zeroizing::new(decoded?);
    let bytes: [u8; 32] = decoded.as_slice().try_into().ok()?;
    Some(Zeroizing::new(bytes))
}

/// Few distinct bytes, or each byte the same step from the last.
fn is_weak(bytes: &[u8; 32]) -> bool {
    let distinct: BTreeSet<u8> = bytes.iter().copied().collect();
    let steps: BTreeSet<u8> =
        bytes.iter().zip(bytes.iter().skip(1)).map(|(left, right)| right.wrapping_sub(*left)).collect();
    distinct.len() < MIN_DISTINCT_BYTES || steps.len() < 2
}

/// Makes the directory, for its owner only, if it is not there, and puts its entry on disk.
fn make_directory(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)?;
    match directory.parent() {
        Some(parent) if parent != Path::new("") => sync_directory(parent),
        _ => sync_directory(Path::new(".")),
    }
}

/// A new file for its owner only; an error if anything has that name.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write_key(file: &mut File, key: &MasterKey) -> io::Result<()> {
    let mut text = hex::encode(key.0.expose());
    text.push('\n');
    let written = file.write_all(text.as_bytes());
    text.zeroize();
    written?;
    file.sync_all()
}

/// Puts a directory's entries on disk.
fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use base64::{
        Engine as _,
        engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
    };
    use tempfile::TempDir;

    use super::{MasterKey, MasterKeyError, SecretKey};
    use crate::crypto::hex;

    /// Bytes that use every letter class of base64.
    fn sample() -> [u8; 32] {
        std::array::from_fn(|i| u8::try_from(i * i * 7 % 256).unwrap() ^ 0xfb)
    }

    fn file(dir: &TempDir, content: &[u8]) -> PathBuf {
        let path = dir.path().join("master.key");
        fs::write(&path, content).unwrap();
        set_mode(&path, 0o600);
        path
    }

    fn set_mode(path: &Path, mode: u32) {
        #[cfg(unix)]
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        #[cfg(not(unix))]
        let _ = (path, mode);
    }

    fn load(content: &[u8]) -> Result<MasterKey, MasterKeyError> {
        let dir = TempDir::new().unwrap();
        MasterKey::load(&file(&dir, content))
    }

    #[test]
    fn every_spelling_gives_the_same_key() {
        let bytes = sample();
        let hexadecimal = hex::encode(&bytes);
        let spellings = [
            hexadecimal.clone(),
            hexadecimal.to_uppercase(),
            format!("{hexadecimal}\n"),
            format!("{hexadecimal}\r\n"),
            STANDARD.encode(bytes),
            STANDARD_NO_PAD.encode(bytes),
            URL_SAFE.encode(bytes) + "\n",
            URL_SAFE_NO_PAD.encode(bytes),
        ];
        for spelling in spellings {
            let key = load(spelling.as_bytes()).unwrap();
            assert_eq!(key, MasterKey(SecretKey::from_bytes(bytes)), "{spelling}");
        }
    }

    #[test]
    fn a_file_without_a_whole_key_is_refused() {
        let hexadecimal = hex::encode(&sample());
        let contents: [Vec<u8>; 9] = [
            vec![],
            b"\n".to_vec(),
            hexadecimal.as_bytes()[..63].to_vec(),
            format!("{hexadecimal}0").into_bytes(),
            format!("{hexadecimal}\n{hexadecimal}\n").into_bytes(),
            hexadecimal.replace('f', "g").into_bytes(),
            STANDARD.encode([1; 31]).into_bytes(),
            vec![0xff; 32],
            vec![b'a'; 10_000],
        ];
        for content in contents {
            let error = load(&content).unwrap_err();
            assert!(matches!(error, MasterKeyError::Malformed(_)), "{content:?}: {error}");
        }
    }

    #[test]
    fn a_key_that_nobody_drew_at_random_is_refused() {
        let weak: [[u8; 32]; 5] = [
            [0; 32],
            [0xff; 32],
            std::array::from_fn(|i| u8::try_from(i).unwrap()),
            std::array::from_fn(|i| u8::try_from(255 - 3 * i).unwrap()),
            std::array::from_fn(|i| b"deadbeef"[i % 8]),
        ];
        for bytes in weak {
            let error = load(hex::encode(&bytes).as_bytes()).unwrap_err();
            assert!(matches!(error, MasterKeyError::Weak(_)), "{bytes:?}: {error}");
        }
    }

    #[test]
    fn a_key_comes_from_a_text_or_a_command_too() {
        let text = hex::encode(&sample());
        assert_eq!(MasterKey::parse(&format!(" {text}\n"), "X").unwrap(), load(text.as_bytes()).unwrap());
        assert!(matches!(MasterKey::parse("", "X"), Err(MasterKeyError::MalformedText("X"))));
        assert!(matches!(MasterKey::parse(&"0".repeat(64), "X"), Err(MasterKeyError::WeakText("X"))));
        let given = MasterKey::of_command(&format!("printf '%s\\n' {text}")).unwrap();
        assert_eq!(given, load(text.as_bytes()).unwrap());
        for (command, reason) in [("exit 3", "failed"), ("echo no", "64 hexadecimal"), ("yes", "failed")] {
            let error = MasterKey::of_command(command).unwrap_err().to_string();
            assert!(error.contains(reason), "{command}: {error}");
        }
    }

    #[test]
    fn a_missing_file_or_a_directory_is_named() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("none");
        let error = MasterKey::load(&path).unwrap_err();
        assert_eq!(error.to_string(), format!("the master key file {} does not exist", path.display()));
        assert!(matches!(MasterKey::load(dir.path()), Err(MasterKeyError::NotAFile(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let dir = TempDir::new().unwrap();
        let path = file(&dir, hex::encode(&sample()).as_bytes());
        for mode in [0o640, 0o604, 0o644, 0o660, 0o602] {
            set_mode(&path, mode);
            let error = MasterKey::load(&path).unwrap_err();
            assert!(matches!(error, MasterKeyError::Exposed { mode: m, .. } if m == mode), "{error}");
        }
        set_mode(&path, 0o400);
        assert!(MasterKey::load(&path).is_ok());
    }

    #[test]
    fn a_made_key_is_private_loads_again_and_is_never_overwritten() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("a").join("b").join("master.key");
        let key = MasterKey::create(&path).unwrap();
        assert_eq!(MasterKey::load(&path).unwrap(), key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
        let before = fs::read(&path).unwrap();
        assert!(matches!(MasterKey::create(&path), Err(MasterKeyError::Exists(_))));
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_an_error() {
        let dir = TempDir::new().unwrap();
        let path = file(&dir, b"not a directory").join("master.key");
        assert!(matches!(MasterKey::create(&path), Err(MasterKeyError::Io { action: "written", .. })));
    }

    /// Computed with Python's hmac module.
    #[test]
    fn fingerprint_and_derived_keys_never_change() {
        let key = MasterKey(SecretKey::from_bytes(sample()));
        assert_eq!(key.fingerprint(), "ca2e16b772fe7902c050b8d3de53c3c4");
        assert_eq!(
            hex::encode(key.derive("gongkai/access-token/v1").expose()),
            "66908bedd08801d0586730af5349c1a4a8a07263096ecc765a160e8e02bff85e"
        );
        assert_ne!(key.derive("a"), key.derive("b"));
        assert_ne!(key.fingerprint(), MasterKey::generate().fingerprint());
        assert_eq!(format!("{key:?}"), "MasterKey");
    }
}
