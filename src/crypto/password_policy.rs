//! What a new password must be: long, not the user's name, not a word of the place, not one that everybody tries first.
//!
//! Two profiles, since two authorities contradict each other: GB/T 22239-2019 (等级保护), 8.1.4.1 a, wants several kinds of
//! characters and a change from time to time; NIST SP 800-63B-4, 3.1.1, forbids both and wants length. An office chooses.

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::TimeDelta;
use zeroize::Zeroizing;

use super::password::Password;

/// Characters that a password has at most: more than the 64 that NIST wants to be possible.
const MAX_CHARACTERS: usize = 128;
/// Words of every such office. A password that is little more than some of them is guessed.
const CONTEXT: &[&str] = &[
    "xinxigongkai",
    "zhengfuxinxi",
    "gongkai",
    "zhengfu",
    "zhengwu",
    "政府信息公开",
    "信息公开",
    "公开",
    "政府",
    "政务",
];
/// Different characters that it has at least.
const MIN_DISTINCT: usize = 5;
/// A block this short, repeated, is no password.
const MAX_REPEATED_BLOCK: usize = 4;
/// What must be left of the password without the user's name.
const MIN_BESIDE_USERNAME: usize = 8;

/// One entry a line; lines that begin with `#` are comments.
const COMMON: &str = include_str!("common_passwords.txt");
/// The commonest passwords that are long enough, in the same form (OWASP ASVS 6.2.4).
const COMMONEST: &str = include_str!("commonest_passwords.txt");

/// Both lists.
static ALL_COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(COMMON).chain(entries(COMMONEST)).collect());

fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#'))
}

/// What is asked of passwords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordProfile {
    /// 等级保护: at least 12 characters of three kinds out of four, another one every 90 days, none of the last five again.
    #[default]
    Dengbao,
    /// NIST SP 800-63B-4: at least 15 characters of any kind, until it is known to others.
    Nist,
}

impl PasswordProfile {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Dengbao, Self::Nist];

    /// Its name in the settings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dengbao => "dengbao",
            Self::Nist => "nist",
        }
    }

    /// Characters that a password has at least.
    pub const fn least(self) -> usize {
        match self {
            Self::Dengbao => 12,
            Self::Nist => 15,
        }
    }

    /// Kinds of characters that it has at least, out of four: capital letters, small letters, digits, all others (signs, spaces,
    /// Chinese characters).
    const fn kinds(self) -> usize {
        match self {
            Self::Dengbao => 3,
            Self::Nist => 1,
        }
    }

    /// How long it holds. Example: one set on 1 March 2026 at 09:00 must be changed from 30 May 2026, 09:00, on.
    pub const fn lasts(self) -> Option<TimeDelta> {
        match self {
            Self::Dengbao => Some(TimeDelta::days(90)),
            Self::Nist => None,
        }
    }

    /// Whether none of the last five passwords is taken again.
    pub const fn remembers(self) -> bool {
        match self {
            Self::Dengbao => true,
            Self::Nist => false,
        }
    }
}

/// Whose password it shall be, and what is asked of it.
#[derive(Clone, Copy, Debug)]
pub struct NewPassword<'a> {
    /// What is asked.
    pub profile: PasswordProfile,
    /// The sign-in name.
    pub username: &'a str,
    /// The agency's code and name.
    pub agency: &'a [&'a str],
}

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Fewer characters than the profile asks for.
    TooShort,
    /// More than 128 characters.
    TooLong,
    /// Fewer kinds of characters than the profile asks for.
    TooPlain,
    /// It is the user name, or little more than it.
    LikeUsername,
    /// It is little more than the agency's code or name, or words of every such office.
    LikeContext,
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
            Self::TooPlain => "too_plain",
            Self::LikeUsername => "like_username",
            Self::LikeContext => "like_context",
            Self::Common => "common",
            Self::Monotonous => "monotonous",
        }
    }
}

/// Checks a new password. Old passwords are never checked again.
///
/// # Errors
/// Every problem at once, in the order of [`PasswordProblem`].
pub fn check_new_password(password: &Password, asked: &NewPassword) -> Result<(), Vec<PasswordProblem>> {
    let folded = Zeroizing::new(password.expose().to_lowercase());
    let characters: Zeroizing<Vec<char>> = Zeroizing::new(folded.chars().collect());
    let length = password.expose().chars().count();
    let checks = [
        (length < asked.profile.least(), PasswordProblem::TooShort),
        (length > MAX_CHARACTERS, PasswordProblem::TooLong),
        (kinds(password) < asked.profile.kinds(), PasswordProblem::TooPlain),
        (is_like_username(&folded, asked.username), PasswordProblem::LikeUsername),
        (is_like_context(&folded, asked.agency), PasswordProblem::LikeContext),
        (is_common(&folded), PasswordProblem::Common),
        (is_monotonous(&characters), PasswordProblem::Monotonous),
    ];
    let problems: Vec<_> =
        checks.into_iter().filter_map(|(found, problem)| found.then_some(problem)).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// How many kinds of characters it has, out of four. An empty one has none.
fn kinds(password: &Password) -> usize {
    let has = |kind: fn(char) -> bool| usize::from(password.expose().chars().any(kind));
    let other = |c: char| !c.is_ascii_alphanumeric();
    [|c: char| c.is_ascii_uppercase(), |c: char| c.is_ascii_lowercase(), |c: char| c.is_ascii_digit(), other]
        .into_iter()
        .fold(0, |kinds, kind| has(kind).saturating_add(kinds))
}

/// Whether little is left when the words of the place are taken out.
fn is_like_context(folded: &str, agency: &[&str]) -> bool {
    let own = agency.iter().map(|word| word.to_lowercase()).filter(|word| word.chars().count() >= 2);
    let mut rest = Zeroizing::new(folded.to_owned());
    for word in own.chain(CONTEXT.iter().map(|word| (*word).to_owned())) {
        rest = Zeroizing::new(rest.replace(&word, ""));
    }
    *rest != *folded && rest.chars().count() < MIN_BESIDE_USERNAME
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
    [folded, &core, &plain, &once].into_iter().any(|form| ALL_COMMON.contains(form))
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
        COMMON, COMMONEST, NewPassword, PasswordProblem,
        PasswordProblem::{Common, LikeContext, LikeUsername, Monotonous, TooLong, TooPlain, TooShort},
        PasswordProfile, check_new_password, entries, period,
    };
    use crate::crypto::random;

    fn asked(profile: PasswordProfile) -> NewPassword<'static> {
        NewPassword { profile, username: "zhangsan", agency: &["320800", "淮安市人民政府办公室"] }
    }

    fn by(profile: PasswordProfile, password: &str) -> Vec<PasswordProblem> {
        check_new_password(&password.into(), &asked(profile)).err().unwrap_or_default()
    }

    /// Whatever the profile says of length and kinds: what each of them refuses alike.
    fn problems(password: &str) -> Vec<PasswordProblem> {
        let mut found = by(PasswordProfile::Dengbao, password);
        found.retain(|problem| *problem != TooPlain);
        found
    }

    #[test]
    fn each_profile_asks_for_its_own_length_and_kinds() {
        use PasswordProfile::{Dengbao, Nist};
        for (password, dengbao, nist) in [
            ("tK7#pq2m!Zx9", vec![], vec![TooShort]),
            ("tK7#pq2m!Zx", vec![TooShort], vec![TooShort]),
            ("tK7#pq2m!Zx94w", vec![], vec![TooShort]),
            ("tK7#pq2m!Zx94wh", vec![], vec![]),
            ("correct horse battery staple", vec![TooPlain], vec![]),
            ("Correct horse battery staple", vec![], vec![]),
            ("correcthorsebatterystaple", vec![TooPlain], vec![]),
            ("correcthorsebattery7staple", vec![TooPlain], vec![]),
            ("CORRECThorsebattery7staple", vec![], vec![]),
            ("窗前明月光疑是地上霜举头望", vec![TooPlain], vec![TooShort]),
            ("窗前明月光疑是地上霜举头望明月", vec![TooPlain], vec![]),
            ("窗前明月光疑是地上霜Li8", vec![], vec![TooShort]),
            ("", vec![TooShort, TooPlain, Monotonous], vec![TooShort, TooPlain, Monotonous]),
        ] {
            assert_eq!((by(Dengbao, password), by(Nist, password)), (dengbao, nist), "{password}");
        }
        assert_eq!((Dengbao.lasts().map(|lasts| lasts.num_days()), Nist.lasts()), (Some(90), None));
        assert!(Dengbao.remembers() && !Nist.remembers());
        let sixty_four = "tK7#pq2m!Zx94wLb".repeat(4);
        assert_eq!((sixty_four.len(), by(Nist, &sixty_four)), (64, vec![]));
    }

    #[test]
    fn words_of_the_place_are_no_password() {
        for password in [
            "Gongkai@2026#1",
            "320800@Gongkai",
            "ZhengFu-320800!",
            "淮安市人民政府办公室A1#",
            "信息公开-Gongkai-1",
        ] {
            assert!(problems(password).contains(&LikeContext), "{password}");
        }
        assert_eq!(problems("320800 and a Long tale"), []);
        assert_eq!(problems("依申请公开办理系统的密码呀"), []);
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
            for profile in PasswordProfile::ALL {
                assert_eq!(by(*profile, &password), [], "{password}");
            }
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
        let an = NewPassword { username: "an", ..asked(PasswordProfile::Dengbao) };
        assert_eq!(check_new_password(&"Banana bread 7".into(), &an), Ok(()));
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
        for list in [COMMON, COMMONEST] {
            let mut seen = std::collections::BTreeSet::new();
            for line in entries(list) {
                assert_eq!(line, line.trim().to_lowercase(), "{line}");
                assert!(!line.is_empty() && seen.insert(line), "{line}");
            }
        }
    }

    /// At least the 3,000 commonest that each profile would take otherwise (OWASP ASVS 6.2.4), however they are capitalised.
    #[test]
    fn the_commonest_passwords_that_each_profile_would_take_are_refused() {
        for profile in PasswordProfile::ALL {
            let mut refused = 0;
            for line in entries(COMMONEST) {
                // One small letter in capitals is the disguise that gives the third kind.
                let letter = line.find(|c: char| c.is_ascii_lowercase());
                let typed: String = line
                    .char_indices()
                    .map(|(n, c)| if Some(n) == letter { c.to_ascii_uppercase() } else { c })
                    .collect();
                let problems = by(*profile, &typed);
                assert!(problems.contains(&Common), "{typed}: {problems:?}");
                refused += usize::from(problems == [Common]);
            }
            assert!(refused >= 3_000, "{profile:?}: {refused}");
        }
    }

    #[test]
    fn periods() {
        let of = |text: &str| period(&text.chars().collect::<Vec<_>>());
        assert_eq!((of(""), of("a"), of("aa"), of("abab"), of("ababa"), of("abac")), (0, 1, 1, 2, 2, 4));
    }
}
