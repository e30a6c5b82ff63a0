//! Addresses that a text gives as somebody's: `住…`, `地址：…`. Of a plot or a house that a request is about, the address is no
//! personal data and stays: it says what is asked for.

use super::address::mask_address;
use super::{Glyph, is_separator};

/// What people write before where they live; the longer before the shorter that it begins with.
const INTRODUCTIONS: [&str; 20] = [
    "户籍所在地",
    "家庭住址",
    "家庭地址",
    "居住地址",
    "户籍地址",
    "通讯地址",
    "通信地址",
    "联系地址",
    "邮寄地址",
    "收件地址",
    "收货地址",
    "住所地",
    "居住在",
    "居住于",
    "现住址",
    "家住",
    "现住",
    "住址",
    "住在",
    "住于",
];
/// What is read of an address.
const MOST: usize = 60;
/// What an address below the county is made of.
const BELOW_COUNTY: &str = "号室栋幢组弄巷街路镇乡村楼";

/// How many glyphs an introduction with its address takes. A bare 住 introduces one that begins with a division.
pub(super) fn match_introduced(rest: &[Glyph]) -> Option<usize> {
    let head: String = rest.iter().take(5).map(|glyph| glyph.folded).collect();
    let introduced =
        INTRODUCTIONS.iter().find(|words| head.starts_with(**words)).map(|words| words.chars().count());
    let bare = introduced.is_none() && head.starts_with('住');
    let from = introduced.or_else(|| bare.then_some(1))?;
    let (_, after) = rest.split_at_checked(from)?;
    let between = after.iter().take(4).take_while(|glyph| is_between(glyph.folded)).count();
    let (_, address) = after.split_at_checked(between)?;
    let address: String =
        address.iter().take(MOST).map(|glyph| glyph.folded).take_while(|c| !ends(*c)).collect();
    let address = address.trim_end_matches(is_between);
    let kept = divisions(address);
    let below = address.get(kept..)?;
    let tells = below.contains(|character| BELOW_COUNTY.contains(character)) && !below.starts_with('*');
    (tells && (kept > 0 || !bare)).then_some(from + between + address.chars().count())
}

/// The introduction and the address to its county: `住址：江苏省淮安市洪泽区***`.
pub(super) fn mask_introduced(text: &str) -> String {
    let introduced = INTRODUCTIONS
        .iter()
        .find(|words| text.starts_with(**words))
        .map_or('住'.len_utf8(), |words| words.len());
    let (head, after) = text.split_at_checked(introduced).unwrap_or((text, ""));
    let address = after.trim_start_matches(is_between);
    let between = after.strip_suffix(address).unwrap_or_default();
    let (divisions, _) = address.split_at_checked(divisions(address)).unwrap_or_default();
    format!("{head}{between}{divisions}***")
}

/// How many bytes of an address are divisions down to the county.
fn divisions(address: &str) -> usize {
    let masked = mask_address(address);
    masked.strip_suffix("***").map_or(address.len(), str::len)
}

fn is_between(character: char) -> bool {
    is_separator(character) || matches!(character, ':' | '：' | '为' | '是')
}

fn ends(character: char) -> bool {
    character.is_control() || "，。；、！？,;.!?()（）《》“”\"'".contains(character)
}
