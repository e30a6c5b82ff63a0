//! The settings about files: where they are kept, how large they may be, who scans them.

use std::path::PathBuf;

use super::variables::{Default, Variable, path};
use crate::files::Limits;
use crate::files::clamd::Clamd;

const MIB: u64 = 1 << 20;

/// The settings about files.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachmentSettings {
    /// Where they are kept.
    pub folder: PathBuf,
    /// How large they may be.
    pub limits: Limits,
    /// The antivirus program.
    pub clamd: Option<Clamd>,
}

/// The settings about files as far as they have been read.
#[derive(std::default::Default)]
pub(super) struct AttachmentDraft {
    folder: Option<PathBuf>,
    file_mib: Option<u64>,
    case_mib: Option<u64>,
    clamd: Option<Clamd>,
}

impl AttachmentDraft {
    /// Whole settings; every mistake is told.
    pub(super) fn finish(
        self,
        data_dir: Option<&std::path::Path>,
        mistakes: &mut Vec<super::Mistake>,
    ) -> Option<AttachmentSettings> {
        let (file, case) = self.file_mib.zip(self.case_mib)?;
        if file > case {
            mistakes.push(super::Mistake(format!(
                "GONGKAI_ATTACHMENT_FILE_MIB: one file may have {file} MiB, all of a case together {case} MiB \
                 (GONGKAI_ATTACHMENT_CASE_MIB): that is less."
            )));
        }
        let folder = self.folder.or_else(|| data_dir.map(|folder| folder.join("attachments")))?;
        let limits = Limits { file: file.saturating_mul(MIB), case: case.saturating_mul(MIB) };
        Some(AttachmentSettings { folder, limits, clamd: self.clamd })
    }
}

fn mib(text: &str, most: u64) -> Result<u64, String> {
    let number = text.parse::<u64>().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("`{text}` is no whole number from 1 to {most}"))
}

pub(super) const FOLDER: Variable = Variable {
    name: "GONGKAI_ATTACHMENT_DIR",
    unit: "folder",
    default: Default::Words("attachments in GONGKAI_DATA_DIR"),
    effect: "Where the files of cases are kept, encrypted. With several instances, a folder that they share.",
    set: |draft, text| {
        draft.attachments.folder = Some(path(text)?);
        Ok(())
    },
    show: |config| config.attachments.folder.display().to_string(),
};

pub(super) const FILE_MIB: Variable = Variable {
    name: "GONGKAI_ATTACHMENT_FILE_MIB",
    unit: "MiB, 1 to 4096",
    default: Default::Value("20"),
    effect: "How large one file may be.",
    set: |draft, text| {
        draft.attachments.file_mib = Some(mib(text, 4096)?);
        Ok(())
    },
    show: |config| (config.attachments.limits.file / MIB).to_string(),
};

pub(super) const CASE_MIB: Variable = Variable {
    name: "GONGKAI_ATTACHMENT_CASE_MIB",
    unit: "MiB, 1 to 1048576",
    default: Default::Value("100"),
    effect: "How large all files of a case may be together, those struck out included.",
    set: |draft, text| {
        draft.attachments.case_mib = Some(mib(text, 1_048_576)?);
        Ok(())
    },
    show: |config| (config.attachments.limits.case / MIB).to_string(),
};

pub(super) const CLAMD: Variable = Variable {
    name: "GONGKAI_CLAMD",
    unit: "tcp://HOST:PORT or unix:/PATH",
    default: Default::Words("none"),
    effect: "The antivirus program clamd, asked by INSTREAM (its StreamMaxLength must be no less than \
             GONGKAI_ATTACHMENT_FILE_MIB). With it no file is handed out that was not scanned; while it is away, files stay \
             in quarantine.",
    set: |draft, text| {
        let place = text.parse().map_err(|()| {
            format!(
                "`{text}` is no place of clamd, such as tcp://127.0.0.1:3310 or unix:/run/clamav/clamd.ctl"
            )
        })?;
        draft.attachments.clamd = Some(place);
        Ok(())
    },
    show: |config| config.attachments.clamd.as_ref().map_or_else(|| "(none)".to_owned(), ToString::to_string),
};
