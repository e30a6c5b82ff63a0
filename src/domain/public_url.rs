//! Addresses under which the public reads a document.

/// The longest address, in characters.
pub const URL_CHARS: u64 = 500;

/// Whether a text is the address of a page that anybody can open: `https`, a host with a name and no one's user name or password,
/// nothing that must be written otherwise. Whether the page is there is not asked.
///
/// ```
/// use gongkai::domain::public_url::is_public_url;
///
/// assert!(is_public_url("https://www.example.gov.cn/zwgk/2026/art_1.html?id=7"));
/// assert!(!is_public_url("http://www.example.gov.cn/"));
/// assert!(!is_public_url("https://user:secret@www.example.gov.cn/"));
/// ```
pub fn is_public_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let written = |character: char| character.is_ascii_graphic() && !"\"<>\\^`{|}".contains(character);
    if !rest.chars().all(written) {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let named = host.rsplit('.').next().is_some_and(|top| top.bytes().any(|byte| byte.is_ascii_alphabetic()));
    let on_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    host.contains('.') && host.len() <= 253 && host.split('.').all(label) && named && on_port
}

#[cfg(test)]
mod tests {
    use super::is_public_url;

    #[test]
    fn what_nobody_could_open_or_what_says_more_than_an_address_is_none() {
        for wrong in [
            "",
            "https://",
            "https:///x",
            "HTTPS://a.cn",
            "http://a.cn",
            "javascript:alert(1)",
            "https://a",
            "https://a..cn",
            "https://-a.cn",
            "https://a-.cn",
            "https://a.cn:0",
            "https://a.cn:65536",
            "https://a.cn:x",
            "https://a.cn:1:2",
            "https://u@a.cn",
            "https://a.cn@b.cn",
            "https://10.0.0.1/x",
            "https://a.cn/ x",
            "https://a.cn/公告",
            "https://a.cn/\n",
            "https://a.cn/<script>",
            "https://[::1]/",
            "https://公告.cn/",
            "//a.cn",
            " https://a.cn",
        ] {
            assert!(!is_public_url(wrong), "{wrong}");
        }
        for right in [
            "https://a.cn",
            "https://a.cn/",
            "https://a.cn:8443/x",
            "https://a.cn?x=1",
            "https://a.cn#x",
            "https://xn--a.cn/%E5%85%AC",
            "https://a.cn/x@y:z",
        ] {
            assert!(is_public_url(right), "{right}");
        }
    }
}
