//! Files on their way into a case.

use serde_json::{Value, json};

use super::client::{Client, Reply};

const OCTETS: Option<&str> = Some("application/octet-stream");

/// A text that is taken.
pub const TEXT: &[u8] = "收据：邮资 12 元。\r\n".as_bytes();

/// Why files are opened.
pub const REASON: &str = "核对来信邮戳";

/// Begins an upload.
pub fn begin(who: &Client, case: &str, size: usize) -> Reply {
    who.post(&format!("/cases/{case}/uploads"), &json!({ "size": size }))
}

/// Sends the whole file, or a part with its `Content-Range`.
pub fn send(who: &Client, case: &str, upload: &str, bytes: &[u8]) -> Reply {
    let path = format!("/api/v1/cases/{case}/uploads/{upload}");
    who.try_send_bytes("PUT", &path, OCTETS, bytes).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A part that begins at a byte.
pub fn send_part(who: &Client, case: &str, upload: &str, bytes: &[u8], from: usize, size: usize) -> Reply {
    let range = format!("bytes {from}-{}/{size}", from + bytes.len() - 1);
    send(&who.header("Content-Range", range), case, upload, bytes)
}

/// Uploads a whole file: the answer that ended it, and the upload's id.
pub fn upload(who: &Client, case: &str, bytes: &[u8]) -> Result<String, Box<Reply>> {
    let begun = begin(who, case, bytes.len());
    if begun.status != 201 {
        return Err(Box::new(begun));
    }
    let id = begun.str("/id").to_owned();
    let sent = send(who, case, &id, bytes);
    if sent.status == 200 { Ok(id) } else { Err(Box::new(sent)) }
}

/// What attaches an upload.
pub fn attachment(upload: &str, purpose: &str, name: &str) -> Value {
    json!({ "upload_id": upload, "purpose": purpose, "file_name": name })
}

/// Uploads and attaches a file: the answer that ended it.
pub fn attach(who: &Client, case: &str, purpose: &str, name: &str, bytes: &[u8]) -> Reply {
    match upload(who, case, bytes) {
        Ok(id) => who.post(&format!("/cases/{case}/attachments"), &attachment(&id, purpose, name)),
        Err(reply) => *reply,
    }
}

/// The newest attachment of a case.
pub fn newest(who: &Client, case: &str) -> Value {
    let list = who.get(&format!("/cases/{case}/attachments?limit=200")).must(200);
    list.at("/items").as_array().and_then(|items| items.last()).cloned().unwrap_or(Value::Null)
}

/// The bytes of an attachment, opened for a reason.
pub fn open(who: &Client, case: &str, id: &str) -> Reply {
    who.post(&format!("/cases/{case}/attachments/{id}/openings"), &json!({ "reason": REASON }))
}

/// The bytes of a document of the reply.
pub fn download(who: &Client, case: &str, id: &str) -> Reply {
    who.get(&format!("/cases/{case}/attachments/{id}/content"))
}

/// The case with its files.
pub fn export_with_files(who: &Client, case: &str) -> Reply {
    who.post(&format!("/cases/{case}/export"), &json!({ "reason": REASON, "files": true }))
}
