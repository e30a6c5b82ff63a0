//! What becomes of a character once width, case and composition are folded.

use super::GAP;

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folded {
    /// It does not count.
    Nothing,
    /// A space.
    Space,
    /// It counts as this one.
    Character(char),
}

/// Folds a character that NFKC left. No character that counts is white space or ASCII punctuation: indexes take
/// neither for a letter.
pub(super) fn fold(character: char) -> Folded {
    match character {
        space if space.is_whitespace() => Folded::Space,
        hidden if hidden.is_control() || is_invisible(hidden) || hidden == GAP => Folded::Nothing,
        '"' | '\'' | '`' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‛' | '「' | '」' | '『' | '』'
        | '〝' | '〞' | '〟' | '«' | '»' | '‹' | '›' | '《' | '》' | '〈' | '〉' | '<' | '>' | '⟨' | '⟩'
        | '⟪' | '⟫' => Folded::Nothing,
        '(' | '[' | '{' | '〔' | '【' | '〖' | '〘' | '〚' | '❲' | '❨' | '⟦' => {
            Folded::Character('（')
        }
        ')' | ']' | '}' | '〕' | '】' | '〗' | '〙' | '〛' | '❳' | '❩' | '⟧' => {
            Folded::Character('）')
        }
        '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '━' => {
            Folded::Character('－')
        }
        '~' | '〜' | '∼' | '˜' => Folded::Character('～'),
        ',' | '、' => Folded::Character('，'),
        '.' | '。' => Folded::Character('．'),
        '·' | '・' | '•' | '‧' | '∙' | '⋅' | '●' => Folded::Character('·'),
        'ς' => Folded::Character('σ'),
        // The other marks of ASCII by their wide forms, which stand 0xFEE0 higher.
        mark if mark.is_ascii_punctuation() => {
            char::from_u32(u32::from(mark).saturating_add(0xfee0)).map_or(Folded::Nothing, Folded::Character)
        }
        other => Folded::Character(other),
    }
}

/// Characters that nobody sees: soft hyphens, joiners, marks of direction, selectors of variants, fillers.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
