//! The names of files, as they may be kept and handed out again. A name is words of whoever sent the file: it is refused
//! rather than repaired, so that what the record says is what was sent.

use super::FileType;

/// The longest name, in bytes of UTF-8: what every file system takes.
pub const MOST_NAME_BYTES: usize = 255;

/// Why a name is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameFault {
    /// It is longer than [`MOST_NAME_BYTES`].
    TooLong,
    /// It holds control characters, NUL among them.
    Control,
    /// It holds characters that turn the direction of writing or that nobody sees.
    Hidden,
    /// It is a path, not a name, or holds what file systems take for their own.
    Path,
    /// It is a name that an operating system keeps for a device.
    Reserved,
    /// It begins or ends with a blank or a dot.
    Edge,
    /// An ending before the last is that of a program.
    Program,
    /// It has no ending.
    NoExtension,
}

impl NameFault {
    /// Every fault.
    pub const ALL: &'static [Self] = &[
        Self::TooLong,
        Self::Control,
        Self::Hidden,
        Self::Path,
        Self::Reserved,
        Self::Edge,
        Self::Program,
        Self::NoExtension,
    ];

    /// The word in a problem document.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "length",
            Self::Control => "control_character",
            Self::Hidden => "hidden_character",
            Self::Path => "path",
            Self::Reserved => "reserved_name",
            Self::Edge => "blank_or_dot",
            Self::Program => "program_extension",
            Self::NoExtension => "no_extension",
        }
    }

    /// What is wrong and what would be right, in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::TooLong => "文件名过长，最多 255 字节（约 85 个汉字）。",
            Self::Control => "文件名不得含有控制字符。",
            Self::Hidden => "文件名不得含有改变书写方向的字符或不可见字符。",
            Self::Path => "请只填写文件名，不得含有路径或 / \\ : * ? \" < > | 等字符。",
            Self::Reserved => "该文件名为操作系统保留，请改名。",
            Self::Edge => "文件名的首尾不得为空白或句点。",
            Self::Program => "文件名中间含有程序的扩展名，请改名。",
            Self::NoExtension => "文件名须有扩展名，如“证明.pdf”。",
        }
    }

    /// The same in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::TooLong => "A file name has at most 255 bytes.",
            Self::Control => "A file name holds no control characters.",
            Self::Hidden => {
                "A file name holds no characters that turn the direction of writing and no invisible ones."
            }
            Self::Path => "Give the name alone: no path and none of / \\ : * ? \" < > |.",
            Self::Reserved => "An operating system keeps this name for itself: choose another.",
            Self::Edge => "A file name neither begins nor ends with a blank or a dot.",
            Self::Program => "An ending within the name is that of a program: choose another name.",
            Self::NoExtension => "A file name has an ending, as in proof.pdf.",
        }
    }
}

/// Whether a name may be kept.
///
/// ```
/// use gongkai::domain::attachment::{NameFault, check_name};
///
/// assert_eq!(check_name("关于绩效评价报告的说明（2025年）.pdf"), Ok(()));
/// assert_eq!(check_name("../../etc/passwd"), Err(NameFault::Path));
/// assert_eq!(check_name("发票.exe.pdf"), Err(NameFault::Program));
/// assert_eq!(check_name("con.pdf"), Err(NameFault::Reserved));
/// assert_eq!(check_name("fdp.\u{202e}exe"), Err(NameFault::Hidden));
/// ```
///
/// # Errors
/// The first fault found.
pub fn check_name(name: &str) -> Result<(), NameFault> {
    if name.len() > MOST_NAME_BYTES {
        return Err(NameFault::TooLong);
    }
    if name.chars().any(char::is_control) {
        return Err(NameFault::Control);
    }
    if name.chars().any(is_hidden) {
        return Err(NameFault::Hidden);
    }
    if name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) {
        return Err(NameFault::Path);
    }
    let edge = |c: char| c.is_whitespace() || c == '.';
    if name.is_empty() || name.starts_with(edge) || name.ends_with(edge) {
        return Err(NameFault::Edge);
    }
    let mut parts = name.split('.');
    let stem = parts.next().unwrap_or_default();
    if is_reserved(stem) {
        return Err(NameFault::Reserved);
    }
    let endings: Vec<String> = parts.map(|part| part.trim().to_ascii_lowercase()).collect();
    let Some((_, inner)) = endings.split_last() else { return Err(NameFault::NoExtension) };
    if inner.iter().any(|ending| is_program(ending)) {
        return Err(NameFault::Program);
    }
    Ok(())
}

/// Whether a name's ending is one of the type's.
///
/// ```
/// use gongkai::domain::attachment::{FileType, extension_fits};
///
/// assert!(extension_fits("扫描件.JPEG", FileType::Jpg));
/// assert!(!extension_fits("扫描件.jpg", FileType::Pdf));
/// ```
pub fn extension_fits(name: &str, found: FileType) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| found.extensions().contains(&ending.as_str()))
}

/// Bidirectional controls, zero-width characters, tags, and what no text has a use for.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

/// The names that Windows keeps for devices, whatever their ending.
fn is_reserved(stem: &str) -> bool {
    const NAMES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];
    let stem = stem.trim().to_lowercase();
    if NAMES.contains(&stem.as_str()) {
        return true;
    }
    ["com", "lpt"].iter().any(|port| {
        stem.strip_prefix(port).is_some_and(|number| {
            let mut digits = number.chars();
            let one = digits.next().is_some_and(|c| matches!(c, '0'..='9' | '¹' | '²' | '³'));
            one && digits.next().is_none()
        })
    })
}

/// Endings of what an operating system or a program carries out.
pub(crate) fn is_program(ending: &str) -> bool {
    const PROGRAMS: &[&str] = &[
        "ade", "adp", "apk", "app", "appx", "bat", "chm", "cmd", "com", "cpl", "dll", "dmg", "docm", "dotm",
        "elf", "exe", "hta", "htm", "html", "img", "inf", "iso", "jar", "js", "jse", "lnk", "mht", "mhtml",
        "msc", "msi", "msp", "mst", "php", "pif", "pl", "potm", "ppam", "ppsm", "pptm", "ps1", "psm1", "py",
        "reg", "scf", "scr", "sct", "sh", "shtml", "so", "svg", "swf", "sys", "url", "vb", "vbe", "vbs",
        "vhd", "wsf", "wsh", "xhtml", "xlam", "xll", "xlsm", "xltm",
    ];
    PROGRAMS.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_taken() {
        let longest = format!("{}.pdf", "字".repeat(83));
        assert_eq!(longest.len(), 253);
        for name in [
            "a.pdf",
            "王某某身份证（正面）.jpg",
            "v1.2 final.docx",
            "2025.12.31 报告.xlsx",
            "A&B_表-1 (2)+附.txt",
            "console.pdf",
            "com10.pdf",
            "😀.png",
            &longest,
        ] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn odd_names_are_refused_for_their_fault() {
        use NameFault as F;
        let long = format!("{}.pdf", "字".repeat(84));
        for (name, fault) in [
            ("", F::Edge),
            (long.as_str(), F::TooLong),
            ("a\u{0}.pdf", F::Control),
            ("a\r\nX: y.pdf", F::Control),
            ("a\u{85}.pdf", F::Control),
            ("fdp\u{202e}exe.pdf", F::Hidden),
            ("a\u{200b}.pdf", F::Hidden),
            ("a\u{feff}.pdf", F::Hidden),
            ("../a.pdf", F::Path),
            ("..\\a.pdf", F::Path),
            ("C:a.pdf", F::Path),
            ("a.txt:evil.pdf", F::Path),
            ("a\"b.pdf", F::Path),
            (".pdf", F::Edge),
            ("a.pdf.", F::Edge),
            (" a.pdf", F::Edge),
            ("a.pdf\u{3000}", F::Edge),
            ("NUL.pdf", F::Reserved),
            ("con .pdf", F::Reserved),
            ("COM1.tar.pdf", F::Reserved),
            ("lpt³.pdf", F::Reserved),
            ("发票.exe.pdf", F::Program),
            ("a.HTML.txt", F::Program),
            ("a.js .pdf", F::Program),
            ("无扩展名", F::NoExtension),
        ] {
            assert_eq!(check_name(name), Err(fault), "{name:?}");
        }
    }

    #[test]
    fn each_fault_speaks_both_languages() {
        for fault in NameFault::ALL {
            assert!(fault.zh().ends_with('。') && fault.en().ends_with('.') && fault.en().is_ascii());
        }
    }
}
