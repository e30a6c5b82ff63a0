//! `Content-Disposition` of a download (RFC 6266): the name once for old programs, in ASCII, and once in full (RFC 8187).

use std::fmt::Write as _;

/// `attachment` with a name. Whatever the name holds, the header stays one line and the name stays a name.
///
/// ```text
/// 证明 "1".pdf → attachment; filename="__ _1_.pdf"; filename*=UTF-8''%E8%AF%81%E6%98%8E%20%221%22.pdf
/// ```
pub fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "!#$&+-^_`{}~. ()".contains(c) { c } else { '_' })
        .collect();
    let mut header = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.replace('*', "＊").bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            header.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(header, "%{byte:02X}");
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_is_told_twice() {
        assert_eq!(
            disposition("证明 \"1\".pdf"),
            "attachment; filename=\"__ _1_.pdf\"; filename*=UTF-8''%E8%AF%81%E6%98%8E%20%221%22.pdf"
        );
        assert_eq!(disposition("a.pdf"), "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
    }

    #[test]
    fn no_name_gets_out_of_the_header() {
        for name in [
            "a\r\nSet-Cookie: x=1.pdf",
            "a\"; filename=\"b.exe",
            "a%22;\\b",
            "\u{202e}fdp.exe",
            "张*身份证.jpg",
            "\0",
        ] {
            let header = disposition(name);
            assert!(
                header.is_ascii() && !header.contains(['\r', '\n', '\0', '\\', '*'])
                    || header.matches('*').count() == 1,
                "{header}"
            );
            assert_eq!(header.matches('"').count(), 2, "{header}");
            assert_eq!(header.matches(';').count(), 2, "{header}");
        }
    }
}
