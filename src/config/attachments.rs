//! The settings about files: where they are kept, how large they may be, who scans them.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::variables::{Default, Variable, path};
use crate::files::Limits;
use crate::files::clamd::Clamd;
use crate::files::s3::{Credentials, Place};

const MIB: u64 = 1 << 20;

/// The settings about files.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachmentSettings {
    /// Where they are kept, unless in a bucket.
    pub folder: PathBuf,
    /// The bucket in which they are kept, where there is one.
    pub bucket: Option<BucketSettings>,
    /// How large they may be, and how many are opened.
    pub limits: Limits,
    /// The antivirus program.
    pub clamd: Option<Clamd>,
}

/// A bucket of an S3-compatible store.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketSettings {
    /// Where it is.
    pub place: Place,
    /// The region that signatures name.
    pub region: String,
    /// Who signs.
    pub credentials: Credentials,
}

/// The settings about files as far as they have been read.
#[derive(std::default::Default)]
pub(super) struct AttachmentDraft {
    folder: Option<PathBuf>,
    place: Option<Place>,
    region: Option<String>,
    access_key: Option<String>,
    secret_key_file: Option<PathBuf>,
    file_mib: Option<u64>,
    case_mib: Option<u64>,
    openings: Option<u32>,
    clamd: Option<Clamd>,
}

impl AttachmentDraft {
    /// Whole settings; every mistake is told.
    pub(super) fn finish(
        mut self,
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
        let bucket = self.bucket(mistakes);
        let folder = self.folder.or_else(|| data_dir.map(|folder| folder.join("attachments")))?;
        let (file, case) = (file.saturating_mul(MIB), case.saturating_mul(MIB));
        let limits = Limits { file, case, openings: self.openings? };
        Some(AttachmentSettings { folder, bucket, limits, clamd: self.clamd })
    }

    /// The bucket, all of which is told or nothing.
    fn bucket(&mut self, mistakes: &mut Vec<super::Mistake>) -> Option<BucketSettings> {
        let mut wrong = |sentence: String| mistakes.push(super::Mistake(sentence));
        let Some(place) = self.place.take() else {
            let without = [
                (&S3_ACCESS_KEY, self.access_key.is_some()),
                (&S3_SECRET_KEY_FILE, self.secret_key_file.is_some()),
            ];
            for (variable, _) in without.into_iter().filter(|(_, is_set)| *is_set) {
                wrong(format!("{}: GONGKAI_S3_URL, to which it belongs, is not set.", variable.name));
            }
            return None;
        };
        let access_key = self.access_key.take();
        let secret_key = self.secret_key_file.take();
        if access_key.is_none() {
            wrong(
                "GONGKAI_S3_ACCESS_KEY: it is not set, and GONGKAI_S3_URL is: give the id of the key."
                    .to_owned(),
            );
        }
        let Some(file) = secret_key else {
            wrong(
                "GONGKAI_S3_SECRET_KEY_FILE: it is not set, and GONGKAI_S3_URL is: name the file that holds the secret key."
                    .to_owned(),
            );
            return None;
        };
        match secret(&file) {
            Ok(secret_key) => {
                let credentials = Credentials { access_key: access_key?, secret_key };
                Some(BucketSettings { place, region: self.region.take().unwrap_or_default(), credentials })
            }
            Err(reason) => {
                wrong(format!("GONGKAI_S3_SECRET_KEY_FILE: {}: {reason}.", file.display()));
                None
            }
        }
    }
}

/// The secret key in a file; its content is never told.
pub(super) fn secret(file: &std::path::Path) -> Result<Zeroizing<String>, String> {
    let text = std::fs::read_to_string(file).map(Zeroizing::new).map_err(|error| error.to_string())?;
    let key = text.trim();
    if key.is_empty() || key.len() > 256 || !key.chars().all(|c| c.is_ascii_graphic()) {
        return Err(
            "it must hold the secret key and nothing else: one line of up to 256 ASCII characters".to_owned()
        );
    }
    Ok(Zeroizing::new(key.to_owned()))
}

/// A word of up to 128 characters without white space.
fn word(text: &str, what: &str) -> Result<String, String> {
    if text.is_empty() || text.len() > 128 || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err(format!("it must be {what}: up to 128 ASCII characters without spaces"));
    }
    Ok(text.to_owned())
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

pub(super) const S3_URL: Variable = Variable {
    name: "GONGKAI_S3_URL",
    unit: "http(s)://HOST[:PORT]/BUCKET[/PREFIX]",
    default: Default::Words("none: files are kept in GONGKAI_ATTACHMENT_DIR"),
    effect: "A bucket of an S3-compatible store in which the files of cases are kept, encrypted, instead of the folder. The \
             bucket must exist; the key must be allowed to write, read, list and delete in it. Files already in the folder \
             are not moved.",
    set: |draft, text| {
        let place = text.parse().map_err(|()| {
            format!(
                "`{}` is no place of a bucket, such as https://minio.example:9000/gongkai",
                without_user(text)
            )
        })?;
        draft.attachments.place = Some(place);
        Ok(())
    },
    show: |config| shown(config, |bucket| bucket.place.to_string()),
};

pub(super) const S3_REGION: Variable = Variable {
    name: "GONGKAI_S3_REGION",
    unit: "name",
    default: Default::Value("us-east-1"),
    effect: "The region that signatures name; MinIO takes the default.",
    set: |draft, text| {
        draft.attachments.region = Some(word(text, "the name of a region, such as us-east-1")?);
        Ok(())
    },
    show: |config| shown(config, |bucket| bucket.region.clone()),
};

pub(super) const S3_ACCESS_KEY: Variable = Variable {
    name: "GONGKAI_S3_ACCESS_KEY",
    unit: "id",
    default: Default::Words("none"),
    effect: "The id of the key that signs requests to the bucket.",
    set: |draft, text| {
        draft.attachments.access_key = Some(word(text, "the id of a key")?);
        Ok(())
    },
    show: |config| shown(config, |bucket| bucket.credentials.access_key.clone()),
};

pub(super) const S3_SECRET_KEY_FILE: Variable = Variable {
    name: "GONGKAI_S3_SECRET_KEY_FILE",
    unit: "file",
    default: Default::Words("none"),
    effect: "The file that holds the secret key, and nothing else. It is read at the start and never shown.",
    set: |draft, text| {
        draft.attachments.secret_key_file = Some(path(text)?);
        Ok(())
    },
    show: |config| shown(config, |_| "(read)".to_owned()),
};

fn shown(config: &super::Config, of: fn(&BucketSettings) -> String) -> String {
    config.attachments.bucket.as_ref().map_or_else(|| "(none)".to_owned(), of)
}

/// What was given, without a password that should not be there.
fn without_user(text: &str) -> &str {
    text.rsplit('@').next().unwrap_or_default()
}

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

pub(super) const OPENINGS: Variable = Variable {
    name: "GONGKAI_ATTACHMENT_OPENINGS",
    unit: "1 to 10000",
    default: Default::Value("120"),
    effect: "How many files that hold what people wrote one person may open in an hour, each with a reason and on the record; an export \
             with files counts as one.",
    set: |draft, text| {
        let number = text.parse().ok().filter(|number| (1..=10_000).contains(number));
        draft.attachments.openings =
            Some(number.ok_or_else(|| format!("`{text}` is no whole number from 1 to 10000"))?);
        Ok(())
    },
    show: |config| config.attachments.limits.openings.to_string(),
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
