use super::page::escaped;
use super::plain_name;

#[test]
fn what_stands_in_html_cannot_become_markup() {
    let evil = r#"<script>alert("1")</script> & 'x'"#;
    assert_eq!(escaped(evil), "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;");
    assert_eq!(escaped("公申〔2026〕1号"), "公申〔2026〕1号");
}

#[test]
fn names_of_files_are_plain_on_every_system() {
    assert_eq!(plain_name("公申〔2026〕1号"), "公申〔2026〕1号");
    assert_eq!(plain_name("../a\\b:c\0"), "___a_b_c_");
    assert_eq!(plain_name(&"长".repeat(100)).chars().count(), 60);
}
