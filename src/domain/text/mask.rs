//! Masks for a name, a number, an e-mail address.

use super::{is_mobile, without_country_code};
use crate::domain::identity::{fold_width, normalize_number};

/// Surnames of two characters, so that the whole surname is shown.
const COMPOUND_SURNAMES: [&str; 24] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空", "夏侯",
    "端木", "轩辕", "长孙", "宇文", "独孤", "南宫", "呼延", "东郭", "澹台", "闻人", "百里",
];

/// How names of organisations end; the longer before the shorter that it ends with.
const ORGANISATION_ENDINGS: [&str; 38] = [
    "律师事务所",
    "村民委员会",
    "居民委员会",
    "有限公司",
    "事务所",
    "委员会",
    "基金会",
    "研究院",
    "研究所",
    "合作社",
    "联合会",
    "办事处",
    "服务部",
    "经营部",
    "工作室",
    "幼儿园",
    "公司",
    "集团",
    "中心",
    "协会",
    "学会",
    "商会",
    "大学",
    "学院",
    "学校",
    "小学",
    "中学",
    "医院",
    "银行",
    "杂志社",
    "报社",
    "厂",
    "店",
    "社",
    "院",
    "所",
    "局",
    "会",
];

/// Masks a name: the surname of a person stays (`张*`, `欧阳**`), of a foreign name its first letter, of an
/// organisation its first character and the ending that says what it is (`淮**********有限公司`).
///
/// ```
/// use gongkai::domain::text::mask_name;
///
/// assert_eq!(mask_name("张伟"), "张*");
/// assert_eq!(mask_name("欧阳娜娜"), "欧阳**");
/// assert_eq!(mask_name("淮安市白马律师事务所"), "淮****律师事务所");
/// assert_eq!(mask_name("Maria Lopez"), "M**** *****");
/// ```
pub fn mask_name(name: &str) -> String {
    let count = name.chars().filter(|character| !is_between_names(*character)).count();
    if count >= 5
        && let Some(ending) = ORGANISATION_ENDINGS.iter().find(|ending| name.ends_with(**ending))
    {
        return mask_between(name, 1, ending.chars().count().min(count - 2));
    }
    let compound = count >= 3 && COMPOUND_SURNAMES.iter().any(|surname| name.starts_with(surname));
    let surname = match count {
        0 | 1 => 0,
        _ if compound => 2,
        _ => 1,
    };
    mask_between(name, surname, 0)
}

/// Masks an identity number: the first 3 and last 2 characters stay; of one shorter than 8 characters, none.
///
/// ```
/// assert_eq!(gongkai::domain::text::mask_id_number("11010519491231002X"), "110*************2X");
/// ```
pub fn mask_id_number(number: &str) -> String {
    let number = normalize_number(number);
    if number.chars().count() < 8 { mask_between(&number, 0, 0) } else { mask_between(&number, 3, 2) }
}

/// Masks a telephone number, the country code left out: of a mobile number the first 3 and last 4 digits
/// stay, of another the last 2, and nothing of one shorter than 7 digits.
///
/// ```
/// use gongkai::domain::text::mask_phone;
///
/// assert_eq!(mask_phone("+86 138-1234-5678"), "138****5678");
/// assert_eq!(mask_phone("0517-83901234"), "**********34");
/// ```
pub fn mask_phone(phone: &str) -> String {
    let digits: String = phone.chars().map(fold_width).filter(char::is_ascii_digit).collect();
    let digits = without_country_code(&digits).unwrap_or(&digits);
    match digits.len() {
        _ if is_mobile(digits) => mask_between(digits, 3, 4),
        0..=6 => "*".repeat(phone.chars().count()),
        _ => mask_between(digits, 0, 2),
    }
}

/// Masks an e-mail address: the first character and the domain stay. A text without @ is masked whole.
///
/// ```
/// assert_eq!(gongkai::domain::text::mask_email("zhangwei@example.com"), "z***@example.com");
/// ```
pub fn mask_email(email: &str) -> String {
    let at = email.char_indices().rfind(|(_, character)| fold_width(*character) == '@');
    let Some((local, domain)) = at.and_then(|(at, _)| email.split_at_checked(at)) else {
        return mask_between(email, 0, 0);
    };
    let mut characters = local.chars();
    let first = characters.next().filter(|_| characters.next().is_some());
    first.into_iter().chain("***".chars()).chain(domain.chars()).collect()
}

/// Shows the first `head` and last `tail` characters, and a star for each of the others but spaces and the
/// dots between the parts of a name.
fn mask_between(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    let mask = |(at, character): (usize, char)| {
        let shown = at < head || at + tail >= count || is_between_names(character);
        if shown { character } else { '*' }
    };
    text.chars().enumerate().map(mask).collect()
}

/// Whether the character stands between the parts of a name, as in 阿卜杜拉·买买提.
fn is_between_names(character: char) -> bool {
    character.is_whitespace() || matches!(character, '·' | '•')
}

#[cfg(test)]
mod tests {
    use super::{mask_email, mask_id_number, mask_name, mask_phone};

    #[test]
    fn names_keep_the_surname() {
        let cases = [
            ("", ""),
            ("张", "*"),
            ("张伟", "张*"),
            ("张三丰", "张**"),
            ("欧阳锋", "欧阳*"),
            ("欧阳", "欧*"),
            ("司马相如", "司马**"),
            ("阿卜杜拉·买买提", "阿***·***"),
            ("Maria Lopez", "M**** *****"),
            ("张*", "张*"),
            (" 张 ", " * "),
            ("张 伟", "张 *"),
            ("淮安市清江浦区张伟水果店", "淮**********店"),
            ("某某有限公司", "某*有限公司"),
            ("村民委员会", "村*委员会"), // nothing but an ending: still masked in part
            ("清华大学", "清***"),       // as short as a person's name
        ];
        for (name, masked) in cases {
            assert_eq!(mask_name(name), masked, "{name}");
        }
    }

    #[test]
    fn numbers_and_addresses_of_e_mail_keep_their_ends() {
        assert_eq!(mask_id_number("110105 19491231 002x"), "110*************2X");
        assert_eq!(mask_id_number("E12345678"), "E12****78");
        assert_eq!(mask_id_number("1234567"), "*******");
        assert_eq!(mask_phone("13812345678"), "138****5678");
        assert_eq!(mask_phone("008613812345678"), "138****5678");
        assert_eq!(mask_phone("83901234"), "******34");
        assert_eq!(mask_phone("12345"), "*****");
        assert_eq!(mask_phone("无"), "*");
        assert_eq!(mask_email("zhang＠example.com"), "z***＠example.com");
        assert_eq!(mask_email("a@b.cn"), "***@b.cn");
        assert_eq!(mask_email("无"), "*");
    }
}
