//! The corpus: what is harmless is taken for what it is, and each hostile file is refused for its own reason (reliability
//! 1.7). The files are made here, in memory.

mod archives;
mod documents;

use std::time::{Duration, Instant};

use super::makers::*;
use super::{received, stored};
use crate::api::operations::{check_answer, told};
use crate::support::databases::Backend;
use crate::support::files::{attach, newest};
use crate::support::office::Office;

/// A file and what must become of it.
pub struct Sample {
    pub what: &'static str,
    pub name: String,
    pub bytes: Vec<u8>,
    pub verdict: &'static str,
}

fn sample(what: &'static str, name: &str, bytes: impl Into<Vec<u8>>, verdict: &'static str) -> Sample {
    Sample { what, name: name.to_owned(), bytes: bytes.into(), verdict }
}

const TAKEN: &str = "200";

/// In two parts, so that no antivirus program takes this file for it.
fn eicar() -> Vec<u8> {
    [br"X5O!P%@AP[4\PZX54(P^)7CC)7}$".as_slice(), b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

/// What offices and applicants send.
pub fn harmless() -> Vec<Sample> {
    let utf8 = "公开申请：\r\n请公开 2025 年度预算。\r\na < b, 3 <- 4\r\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(utf8);
    let descriptor = {
        let mut items = docx_items();
        for item in &mut items {
            item.flags = 8;
            item.behind = [
                b"PK\x07\x08".as_slice(),
                &item.crc.to_le_bytes(),
                &u32::try_from(item.packed.len()).unwrap().to_le_bytes(),
                &item.unpacked.to_le_bytes(),
            ]
            .concat();
        }
        archive(&items)
    };
    let names = ["a.JPEG", "身份证（正面）.jpg", "2025.12.31 报告.jpg", &format!("{}.jpg", "字".repeat(83))]
        .map(str::to_owned);
    let mut all = vec![
        sample("a PDF", "通知.pdf", pdf(), TAKEN),
        sample(
            "a PDF with an object stream",
            "a.pdf",
            pdf_of(&[stream(
                "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode",
                &zlib(b"5 0 << /Type /Font >>"),
            )]),
            TAKEN,
        ),
        sample(
            "a PDF that only mentions scripts",
            "a.pdf",
            pdf_of(&[stream("", b"(JavaScript is a language) /JavaScriptFree /JSON")]),
            TAKEN,
        ),
        sample("a text document", "答复.docx", docx(), TAKEN),
        sample("one written while it was packed", "答复.docx", descriptor, TAKEN),
        sample(
            "one with a link to a page",
            "a.docx",
            docx_with(vec![relationships(
                "word/_rels/document.xml.rels",
                &[("hyperlink", "External", "https://www.gov.cn/a?b=1&amp;c=2")],
            )]),
            TAKEN,
        ),
        sample(
            "one with a page number and a table of contents",
            "a.docx",
            docx_with(vec![document(
                "<w:fldSimple w:instr=\" PAGE \"/><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
            )]),
            TAKEN,
        ),
        sample(
            "one with a picture",
            "a.docx",
            docx_with(vec![stored_item("word/media/image1.png", &png_of(800, 600))]),
            TAKEN,
        ),
        sample("a workbook", "台账.xlsx", xlsx_with(vec![]), TAKEN),
        sample("an OFD", "公文.ofd", ofd_with(vec![]), TAKEN),
        sample("a PNG", "扫描.png", png_of(2_480, 3_508), TAKEN),
        sample("a JPEG", "扫描.jpg", jpeg_of(4_000, 3_000), TAKEN),
        sample("a text in UTF-8", "说明.txt", utf8, TAKEN),
        sample("the same with a mark", "说明.txt", format!("\u{feff}{utf8}"), TAKEN),
        sample("a text in GB 18030", "说明.txt", gbk.into_owned(), TAKEN),
        sample(
            "a sheet of blanks",
            "a.xlsx",
            xlsx_with(vec![item(
                "xl/worksheets/sheet2.xml",
                format!("{XML}<worksheet>{}</worksheet>", "<c/>".repeat(20_000)).as_bytes(),
            )]),
            TAKEN,
        ),
    ];
    all.extend(names.into_iter().map(|name| Sample { name, ..sample("a name", "", jpeg_of(10, 10), TAKEN) }));
    all
}

/// What must not come in.
pub fn hostile() -> Vec<Sample> {
    let archives = archives::broken_archives();
    let (documents, pdfs) = (documents::hostile_documents(), documents::hostile_pdfs());
    [odd_types(), odd_names(), archives, documents, pdfs, pictures()].into_iter().flatten().collect()
}

fn odd_types() -> Vec<Sample> {
    let markup = "415 file_markup";
    let other = "415 file_type_not_allowed";
    vec![
        sample("a program of Windows", "a.pdf", b"MZ\x90\0\x03\0\0\0".repeat(20), other),
        sample("a program of Linux", "a.txt", b"\x7fELF\x02\x01\x01\0".repeat(9), other),
        sample("a shell script", "a.txt", "#!/bin/sh\nrm -rf /\n", markup),
        sample("a web page", "a.txt", "<!DOCTYPE html><html><body onload=alert(1)></body></html>", markup),
        sample("a web page behind blanks", "a.txt", "\u{feff}\r\n \t<HTML><script>x()</script>", markup),
        sample(
            "a script far behind a text",
            "a.txt",
            format!("{}<ScRiPt >alert(1)</script>", "正文。\n".repeat(9_000)),
            markup,
        ),
        sample("an element cut by a chunk", "a.txt", format!("{}<iframe src=x>", "a".repeat(65_533)), markup),
        sample("an SVG", "a.png", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", markup),
        sample("an SVG as XML", "a.txt", "<?xml version=\"1.0\"?><svg/>", markup),
        sample("PHP", "a.txt", "文字 <?php system($_GET['c']); ?>", markup),
        sample("a saved mail", "a.txt", "MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", markup),
        sample("an RTF", "a.txt", "{\\rtf1\\ansi{\\object\\objdata 0105}}", other),
        sample("a PostScript", "a.txt", "%!PS-Adobe-3.0\n", other),
        sample("an old Word document", "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(80), other),
        sample("a GIF", "a.png", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), other),
        sample("a RAR", "a.docx", b"Rar!\x1a\x07\x01\0".to_vec(), other),
        sample("a 7z", "a.docx", b"7z\xbc\xaf\x27\x1c\0\x04".to_vec(), other),
        sample("a gzip", "a.txt", b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), other),
        sample("noise", "a.txt", (0..=255).collect::<Vec<u8>>(), other),
        sample("a text in UTF-16", "a.txt", b"\xff\xfea\0b\0".to_vec(), other),
        sample("a text with a NUL", "a.txt", b"abc\0def".to_vec(), other),
        sample("a text with escapes for a terminal", "a.txt", b"\x1b]0;x\x07".to_vec(), other),
        sample("a text of no encoding", "a.txt", b"abc \xff\xff\xff def".to_vec(), other),
        sample("a text that is also a PDF further on", "a.txt", "text\n%PDF-1.4\n", other),
        sample("a link of Windows", "a.txt", "[InternetShortcut]\r\nURL=http://x\r\n", other),
        sample("a plain archive", "a.docx", archive(&[item("a.txt", b"a")]), other),
        sample(
            "a presentation",
            "a.docx",
            archive(&[content_types(
                "/ppt/p.xml",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
            )]),
            other,
        ),
        sample("the antivirus test file", "a.txt", eicar(), "422 file_infected"),
        sample(
            "the same with blanks behind it",
            "a.txt",
            [eicar().as_slice(), b"\r\n  \r\n"].concat(),
            "422 file_infected",
        ),
    ]
}

fn odd_names() -> Vec<Sample> {
    let of = |what, name: &str| sample(what, name, pdf(), "422 invalid");
    let differs = |what, name: &str, bytes: Vec<u8>| sample(what, name, bytes, "422 file_extension_differs");
    vec![
        of("a path upwards", "../../etc/passwd.pdf"),
        of("a path of Windows", "..\\..\\a.pdf"),
        of("a whole path", "/etc/passwd.pdf"),
        of("a drive", "C:\\a.pdf"),
        of("a stream of NTFS", "a.pdf:evil.exe"),
        of("a NUL", "a\u{0}.pdf"),
        of("a line break", "a\r\nSet-Cookie: x=1.pdf"),
        of("an escape", "a\u{1b}[31m.pdf"),
        of("writing turned round", "通知\u{202e}fdp.exe.pdf"),
        of("an isolate", "a\u{2066}b.pdf"),
        of("a letter that nobody sees", "a\u{200b}.pdf"),
        of("a device", "CON.pdf"),
        of("a device with an ending", "nul.tar.pdf"),
        of("a port", "COM1.pdf"),
        of("a port with a raised digit", "lpt².pdf"),
        of("two endings", "发票.exe.pdf"),
        of("a script before the ending", "a.js.pdf"),
        of("a dot at the end", "a.pdf."),
        of("a blank at the end", "a.pdf "),
        of("nothing but an ending", ".pdf"),
        of("no name at all", ""),
        of("no ending", "通知"),
        of("three hundred characters", &format!("{}.pdf", "a".repeat(300))),
        of("too many bytes of UTF-8", &format!("{}.pdf", "字".repeat(84))),
        of("quotes", "a\"; filename=\"b.exe.pdf"),
        of("angle brackets", "<img src=x>.pdf"),
        differs("a PDF called a picture", "a.jpg", pdf()),
        differs("a picture called a PDF", "a.pdf", png_of(9, 9)),
        differs("a text called a PDF", "a.pdf", b"plain".to_vec()),
        differs("a workbook called a text document", "a.docx", xlsx_with(vec![])),
        differs("a PDF called a program", "a.exe", pdf()),
        differs("a text called a web page", "a.html", b"plain".to_vec()),
    ]
}

fn pictures() -> Vec<Sample> {
    let (png, jpeg) = (png_of(64, 64), jpeg_of(64, 64));
    let mut damaged = png.clone();
    damaged[24] ^= 1;
    let no_frame = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xda\x00\x02\x01\xff\xd9".to_vec();
    vec![
        sample("a PNG as large as a field", "a.png", png_of(65_535, 65_535), "422 image_too_large"),
        sample("a PNG without height", "a.png", png_of(100, 0), "422 file_damaged"),
        sample("a JPEG as large as a field", "a.jpg", jpeg_of(65_000, 65_000), "422 image_too_large"),
        sample(
            "a PNG with an archive behind it",
            "a.png",
            [png.clone(), docx()].concat(),
            "422 file_trailing_data",
        ),
        sample(
            "a PNG with a page behind it",
            "a.png",
            [png.clone(), b"<script>x()</script>".to_vec()].concat(),
            "422 file_trailing_data",
        ),
        sample("half a PNG", "a.png", png[..png.len() - 9].to_vec(), "422 file_truncated"),
        sample("a PNG with a wrong checksum", "a.png", damaged, "422 file_damaged"),
        sample("a PNG with its mark alone", "a.png", b"\x89PNG\r\n\x1a\n".to_vec(), "422 file_truncated"),
        sample(
            "a JPEG with an archive behind it",
            "a.jpg",
            [jpeg.clone(), docx()].concat(),
            "422 file_trailing_data",
        ),
        sample("half a JPEG", "a.jpg", jpeg[..jpeg.len() - 4].to_vec(), "422 file_truncated"),
        sample("a JPEG without a picture", "a.jpg", no_frame, "422 file_damaged"),
        sample("a JPEG with its mark alone", "a.jpg", b"\xff\xd8\xff".to_vec(), "422 file_truncated"),
    ]
}

#[test]
fn every_file_of_the_corpus_gets_its_verdict() {
    let office = Office::open_with(Backend::Sqlite, &[("GONGKAI_ATTACHMENT_CASE_MIB", "2000")]);
    let case = received(&office);
    let clerk = office.as_role("clerk").if_match("*");
    let (good, bad) = (harmless(), hostile());
    assert!(bad.len() >= 80, "{} hostile files", bad.len());
    let mut wrong = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for (n, sample) in (0_u32..).zip(good.iter().chain(&bad)) {
        let before = stored(&office).len();
        let begun = Instant::now();
        let language = if n % 2 == 0 { "zh" } else { "en" };
        let reply = attach(&clerk.accept_language(language), &case.id, "other", &sample.name, &sample.bytes);
        slowest = slowest.max((begun.elapsed(), sample.what));
        check_answer(&reply);
        if told(&reply) != sample.verdict {
            wrong.push(format!(
                "{} ({}): {} and not {}",
                sample.what,
                sample.name.escape_debug(),
                told(&reply),
                sample.verdict
            ));
        }
        let refused_for_content = reply.status >= 400
            && !["422 invalid", "422 file_extension_differs"].contains(&told(&reply).as_str());
        if refused_for_content && stored(&office).len() != before {
            wrong.push(format!("{}: its bytes are still there", sample.what));
        }
        if reply.status == 200 {
            let wanted = sample.name.rsplit_once('.').unwrap().1.to_lowercase().replace("jpeg", "jpg");
            assert_eq!(newest(&clerk, &case.id)["file_type"], wanted, "{}", sample.what);
        } else {
            let detail =
                reply.at("/detail").as_str().or(reply.at("/errors/0/detail").as_str()).unwrap_or_default();
            assert_eq!(detail.is_ascii(), n % 2 == 1, "{}", reply.told());
        }
    }
    println!(
        "{} harmless and {} hostile files; the slowest took {:?} ({})",
        good.len(),
        bad.len(),
        slowest.0,
        slowest.1
    );
    assert!(wrong.is_empty(), "{} wrong verdicts:\n{}", wrong.len(), wrong.join("\n"));
    assert!(slowest.0 < Duration::from_secs(10), "{slowest:?}");
    office.server.place.must_be_sound();
}
