//! Files made in memory: good ones, and the parts of which bad ones are made. Nothing of it is stored.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

// --- archives ----------------------------------------------------------------------------------------------------

/// An entry of an archive, with what its two headers say of it.
#[derive(Clone)]
pub struct Item {
    pub name: Vec<u8>,
    pub local_name: Option<Vec<u8>>,
    pub packed: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    pub crc: u32,
    pub unpacked: u32,
    /// Unix mode.
    pub mode: u32,
    /// Bytes behind the entry: a data descriptor, or what does not belong there.
    pub behind: Vec<u8>,
}

/// A packed entry.
pub fn item(name: &str, plain: &[u8]) -> Item {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    Item { packed: encoder.finish().unwrap(), method: 8, ..stored_item(name, plain) }
}

/// An entry that is not packed.
pub fn stored_item(name: &str, plain: &[u8]) -> Item {
    Item {
        name: name.as_bytes().to_vec(),
        local_name: None,
        packed: plain.to_vec(),
        method: 0,
        flags: 0,
        crc: crc32fast::hash(plain),
        unpacked: u32::try_from(plain.len()).unwrap(),
        mode: 0o100_644,
        behind: Vec::new(),
    }
}

/// An archive, its entries one behind the other.
pub fn archive(items: &[Item]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut offsets = Vec::new();
    for item in items {
        offsets.push(u32::try_from(bytes.len()).unwrap());
        bytes.extend(local(item));
    }
    finish(bytes, items, &offsets)
}

/// An entry with what stands before and behind it.
pub fn local(item: &Item) -> Vec<u8> {
    let name = item.local_name.as_ref().unwrap_or(&item.name);
    let mut bytes = b"PK\x03\x04\x14\x00".to_vec();
    let with_descriptor = item.flags & 8 != 0;
    let sizes = if with_descriptor { [0; 3] } else { [item.crc, length(&item.packed), item.unpacked] };
    bytes.extend(item.flags.to_le_bytes());
    bytes.extend(item.method.to_le_bytes());
    bytes.extend([0, 0, 0x21, 0]);
    bytes.extend(sizes.iter().flat_map(|size| size.to_le_bytes()));
    bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(name);
    bytes.extend(&item.packed);
    bytes.extend(&item.behind);
    bytes
}

/// The directory and the end behind some bytes.
pub fn finish(mut bytes: Vec<u8>, items: &[Item], offsets: &[u32]) -> Vec<u8> {
    let begins = bytes.len();
    for (item, offset) in items.iter().zip(offsets) {
        bytes.extend(b"PK\x01\x02\x14\x03\x14\x00");
        bytes.extend(item.flags.to_le_bytes());
        bytes.extend(item.method.to_le_bytes());
        bytes.extend([0, 0, 0x21, 0]);
        bytes.extend(
            [item.crc, length(&item.packed), item.unpacked].iter().flat_map(|size| size.to_le_bytes()),
        );
        bytes.extend(u16::try_from(item.name.len()).unwrap().to_le_bytes());
        bytes.extend([0; 8]);
        bytes.extend((item.mode << 16).to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes.extend(&item.name);
    }
    let size = bytes.len() - begins;
    let count = u16::try_from(items.len()).unwrap().to_le_bytes();
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(u32::try_from(size).unwrap().to_le_bytes());
    bytes.extend(u32::try_from(begins).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap()
}

// --- documents ---------------------------------------------------------------------------------------------------

pub const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
pub const RELATIONSHIP: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

pub fn content_types(part: &str, kind: &str) -> Item {
    let xml = format!(
        "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"{part}\" \
         ContentType=\"{kind}\"/></Types>"
    );
    item("[Content_Types].xml", xml.as_bytes())
}

/// Relationships of a part, of a type, mode and target each.
pub fn relationships(name: &str, all: &[(&str, &str, &str)]) -> Item {
    let one = |(kind, mode, target): &(&str, &str, &str)| {
        let mode = if mode.is_empty() { String::new() } else { format!(" TargetMode=\"{mode}\"") };
        format!("<Relationship Id=\"r\" Type=\"{RELATIONSHIP}/{kind}\" Target=\"{target}\"{mode}/>")
    };
    let xml = format!("{XML}<Relationships>{}</Relationships>", all.iter().map(one).collect::<String>());
    item(name, xml.as_bytes())
}

/// The body of a text document.
pub fn document(body: &str) -> Item {
    let xml = format!("{XML}<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    item("word/document.xml", xml.as_bytes())
}

/// The parts of a plain text document.
pub fn docx_items() -> Vec<Item> {
    vec![
        content_types("/word/document.xml", WORD),
        relationships("_rels/.rels", &[("officeDocument", "", "word/document.xml")]),
        document("<w:p><w:r><w:t>关于信息公开申请的答复</w:t></w:r></w:p>"),
    ]
}

/// The same with more parts; one of the same name takes the other's place.
pub fn docx_with(more: Vec<Item>) -> Vec<u8> {
    let mut items = docx_items();
    items.retain(|item| more.iter().all(|other| other.name != item.name));
    items.extend(more);
    archive(&items)
}

pub fn docx() -> Vec<u8> {
    archive(&docx_items())
}

pub fn xlsx_with(more: Vec<Item>) -> Vec<u8> {
    let sheet = format!("{XML}<worksheet><sheetData><row><c><v>12</v></c></row></sheetData></worksheet>");
    let mut items = vec![
        content_types("/xl/workbook.xml", SHEET),
        item("xl/workbook.xml", format!("{XML}<workbook/>").as_bytes()),
        item("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    items.extend(more);
    archive(&items)
}

pub fn ofd_with(more: Vec<Item>) -> Vec<u8> {
    let root = "<ofd:OFD xmlns:ofd=\"http://www.ofdspec.org/2016\" Version=\"1.0\"><ofd:DocBody/></ofd:OFD>";
    let mut items = vec![
        item("OFD.xml", format!("{XML}{root}").as_bytes()),
        item("Doc_0/Document.xml", format!("{XML}<ofd:Document/>").as_bytes()),
    ];
    items.extend(more);
    archive(&items)
}

// --- PDF ---------------------------------------------------------------------------------------------------------

/// A PDF whose objects are these.
pub fn pdf_of(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    for (n, object) in (1..).zip(objects) {
        bytes.extend(format!("{n} 0 obj\n").bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let at = bytes.len();
    bytes.extend(b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 3 >>\n");
    bytes.extend(format!("startxref\n{at}\n%%EOF\n").bytes());
    bytes
}

/// The same with a dictionary more.
pub fn pdf_with(dictionary: &str) -> Vec<u8> {
    let page = b"<< /Type /Page /MediaBox [0 0 595 842] /Annots [] >>".to_vec();
    pdf_of(&[b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), page, dictionary.as_bytes().to_vec()])
}

pub fn pdf() -> Vec<u8> {
    pdf_with("<< /A << /S /URI /URI (https://www.gov.cn) >> >>")
}

/// A stream object.
pub fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {dictionary} /Length {} >>\nstream\r\n", bytes.len()).into_bytes();
    object.extend(bytes);
    object.extend(b"\nendstream");
    object
}

pub fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// A PDF as large as scanned ones are: a stream of bytes that nobody can pack.
pub fn large_pdf(size: usize, seed: u32) -> Vec<u8> {
    let mut state = seed.max(1);
    let mut bytes = Vec::with_capacity(size);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        bytes.extend(state.to_le_bytes());
    }
    pdf_of(&[b"<< /Type /Catalog >>".to_vec(), stream("/Type /XObject /Filter /DCTDecode", &bytes)])
}

// --- pictures ----------------------------------------------------------------------------------------------------

pub fn png_chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = length(content).to_be_bytes().to_vec();
    let body = [kind.as_slice(), content].concat();
    chunk.extend(&body);
    chunk.extend(crc32fast::hash(&body).to_be_bytes());
    chunk
}

pub fn png_of(width: u32, height: u32) -> Vec<u8> {
    let header = [width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let chunks =
        [png_chunk(*b"IHDR", &header), png_chunk(*b"IDAT", &zlib(&[0; 64])), png_chunk(*b"IEND", b"")];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

pub fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\x00\x0b\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x01\x01\x11\0\xff\xda\x00\x08\x01\x01\0\0\x3f\0");
    bytes.extend(b"\x12\x34\xff\x00\x56\xff\xd0\x78\xff\xd9");
    bytes
}
