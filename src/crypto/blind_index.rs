//! Blind indexes: finding a row by a value that is stored encrypted only.
//!
//! The index is a keyed hash under the agency's own index key, so that nobody without the key can try out ID numbers, and
//! the indexes of two agencies do not join. It tells which rows of an agency are equal: never use it for a field
//! of few values, such as a surname or a gender.

use zeroize::Zeroizing;

use super::{
    column::AgencyKeys,
    framed::{frame, hmac_sha256},
};

/// What is hashed first, so that no other use of the key can give the same bytes.
const TAG: &[u8] = b"gongkai/blind-index/v1";

/// The blind index of `value` in `field` (a fixed name such as `id_number`): the first 16 bytes of HMAC-SHA256 over tag,
/// field and the [`normalise`]d value.
pub fn blind_index(keys: &AgencyKeys, field: &str, value: &str) -> [u8; 16] {
    let message = Zeroizing::new(frame(&[TAG, field.as_bytes(), normalise(value).as_bytes()]));
    let mut index = [0; 16];
    for (byte, of_hash) in index.iter_mut().zip(hmac_sha256(keys.index_key(), &message)) {
        *byte = of_hash;
    }
    index
}

/// What counts as the same value: full-width ASCII and the ideographic space become plain ASCII, white space around is
/// dropped, letters become upper case (`１１０x ` is `110X`).
///
/// This is the part of Unicode's NFKC that people type into these fields; other compatibility forms stay as they are.
pub fn normalise(value: &str) -> Zeroizing<String> {
    let folded: Zeroizing<String> = Zeroizing::new(value.chars().map(fold_width).collect());
    Zeroizing::new(folded.trim().to_uppercase())
}

/// The plain form of a full-width character (U+FF01 to U+FF5E, and the ideographic space).
fn fold_width(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character).saturating_sub(0xfee0)).unwrap_or(character)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{AgencyKeys, blind_index, normalise};

    #[test]
    fn the_same_value_is_found_however_it_was_typed() {
        let keys = AgencyKeys::generate();
        let index = blind_index(&keys, "id_number", "11010119900307000X");
        for typed in [
            "11010119900307000x",
            " 11010119900307000X\t",
            "１１０１０１１９９００３０７０００Ｘ",
            "\u{3000}11010119900307000ｘ\u{3000}",
        ] {
            assert_eq!(blind_index(&keys, "id_number", typed), index, "{typed}");
        }
        for other in ["110101199003070001", "11010119900307000", "", "1101 0119900307000X"] {
            assert_ne!(blind_index(&keys, "id_number", other), index, "{other}");
        }
    }

    #[test]
    fn field_and_agency_count() {
        let keys = AgencyKeys::generate();
        let index = blind_index(&keys, "phone", "13800000000");
        assert_ne!(blind_index(&keys, "fax", "13800000000"), index);
        assert_ne!(blind_index(&keys, "phone1", "3800000000"), index);
        assert_ne!(blind_index(&AgencyKeys::generate(), "phone", "13800000000"), index);
    }

    #[test]
    fn what_normalising_keeps_and_changes() {
        for (typed, normalised) in
            [("张三", "张三"), ("！～ａＺ０", "!~AZ0"), ("a@b.cn", "A@B.CN"), ("￥", "￥"), ("\u{3000} ", "")]
        {
            assert_eq!(normalise(typed).as_str(), normalised);
            assert_eq!(normalise(normalised).as_str(), normalised);
        }
    }
}
