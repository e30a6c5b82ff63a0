//! The truth: a plain scan for substrings, with a table of its own of what counts as the same. It shares nothing with the
//! program, and knows only the characters that these tests use.

/// A text with everything that does not count made the same.
pub fn plain(text: &str) -> String {
    let mut out: Vec<char> = Vec::new();
    let mut space = false;
    for mut c in text.chars() {
        if ('！'..='～').contains(&c) {
            c = char::from_u32(u32::from(c) - 0xfee0).unwrap();
        }
        if c == ' ' || c == '\u{3000}' || c == '\t' || c == '\u{a0}' {
            space = true;
            continue;
        }
        if "\"'“”‘’「」『』《》〈〉<>\u{200b}".contains(c) {
            continue;
        }
        if "([{〔【".contains(c) {
            c = '(';
        }
        if ")]}〕】".contains(c) {
            c = ')';
        }
        if "—–".contains(c) {
            c = '-';
        }
        if c == '、' {
            c = ',';
        }
        if c == '。' {
            c = '.';
        }
        c = c.to_ascii_lowercase();
        // A space counts where it stands between two letters or digits.
        if space && c.is_ascii_alphanumeric() && out.last().is_some_and(char::is_ascii_alphanumeric) {
            out.push(' ');
        }
        space = false;
        out.push(c);
    }
    out.into_iter().collect()
}

/// The words of a query.
pub fn words(q: &str) -> Vec<String> {
    q.split([' ', '\u{3000}', '\t', '\u{a0}']).map(plain).filter(|word| !word.is_empty()).collect()
}
