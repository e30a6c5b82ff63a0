//! A list of passwords that became known, in a file that the office keeps: none of them is taken as a new one.
//!
//! The file has one of two forms, told by its first line:
//!
//! * SHA-1 hashes in hexadecimal digits, sorted, one a line, each perhaps with `:` and a count: what "Pwned Passwords, ordered by hash"
//!   is. It may have any size (that one has some 40 GB): it is searched where it lies, in some 40 reads of 128 bytes.
//! * the passwords themselves, one a line, in any order: at most 16 MiB, which are read into memory at the start.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use super::hex;

/// Bytes of a SHA-1, and their hexadecimal digits.
const HASH: usize = 20;
const DIGITS: usize = 2 * HASH;
/// How much of the file is read to find a line: two of the longest lines (40 digits, a colon, a count, CR LF), and some.
const WINDOW: usize = 160;
/// The largest file of passwords in clear.
const MAX_CLEAR: u64 = 16 * 1024 * 1024;
/// In how many places a file of hashes is looked at before it is believed to be sorted.
const PROBES: u64 = 64;

/// The list.
pub struct Blocklist(Kind);

enum Kind {
    /// Sorted hashes in a file of so many bytes.
    Hashes(File, u64),
    /// Passwords, in small letters.
    Clear(HashSet<String>),
}

impl fmt::Debug for Blocklist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blocklist")
    }
}

impl Blocklist {
    /// Opens a list.
    ///
    /// # Errors
    /// In words: it cannot be read, is neither of the two forms, is not sorted, or too large to be held in memory.
    pub fn open(path: &Path) -> Result<Self, String> {
        let told = |error: io::Error| format!("{} cannot be read: {error}", path.display());
        let file = File::open(path).map_err(told)?;
        let length = file.metadata().map_err(told)?.len();
        if line_from(&file, 0, length).map_err(told)?.is_some_and(|line| line.hash.is_some()) {
            let list = Self(Kind::Hashes(file, length));
            list.must_be_sorted().map_err(|reason| format!("{}: {reason}", path.display()))?;
            return Ok(list);
        }
        if length > MAX_CLEAR {
            return Err(format!(
                "{} has passwords in clear and more than 16 MiB: give a list of SHA-1 hashes, sorted",
                path.display()
            ));
        }
        let mut text = Zeroizing::new(String::new());
        file.take(MAX_CLEAR).read_to_string(&mut text).map_err(told)?;
        let all: HashSet<String> =
            text.lines().filter(|line| !line.is_empty()).map(str::to_lowercase).collect();
        if all.is_empty() { Err(format!("{} is empty", path.display())) } else { Ok(Self(Kind::Clear(all))) }
    }

    /// Whether a password is in it, as it was typed or in small letters. It may read the disk.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn holds(&self, password: &str) -> io::Result<bool> {
        let folded = Zeroizing::new(password.to_lowercase());
        match &self.0 {
            Kind::Clear(all) => Ok(all.contains(folded.as_str())),
            Kind::Hashes(file, length) => {
                let found = |text: &str| find(file, *length, &Sha1::digest(text.as_bytes()).into());
                Ok(found(password)? || found(&folded)?)
            }
        }
    }

    /// Looks at so many places of the file: hashes that do not rise would be missed silently.
    fn must_be_sorted(&self) -> Result<(), String> {
        let Kind::Hashes(file, length) = &self.0 else { return Ok(()) };
        let mut before = None;
        for probe in 0..PROBES {
            let at = (u128::from(*length) * u128::from(probe)).checked_div(u128::from(PROBES)).unwrap_or(0);
            let at = u64::try_from(at).unwrap_or(0);
            let Some(line) = line_from(file, at, *length).map_err(|error| error.to_string())? else { break };
            let hash = line
                .hash
                .ok_or("it has lines of another form than 40 hexadecimal digits, with or without a count")?;
            if before.is_some_and(|before| before > hash) {
                return Err("its hashes are not sorted: take the list that is ordered by hash".to_owned());
            }
            before = Some(hash);
        }
        Ok(())
    }
}

/// A line of a file of hashes.
struct Line {
    /// Where it begins.
    at: u64,
    /// The hash that it begins with; none when it begins otherwise.
    hash: Option<[u8; HASH]>,
}

/// The first line that begins at `at` or behind it.
fn line_from(file: &File, at: u64, length: u64) -> io::Result<Option<Line>> {
    let from = at.saturating_sub(1);
    let mut window = [0; WINDOW];
    let read = read_at(file, &mut window, from)?;
    let window = window.get(..read).unwrap_or_default();
    let begins = if at == 0 {
        0
    } else {
        match window.iter().position(|byte| *byte == b'\n') {
            Some(end) => end.saturating_add(1),
            None if from.saturating_add(u64::try_from(read).unwrap_or(0)) >= length => return Ok(None),
            None => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "a line is too long for a list of hashes",
                ));
            }
        }
    };
    let at = from.saturating_add(u64::try_from(begins).unwrap_or(0));
    if at >= length {
        return Ok(None);
    }
    let rest = window.get(begins..).unwrap_or_default();
    let digits = rest.get(..DIGITS).and_then(|digits| std::str::from_utf8(digits).ok());
    let ends = rest.get(DIGITS).is_none_or(|next| matches!(next, b':' | b'\r' | b'\n'));
    let hash = digits.filter(|_| ends).and_then(|digits| hex::decode(&digits.to_ascii_lowercase()));
    Ok(Some(Line { at, hash }))
}

/// Reads until the window is full or the file ends.
fn read_at(file: &File, window: &mut [u8], at: u64) -> io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = window.get_mut(read..).filter(|rest| !rest.is_empty()) {
        let more = file.read_at(rest, at.saturating_add(u64::try_from(read).unwrap_or(0)))?;
        if more == 0 {
            break;
        }
        read = read.saturating_add(more);
    }
    Ok(read)
}

/// Looks a hash up by halving: what is looked for begins between `low` and `high`.
fn find(file: &File, length: u64, wanted: &[u8; HASH]) -> io::Result<bool> {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = low.saturating_add(high.saturating_sub(low) >> 1);
        let Some(line) = line_from(file, middle, length)?.filter(|line| line.at < high) else {
            high = middle;
            continue;
        };
        let hash = line
            .hash
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a line of the list is no hash"))?;
        match hash.cmp(wanted) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = line.at.saturating_add(1),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use sha1::{Digest as _, Sha1};

    use super::Blocklist;
    use crate::crypto::hex;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn sha1(text: &str) -> String {
        hex::encode(&<[u8; 20]>::from(Sha1::digest(text.as_bytes())))
    }

    #[test]
    fn every_hash_of_a_sorted_file_is_found_and_no_other() {
        let known = |n: usize| format!("Known-Password-{n}");
        for (count, end, upper) in [
            (1, "\n", false),
            (2, "", true),
            (3, ":7\r\n", true),
            (500, ":12345678\r\n", true),
            (501, "\n", false),
        ] {
            let mut lines: Vec<String> = (0..count).map(|n| sha1(&known(n))).collect();
            lines.sort();
            let text: String = if end.is_empty() { lines.join("\n") } else { lines.join(end) + end };
            let text = if upper { text.to_uppercase() } else { text };
            let kept = file(&text);
            let list = Blocklist::open(kept.path()).unwrap();
            for n in 0..count {
                assert!(list.holds(&known(n)).unwrap(), "{n} of {count}");
            }
            for n in count..count + 200 {
                assert!(!list.holds(&known(n)).unwrap(), "{n} of {count}");
            }
        }
        // One that is known in small letters is known however it is typed.
        let kept = file(&format!("{}\n", sha1("correct horse")));
        assert!(Blocklist::open(kept.path()).unwrap().holds("Correct Horse").unwrap());
    }

    #[test]
    fn passwords_in_clear_are_a_list_too() {
        let kept = file("Correct horse\r\n\nabc\n");
        let list = Blocklist::open(kept.path()).unwrap();
        let found =
            ["correct HORSE", "ABC", "", "correct", "Correct horse\r"].map(|text| list.holds(text).unwrap());
        assert_eq!(found, [true, true, false, false, false]);
    }

    #[test]
    fn what_is_no_list_is_refused_in_words() {
        let refused = |text: &str| Blocklist::open(file(text).path()).unwrap_err();
        assert!(refused("").contains("is empty"));
        let mut lines: Vec<String> = (0..200).map(|n| sha1(&n.to_string())).collect();
        lines.sort();
        lines.reverse();
        assert!(refused(&(lines.join("\n") + "\n")).contains("not sorted"));
        let odd = format!("{}\n{}", sha1("a"), "x".repeat(30_000));
        assert!(refused(&odd).contains("too long"), "{}", refused(&odd));
        let odd = format!("{}\n{}", sha1("a"), "short\n".repeat(3_000));
        assert!(refused(&odd).contains("another form"), "{}", refused(&odd));
        let missing = Blocklist::open(std::path::Path::new("/nowhere/list.txt")).unwrap_err();
        assert!(missing.contains("/nowhere/list.txt cannot be read"), "{missing}");
    }
}
