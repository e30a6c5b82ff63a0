//! A case handed out as one ZIP (案卷导出): an index page, the catalogue, the words masked as the interface shows them, the time
//! limit explained, and the events with the links of the case's chain, so that they can be verified again without a
//! database (`audit::export`).
//!
//! Files that hold what people wrote are in it only when that was asked for with a reason, by whoever may open them. The same state and
//! the same files give the same bytes: nothing in it depends on the day of the export. It is written a piece at a time:
//! however long the record, few words are in memory at once.

mod evidence;
mod instructions;
mod page;
mod zipped;

use std::collections::BTreeMap;

use serde_json::json;
use tokio::sync::mpsc;

use super::App;
use super::access_reason::Reason;
use super::accesses::Seen;
use super::archive::CaseFile;
use super::attachments::{HandedOut, Wanted, may_open};
use super::error::AppError;
use super::execute::by;
use super::people::{Applicant, shown_words};
use super::time_limits::{AsOf, calculate};
use super::verify::sealed;
use crate::audit::canonical::canonical_json;
use crate::audit::export::signature::sign;
use crate::audit::export::{
    CATALOGUE, EVENTS, EVIDENCE, FORMAT, INDEX, INSTRUCTIONS, MANIFEST, SIGNATURE, TIME_LIMIT,
};
use crate::clock::civil_date;
use crate::crypto::framed::sha256;
use crate::crypto::hex;
use crate::domain::access::{AccessKind, CaseExportedWithFiles};
use crate::domain::agency_event::AgencyEvent;
use crate::domain::archive::catalogue::{Piece, catalogue};
use crate::domain::attachment::Purpose;
use crate::domain::case::{By, clock};
use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::lang::Lang;
use crate::domain::role::Actor;
use crate::domain::time_limit::{Fact, Rules};
use crate::store::Key;
use zipped::Zipped;

/// How many rows of words are read at a time.
const WORDS_AT_ONCE: usize = 32;
/// How much of a file is compressed at a time.
const CHUNK: usize = 64 * 1024;

/// Where the bytes go, in order. Who stops listening ends the export; an error means that what was sent is not whole.
pub type Sink = mpsc::Sender<Result<Vec<u8>, AppError>>;

/// A case that is about to be handed out.
pub struct Export {
    file: CaseFile,
    catalogue: String,
    named: Vec<Applicant>,
    files: HandedOut,
}

impl Export {
    /// The version of the case.
    pub fn version(&self) -> u32 {
        self.file.loaded.before.case.version
    }

    /// The name of the file: the registration number, or the id of a case without one.
    pub fn name(&self) -> String {
        let row = &self.file.loaded.before.row;
        let name = row.number.clone().unwrap_or_else(|| row.id.0.to_string());
        format!("{}.zip", plain_name(&name))
    }
}

impl App {
    /// A case that the actor may read, to be handed out: for a reason, with the files that he may open. `catalogue` writes its catalogue
    /// as the interface does.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the actor may not know of it; [`AppError::Forbidden`] when its files are not his to
    /// open; a reason that says nothing or names somebody; [`AppError::TooOften`].
    pub async fn export(
        &self,
        actor: &Actor,
        id: CaseId,
        reason: Option<&str>,
        catalogue: fn(&CaseFile) -> String,
    ) -> Result<Export, AppError> {
        let file = self.case_file(actor, id).await?;
        if reason.is_some() && !may_open(actor, Purpose::Other, &file.loaded.before.case) {
            return Err(AppError::Forbidden);
        }
        self.export_of(file, (by(actor), reason), Wanted::OpenTo(actor), catalogue).await
    }

    /// The case with this registration number, for the operator at the server: for a reason, with its files.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none; a reason that says nothing or names somebody.
    pub async fn export_by_number(
        &self,
        agency: AgencyId,
        number: &str,
        reason: Option<&str>,
        catalogue: fn(&CaseFile) -> String,
    ) -> Result<Export, AppError> {
        let row = self.store.case_by_number(Key(agency.0), number.to_owned()).await?;
        let id = row.ok_or(AppError::NotFound)?.id;
        let found = self.store.case_by_id(vec![Key(agency.0)], id).await?;
        let (row, rows) = found.ok_or(AppError::NotFound)?;
        let file = self.file_of(self.loaded(row, rows).await?).await?;
        self.export_of(file, (By::Operator, reason), Wanted::All, catalogue).await
    }

    async fn export_of(
        &self,
        file: CaseFile,
        (by, reason): (By, Option<&str>),
        wanted: Wanted<'_>,
        catalogue: fn(&CaseFile) -> String,
    ) -> Result<Export, AppError> {
        let loaded = &file.loaded;
        let case = &loaded.before.case;
        let wanted = if reason.is_some() { wanted } else { Wanted::OfTheReply };
        let files = self.handed_out(loaded, wanted).await?;
        let named = self.named(loaded).await?.into_iter().map(|(_, applicant)| applicant).collect();
        let mut seen = Seen {
            event: AgencyEvent::CaseExported { case: case.id, version: case.version },
            kind: AccessKind::Export,
            cases: vec![(case.agency, case.id)],
            fields: Vec::new(),
            reason: None,
            attachment: None,
        };
        let mut now = self.clock.now();
        if let Some(reason) = reason {
            let Reason { at, id, commitment, sealed } = self.reason(loaded, reason).await?;
            seen.event = AgencyEvent::CaseExportedWithFiles(CaseExportedWithFiles {
                case: case.id,
                version: case.version,
                files: files.opened.clone(),
                reason: commitment,
            });
            (seen.kind, seen.reason, now) = (AccessKind::ExportWithFiles, Some((id, sealed)), at);
        }
        self.record_access(&loaded.agency, by, now, seen).await?;
        Ok(Export { catalogue: catalogue(&file), named, file, files })
    }

    /// Writes the ZIP. What fails on the way is the last thing sent.
    pub async fn write_export(&self, export: Export, sink: Sink) {
        let mut zip = Zipped::new(sink.clone());
        if let Err(error) = self.write_parts(&export, &mut zip).await {
            // Nobody listens any more: there is nobody to tell.
            let _ = sink.send(Err(error)).await;
        }
    }

    async fn write_parts(&self, export: &Export, zip: &mut Zipped) -> Result<(), AppError> {
        let loaded = &export.file.loaded;
        let pieces = catalogue(&loaded.events);
        let explained = self.explained(&export.file)?;
        let law = self.store.law();
        let (pack, _) = Self::statute_of_case(&law, &loaded.before.case)?;
        let files = &export.files;
        zip.file(INDEX, page::index(&export.file, &export.named, (&pieces, files), &pack).as_bytes()).await?;
        zip.file(CATALOGUE, export.catalogue.as_bytes()).await?;
        zip.file(TIME_LIMIT, explained.as_bytes()).await?;
        let mut lines = Vec::with_capacity(loaded.rows.len());
        zip.begin(EVENTS)?;
        for row in &loaded.rows {
            let value = serde_json::to_value(sealed(row.clone())).map_err(internal)?;
            let line = canonical_json(&value).map_err(internal)?;
            lines.push(hex::encode(&sha256(line.as_bytes())));
            zip.chunk(line.as_bytes()).await?;
            zip.chunk(b"\n").await?;
        }
        zip.end().await?;
        self.write_words(export, &pieces, zip).await?;
        write_attachments(&pieces, files, zip).await?;
        let evidence = Box::pin(self.evidence(export)).await?;
        zip.file(EVIDENCE, evidence.text.as_bytes()).await?;
        let instructions = self.instructions(export, &pieces, evidence.checkpoints).await?;
        zip.file(INSTRUCTIONS, instructions.as_bytes()).await?;
        let manifest = manifest(export, zip, &lines, &pieces).map_err(internal)?;
        zip.file(MANIFEST, manifest.as_bytes()).await?;
        let signature = sign(loaded.agency.id.0, &hex::encode(&sha256(manifest.as_bytes())), &evidence.key);
        zip.file(SIGNATURE, signature.map_err(internal)?.as_bytes()).await?;
        zip.finish().await
    }

    /// Each piece's words, a file each; what was erased is absent, and the index says so.
    async fn write_words(
        &self,
        export: &Export,
        pieces: &[Piece<'_>],
        zip: &mut Zipped,
    ) -> Result<(), AppError> {
        let agency = &export.file.loaded.agency;
        let all: Vec<(String, Key)> = pieces
            .iter()
            .flat_map(|piece| {
                let names = piece.words.iter().zip(1..);
                names.map(|(words, n)| (words_name(piece, n), Key(words.text.id.0)))
            })
            .collect();
        for some in all.chunks(WORDS_AT_ONCE) {
            let ids = some.iter().map(|(_, id)| *id).collect();
            let rows = self.store.case_texts_by_id(Key(agency.id.0), ids).await?;
            let rows: BTreeMap<Key, _> = rows.into_iter().map(|row| (row.id, row)).collect();
            for (name, id) in some {
                let Some(row) = rows.get(id) else { continue };
                let words = shown_words(agency, row, &export.named)?;
                zip.file(name, words.as_bytes()).await?;
            }
        }
        Ok(())
    }

    /// The time limit in words, as of the day on which the newest event was recorded.
    fn explained(&self, file: &CaseFile) -> Result<String, AppError> {
        let (loaded, case) = (&file.loaded, &file.loaded.before.case);
        let (pack, calendar) = &Self::statute_of_case(&self.store.law(), case)?;
        let newest = loaded.events.last().map_or(case.latest_on, |it| civil_date(it.at, loaded.agency.zone));
        let mut facts = clock::facts(case);
        let own = facts.len();
        let not_started = facts.is_empty();
        if not_started {
            facts.push(Fact::received(case.receipt.arrived_on));
        }
        let mut explained = calculate(&facts, own, Rules::of(pack, calendar), AsOf::Asked(newest))?;
        explained.not_started = not_started;
        let withdrawn = case.state.conclusion().filter(|_| not_started);
        explained.withdrawn_on = withdrawn.map(|conclusion| conclusion.concluded_on());
        Ok(explained.words(Lang::Zh))
    }
}

/// Each file under `attachments/`, a piece at a time.
async fn write_attachments(
    pieces: &[Piece<'_>],
    files: &HandedOut,
    zip: &mut Zipped,
) -> Result<(), AppError> {
    for (file, name) in pieces.iter().filter_map(|piece| Some((piece.file?, attachment_name(piece)?))) {
        let Some(content) = files.contents.get(&file.attachment) else { continue };
        zip.begin(&name)?;
        for n in 0..content.pieces() {
            for chunk in content.piece(n).await?.chunks(CHUNK) {
                zip.chunk(chunk).await?;
            }
        }
        zip.end().await?;
    }
    Ok(())
}

/// What the ZIP is of, where its chain ends, each file with its length and hash, and the hash of each event's line. A file of
/// the case is bound to the event that attached it: with the salt, whoever has the file sees that the event commits to it.
fn manifest(
    export: &Export,
    zip: &Zipped,
    lines: &[String],
    pieces: &[Piece],
) -> Result<String, serde_json::Error> {
    let before = &export.file.loaded.before;
    let bound: BTreeMap<String, _> = pieces
        .iter()
        .filter_map(|piece| {
            let (salt, _) = export.file.digests.get(&piece.file?.attachment)?;
            Some((attachment_name(piece)?, json!({ "event": piece.seq, "salt": hex::encode(salt) })))
        })
        .collect();
    let files: Vec<_> = zip
        .written()
        .iter()
        .map(|file| {
            let mut listed = json!({ "name": file.name, "bytes": file.bytes, "sha256": file.sha256 });
            if let (Some(bound), Some(members)) = (bound.get(&file.name), listed.as_object_mut()) {
                members.insert("attached".to_owned(), bound.clone());
            }
            listed
        })
        .collect();
    let left_out: Vec<_> = pieces
        .iter()
        .filter_map(|piece| {
            let reason = export.files.left_out.get(&piece.file?.attachment)?;
            Some(json!({ "event": piece.seq, "reason": reason }))
        })
        .collect();
    let manifest = json!({
        "format": FORMAT,
        "agency": before.case.agency.to_string(),
        "agency_code": export.file.loaded.agency.row.code,
        "case": before.case.id.to_string(),
        "number": before.row.number,
        "archival_code": before.row.archival_code,
        "version": before.case.version,
        "head": before.head,
        "masked": true,
        "files": files,
        "left_out": left_out,
        "event_lines": lines,
    });
    serde_json::to_string_pretty(&manifest).map(|text| text + "\n")
}

/// The file of a piece's words.
fn words_name(piece: &Piece, n: usize) -> String {
    format!("words/{:04}-{}-{n}.txt", piece.number, plain_name(&piece.title))
}

/// The file of a piece that is one.
fn attachment_name(piece: &Piece) -> Option<String> {
    let file = piece.file?;
    Some(format!("attachments/{:04}-{}.{}", piece.number, file.purpose.label_zh(), file.file_type.code()))
}

/// A text as a part of a file's name on every system: what some forbid becomes `_`.
fn plain_name(text: &str) -> String {
    let plain = |c: char| if c.is_control() || "\\/:*?\"<>|.".contains(c) { '_' } else { c };
    text.chars().take(60).map(plain).collect()
}

fn internal(error: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("the case cannot be exported: {error}"))
}

#[cfg(test)]
mod tests;
