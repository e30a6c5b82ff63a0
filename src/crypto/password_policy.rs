//! What a new password must be: long, not the user's name, not one that everybody tries first. No rules on kinds of
//! characters, which only make people write `Password1!`.

use zeroize::Zeroizing;

use super::password::Password;

/// Characters that a password has at least and at most.
const MIN_CHARACTERS: usize = 12;
const MAX_CHARACTERS: usize = 128;
/// Different characters that it has at least.
const MIN_DISTINCT: usize = 5;
/// A block this short, repeated, is no password.
const MAX_REPEATED_BLOCK: usize = 4;
/// What must be left of the password without the user's name.
const MIN_BESIDE_USERNAME: usize = 8;

/// One entry a line; lines that begin with `#` are comments.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Fewer than 12 characters.
    TooShort,
    /// More than 128 characters.
    TooLong,
    /// It is the user name, or little more than it.
    LikeUsername,
    /// It is among the commonest passwords, or one of them in a usual disguise.
    Common,
    /// A few characters only, a short block repeated, or a plain sequence.
    Monotonous,
}

impl PasswordProblem {
    /// The name by which the interface's catalogue knows it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::LikeUsername => "like_username",
            Self::Common => "common",
            Self::Monotonous => "monotonous",
        }
    }
}

/// Checks a new password for the user with this name. Old passwords are never checked again.
///
/// # Errors
/// Every problem at once, in the order of [`PasswordProblem`].
pub fn check_new_password(password: &Password, username: &str) -> Result<(), Vec<PasswordProblem>> {
    let folded = Zeroizing::new(password.expose().to_lowercase());
    let characters: Zeroizing<Vec<char>> = Zeroizing::new(folded.chars().collect());
    let length = password.expose().chars().count();
    let checks = [
        (length < MIN_CHARACTERS, PasswordProblem::TooShort),
        (length > MAX_CHARACTERS, PasswordProblem::TooLong),
        (is_like_username(&folded, username), PasswordProblem::LikeUsername),
        (is_common(&folded), PasswordProblem::Common),
        (is_monotonous(&characters), PasswordProblem::Monotonous),
    ];
    let problems: Vec<_> =
        checks.into_iter().filter_map(|(found, problem)| found.then_some(problem)).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether little is left when the user's name is taken out. Names of one or two characters are in many good passwords.
fn is_like_username(folded: &str, username: &str) -> bool {
    let username = username.to_lowercase();
    if username.chars().count() < 3 {
        return folded == username;
    }
    folded.contains(&username) && folded.replace(&username, "").chars().count() < MIN_BESIDE_USERNAME
}

/// Whether the password, or its core, is in the list. The core is what remains without the digits and signs around,
/// with look-alike characters read as letters, and once only if it is repeated.
fn is_common(folded: &str) -> bool {
    let core = Zeroizing::new(folded.trim_matches(|c: char| !c.is_alphabetic()).to_owned());
    let plain: Zeroizing<Vec<char>> = Zeroizing::new(core.chars().map(look_alike).collect());
    let once: Zeroizing<String> = Zeroizing::new(plain.iter().take(period(&plain)).collect());
    let plain: Zeroizing<String> = Zeroizing::new(plain.iter().collect());
    COMMON
        .lines()
        .filter(|line| !line.starts_with('#'))
        .any(|common| [folded, &core, &plain, &once].contains(&common))
}

/// The letter that a sign or digit is typed for.
fn look_alike(character: char) -> char {
    match character {
        '@' | '4' => 'a',
        '0' => 'o',
        '3' => 'e',
        '1' | '!' => 'i',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether a pattern makes up all of it: few characters, a short block over and over, or a sequence up or down.
fn is_monotonous(characters: &[char]) -> bool {
    let mut distinct = Zeroizing::new(characters.to_vec());
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < MIN_DISTINCT || period(characters) <= MAX_REPEATED_BLOCK || is_sequence(characters)
}

/// The length of the shortest block that, repeated (the last time perhaps in part), gives the whole.
fn period(characters: &[char]) -> usize {
    let repeats =
        |length: &usize| characters.iter().zip(characters.iter().skip(*length)).all(|(a, b)| a == b);
    (1..characters.len()).find(repeats).unwrap_or(characters.len())
}

/// Whether each character follows the one before, or precedes it (`abcdef`, `987654`); after 9 comes 0.
fn is_sequence(characters: &[char]) -> bool {
    let follows =
        |a: char, b: char| u32::from(a).checked_add(1) == Some(u32::from(b)) || (a, b) == ('9', '0');
    let pairs = || characters.iter().zip(characters.iter().skip(1));
    pairs().all(|(a, b)| follows(*a, *b)) || pairs().all(|(a, b)| follows(*b, *a))
}

#[cfg(test)]
mod tests {
    use super::{
        COMMON, PasswordProblem,
        PasswordProblem::{Common, LikeUsername, Monotonous, TooLong, TooShort},
        check_new_password, period,
    };
    use crate::crypto::random;

    fn problems(password: &str) -> Vec<PasswordProblem> {
        check_new_password(&password.into(), "zhangsan").err().unwrap_or_default()
    }

    #[test]
    fn good_passwords_pass() {
        for password in [
            "correct horse battery staple",
            "correcthorsecorrecthorse",
            "依申请公开办理系统的密码呀",
            "tK7#pq2m!Zx9",
            "password-is-not-my-password",
            "        v1e spaces",
            "19491001tiananmen",
        ] {
            assert_eq!(problems(password), [], "{password}");
        }
        for _ in 0..1_000 {
            let password = random::one_time_password();
            assert_eq!(problems(&password), [], "{password}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(problems("tK7#pq2m!Zx"), [TooShort]);
        assert_eq!(problems("一二三四五六七八九十天"), [TooShort]);
        assert_eq!(problems("一二三四五六七八九十天地"), []);
        let long: String = "tK7#pq2m!Zx94w".repeat(10);
        assert_eq!(problems(&long[..128]), []);
        assert_eq!(problems(&long[..129]), [TooLong]);
    }

    #[test]
    fn the_users_name_is_no_password() {
        for password in ["zhangsan1234", "Zhangsan@2026", "zhangsanzhangsan", "2026zhangsan!!!"] {
            assert!(problems(password).contains(&LikeUsername), "{password}");
        }
        assert_eq!(problems("zhangsan likes tea"), []);
        assert_eq!(check_new_password(&"banana bread 7".into(), "an"), Ok(()));
    }

    #[test]
    fn common_passwords_are_refused_in_their_usual_disguises() {
        for password in [
            "administrator",
            "Administrator1",
            "Password1234",
            "P@ssw0rd2026!",
            "p@$$w0rd!!!!",
            "123password123",
            "passwordpassword",
            "adminadminadmin",
            "Qwertyuiop123",
            "1qaz2wsx3edc",
            "1q2w3e4r5t6y",
            "woaini1314520",
            "xinxigongkai2026",
            "112233445566",
            "iloveyou12345",
            "Welcome@2026",
            "qwertyuiop[]",
        ] {
            assert!(problems(password).contains(&Common), "{password}");
        }
    }

    #[test]
    fn patterns_are_refused() {
        for password in [
            "aaaaaaaaaaaa",
            "AaAaAaAaAaAa",
            "121212121212",
            "abcabcabcabc",
            "1234123412341",
            "abcdefghijkl",
            "ABCDEFGHIJKLM",
            "123456789012",
            "987654321098",
            "zyxwvutsrqponm",
            "............",
            "密密密密密密密密密密密密",
        ] {
            assert!(problems(password).contains(&Monotonous), "{password}");
        }
    }

    #[test]
    fn all_problems_are_told_at_once() {
        assert_eq!(problems(""), [TooShort, Monotonous]);
        assert_eq!(problems("zhangsan"), [TooShort, LikeUsername, Common]);
        assert_eq!(problems(&"a".repeat(200)), [TooLong, Common, Monotonous]);
    }

    #[test]
    fn the_list_is_clean() {
        let mut seen = std::collections::BTreeSet::new();
        for line in COMMON.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line, line.trim().to_lowercase(), "{line}");
            assert!(!line.is_empty() && seen.insert(line), "{line}");
        }
    }

    #[test]
    fn periods() {
        let of = |text: &str| period(&text.chars().collect::<Vec<_>>());
        assert_eq!((of(""), of("a"), of("aa"), of("abab"), of("ababa"), of("abac")), (0, 1, 1, 2, 2, 4));
    }
}
