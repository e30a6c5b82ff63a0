//! A ZIP on its way out: each file is compressed into a small buffer, which is sent whenever it has grown.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::{Sink, internal};
use crate::app::error::AppError;
use crate::crypto::hex;

/// So many bytes are gathered before they are sent.
const SENT_TOGETHER: usize = 64 * 1024;

/// A file that was written.
pub(super) struct Written {
    /// Its name in the ZIP.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

/// What was compressed and not yet sent.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The ZIP.
pub(super) struct Zipped {
    zip: Option<ZipWriter<StreamWriter<Buffer>>>,
    buffer: Buffer,
    sink: Sink,
    current: Option<(String, u64, Sha256)>,
    written: Vec<Written>,
}

impl Zipped {
    pub(super) fn new(sink: Sink) -> Self {
        let buffer = Buffer::default();
        let zip = Some(ZipWriter::new_stream(buffer.clone()));
        Self { zip, buffer, sink, current: None, written: Vec::new() }
    }

    /// What was written so far.
    pub(super) fn written(&self) -> &[Written] {
        &self.written
    }

    /// A file of which all is here.
    pub(super) async fn file(&mut self, name: &str, content: &[u8]) -> Result<(), AppError> {
        self.begin(name)?;
        for chunk in content.chunks(SENT_TOGETHER) {
            self.chunk(chunk).await?;
        }
        self.end().await
    }

    /// Begins a file. The time in the ZIP is always the same: the same state gives the same bytes.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), AppError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.writer()?.start_file(name, options).map_err(internal)?;
        self.current = Some((name.to_owned(), 0, Sha256::new()));
        Ok(())
    }

    /// More of the file that was begun.
    pub(super) async fn chunk(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.writer()?.write_all(bytes).map_err(internal)?;
        if let Some((_, length, hash)) = &mut self.current {
            *length = length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            hash.update(bytes);
        }
        if self.buffer.len() >= SENT_TOGETHER { self.send().await } else { Ok(()) }
    }

    /// Ends the file.
    pub(super) async fn end(&mut self) -> Result<(), AppError> {
        if let Some((name, bytes, hash)) = self.current.take() {
            self.written.push(Written { name, bytes, sha256: hex::encode(&hash.finalize()) });
        }
        if self.buffer.len() >= SENT_TOGETHER { self.send().await } else { Ok(()) }
    }

    /// Ends the ZIP.
    pub(super) async fn finish(&mut self) -> Result<(), AppError> {
        if let Some(zip) = self.zip.take() {
            zip.finish().map_err(internal)?;
        }
        self.send().await
    }

    fn writer(&mut self) -> Result<&mut ZipWriter<StreamWriter<Buffer>>, AppError> {
        self.zip.as_mut().ok_or_else(|| internal("it is finished"))
    }

    async fn send(&mut self) -> Result<(), AppError> {
        let bytes = self.buffer.take();
        if bytes.is_empty() {
            return Ok(());
        }
        self.sink.send(Ok(bytes)).await.map_err(|_| internal("nobody listens any more"))
    }
}
