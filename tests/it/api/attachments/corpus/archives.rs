//! Archives that are broken, or lie about what is in them.

use super::super::makers::*;
use super::*;

pub(super) fn broken_archives() -> Vec<Sample> {
    let of = |what, bytes: Vec<u8>, verdict| sample(what, "a.docx", bytes, verdict);
    let with = |change: fn(&mut Item)| {
        let mut items = docx_items();
        change(items.last_mut().unwrap());
        archive(&items)
    };
    let named = |name: &str| docx_with(vec![item(name, b"x")]);
    let bomb = vec![b' '; 30 << 20];
    // A file whose declared size is small and whose bytes are many.
    let lie = {
        let mut packed = item("word/media/a.bin", &bomb);
        packed.unpacked = 1_000;
        packed
    };
    let overlap = {
        let items = docx_items();
        let mut bytes = Vec::new();
        let mut offsets = Vec::new();
        for item in &items {
            offsets.push(u32::try_from(bytes.len()).unwrap());
            bytes.extend(local(item));
        }
        // A second name for the bytes of the last entry (Fifield's bombs are made so).
        let mut again = items.last().unwrap().clone();
        again.name = b"word/document2.xml".to_vec();
        let mut all = items.clone();
        all.push(again);
        offsets.push(*offsets.last().unwrap());
        finish(bytes, &all, &offsets)
    };
    let inner_overlap = {
        // An entry that begins within another's packed bytes.
        let inner = stored_item("b.txt", &[b'x'; 64]);
        let outer = stored_item("a.txt", &local(&inner));
        let mut bytes = local(&outer);
        let at = u32::try_from(bytes.len() - outer.packed.len()).unwrap();
        let plain = item("[Content_Types].xml", b"<Types/>");
        let last = u32::try_from(bytes.len()).unwrap();
        bytes.extend(local(&plain));
        finish(bytes, &[outer, inner, plain], &[0, at, last])
    };
    let many = (0..1_001).map(|n| stored_item(&format!("word/{n}.txt"), b"")).collect();
    let hidden = {
        let mut items = docx_items();
        let mut bytes = Vec::new();
        let mut offsets = Vec::new();
        for item in &items {
            offsets.push(u32::try_from(bytes.len()).unwrap());
            bytes.extend(local(item));
        }
        offsets.remove(1);
        items.remove(1);
        finish(bytes, &items, &offsets)
    };
    let whole = docx();
    let mut zip64 = whole.clone();
    let at = zip64.len() - 12;
    zip64[at..at + 2].copy_from_slice(&[0xff, 0xff]);
    let mut disks = whole.clone();
    let at = disks.len() - 18;
    disks[at] = 1;
    let mut comment = whole.clone();
    let at = comment.len() - 2;
    comment[at] = 4;
    comment.extend(b"note");
    let crc = with(|item| item.crc ^= 1);
    let traversal = "422 archive_unsafe_path";
    vec![
        of("a bomb", docx_with(vec![item("word/media/a.bin", &bomb)]), "422 archive_ratio"),
        of("a bomb that says it is small", docx_with(vec![lie]), "422 archive_inconsistent"),
        of(
            "one that says it is large",
            docx_with(vec![Item { unpacked: 300 << 20, ..item("word/a.bin", b"x") }]),
            "422 archive_too_large_unpacked",
        ),
        of("two entries in the same bytes", overlap, "422 archive_overlap"),
        of("an entry within an entry", inner_overlap, "422 archive_overlap"),
        of("a thousand and one entries", docx_with(many), "422 archive_too_many_entries"),
        of(
            "an archive within",
            docx_with(vec![stored_item("word/media/a.bin", &docx())]),
            "422 archive_nested",
        ),
        of(
            "a document within",
            docx_with(vec![item("word/embeddings/a.xlsx", &xlsx_with(vec![]))]),
            "422 archive_nested",
        ),
        of("a PDF within", docx_with(vec![item("word/media/a.dat", &pdf())]), "422 archive_nested"),
        of(
            "an archive that holds one like itself",
            archive(&[stored_item("r/r.zip", &archive(&[item("r.zip", b"PK")]))]),
            "422 archive_nested",
        ),
        of(
            "a gzip within",
            docx_with(vec![stored_item("word/a.bin", b"\x1f\x8b\x08\0\0\0\0\0")]),
            "422 archive_nested",
        ),
        of("a path upwards", named("../../evil.xml"), traversal),
        of("a path upwards within", named("word/../../evil.xml"), traversal),
        of("a path from the root", named("/etc/cron.d/x"), traversal),
        of("a path of Windows", named("word\\..\\..\\x"), traversal),
        of("a drive", named("C:x"), traversal),
        of("a NUL in a name", named("word/a\u{0}.xml"), traversal),
        of(
            "a name of no encoding",
            docx_with(vec![Item { name: b"word/\xff\xfe.xml".to_vec(), ..item("x", b"x") }]),
            traversal,
        ),
        of(
            "a symbolic link",
            docx_with(vec![Item { mode: 0o120_777, ..stored_item("word/link", b"/etc/passwd") }]),
            "422 archive_link",
        ),
        of(
            "a device",
            docx_with(vec![Item { mode: 0o020_666, ..stored_item("word/dev", b"") }]),
            "422 archive_link",
        ),
        of("an encrypted entry", with(|item| item.flags = 1), "422 file_encrypted"),
        of("strong encryption", with(|item| item.flags = 0x40), "422 file_encrypted"),
        of("another way of packing", with(|item| item.method = 12), "422 archive_method"),
        of(
            "two of one name",
            archive(&[docx_items(), vec![document("<w:p/>")]].concat()),
            "422 archive_duplicate_entry",
        ),
        of(
            "two names but for the case",
            docx_with(vec![item("WORD/Document.xml", b"<x/>")]),
            "422 archive_duplicate_entry",
        ),
        of(
            "another name before the entry",
            with(|item| item.local_name = Some(b"word/documenu.xml".to_vec())),
            "422 archive_inconsistent",
        ),
        of("a wrong checksum", crc, "422 archive_inconsistent"),
        of("a wrong size", with(|item| item.unpacked += 1), "422 archive_inconsistent"),
        of("bytes that belong to nobody", with(|item| item.behind = vec![0; 40]), "422 archive_hidden_data"),
        of("an entry that the directory does not name", hidden, "422 archive_hidden_data"),
        of("broken packing", with(|item| item.packed[0] = 0x07), "422 file_damaged"),
        of("half a file", whole[..whole.len() / 2].to_vec(), "422 file_truncated"),
        of("all but the last byte", whole[..whole.len() - 1].to_vec(), "422 file_trailing_data"),
        of("something behind it", [whole.clone(), b"MZ".to_vec()].concat(), "422 file_trailing_data"),
        of("a comment", comment, "422 file_trailing_data"),
        of(
            "something before it",
            {
                let mut bytes = whole.clone();
                bytes.splice(0..0, b"PK\x03\x04".iter().copied());
                bytes
            },
            "422 archive_hidden_data",
        ),
        of("ZIP64", zip64, "422 archive_method"),
        of("several disks", disks, "422 archive_method"),
        of("an empty archive", archive(&[]), "415 file_type_not_allowed"),
    ]
}
