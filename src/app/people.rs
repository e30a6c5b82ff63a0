//! Words and applicants' records on their way into and out of encrypted rows. What goes in is bound to the event by
//! a salted commitment; what comes out is checked to be what was sealed there.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::directory::{Agency, Keys};
use super::error::AppError;
use crate::crypto::blind_index::blind_index;
use crate::crypto::column::Place;
use crate::crypto::commitment::commit;
use crate::crypto::random;
use crate::domain::applicant::ApplicantKind;
use crate::domain::case::event::{ApplicantRef, Digest, TextRef};
use crate::domain::ids::{ApplicantId, CaseId, TextId};
use crate::domain::text;
use crate::store::{ApplicantRow, At, Key, StoreError, TextRow};

/// What kind of words a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// The applicant's own words.
    Description,
    /// What shows a date.
    Evidence,
    /// The clerk's summary.
    Subject,
    /// The documents asked for.
    Documents,
    /// A note or reason of the office.
    Note,
    /// The reply.
    Reply,
    /// A reviewer's or approver's opinion.
    Opinion,
    /// What the applicant must correct.
    Items,
    /// Who is consulted.
    Party,
    /// What somebody is asked.
    Question,
    /// What he answers.
    Answer,
    /// The court or organ that examines a remedy.
    Organ,
    /// A number that others gave: of a remedy, of a decision.
    Reference,
    /// A fact that a reply states.
    Fact,
    /// A part that a reply withholds, and why.
    Withheld,
    /// What an overridden third party is told.
    Override,
    /// Where the applicant may turn.
    Remedy,
    /// Why the archive did what it did: kept when the case's other words are erased.
    Archive,
    /// What was said in a talk.
    Contact,
    /// The applicant's words with a rating.
    Rating,
    /// The name of a document that is, or is to be, published, and where it is: kept when the case's other words are erased.
    Publication,
    /// The name of a file.
    FileName,
    /// The SHA-256 of a file, in hexadecimal.
    FileDigest,
}

impl TextKind {
    /// The word used in the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Evidence => "evidence",
            Self::Subject => "subject",
            Self::Documents => "documents",
            Self::Note => "note",
            Self::Reply => "reply",
            Self::Opinion => "opinion",
            Self::Items => "items",
            Self::Party => "party",
            Self::Question => "question",
            Self::Answer => "answer",
            Self::Organ => "organ",
            Self::Reference => "reference",
            Self::Fact => "fact",
            Self::Withheld => "withheld",
            Self::Override => "override",
            Self::Remedy => "remedy",
            Self::Archive => "archive",
            Self::Contact => "contact",
            Self::Rating => "rating",
            Self::Publication => "publication",
            Self::FileName => "file_name",
            Self::FileDigest => "file_digest",
        }
    }
}

/// How an applicant proves who he is (Art. 29(2)(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// 居民身份证.
    ResidentId,
    /// 统一社会信用代码.
    CreditCode,
    /// 护照.
    Passport,
    /// Another document.
    Other,
}

/// A proof of identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Which document.
    pub kind: IdentityKind,
    /// Its number.
    pub number: String,
}

/// Who asks, in clear: never logged, never stored so.
#[derive(Clone, PartialEq, Eq)]
pub struct Applicant {
    /// The column of the annual report.
    pub kind: ApplicantKind,
    /// The name.
    pub name: String,
    /// The proof of identity, when given.
    pub identity: Option<Identity>,
    /// A telephone number.
    pub phone: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// A postal address.
    pub address: Option<String>,
}

impl std::fmt::Debug for Applicant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Applicant(…)")
    }
}

impl Applicant {
    /// Each value with what stands in its place where words repeat it. Of an address, what its mask leaves out.
    fn masks(&self) -> Vec<(String, String)> {
        let masked = self.masked();
        let mut masks = Vec::new();
        let mut add = |value: &str, mask: Option<&str>, shortest: usize| {
            if value.chars().count() >= shortest
                && let Some(mask) = mask
            {
                masks.push((value.to_owned(), mask.to_owned()));
            }
        };
        if let (Some(address), Some(mask)) = (&self.address, &masked.address) {
            let kept = mask.trim_end_matches('*').len();
            add(address.trim().get(kept..).unwrap_or_default(), Some("***"), SHORTEST_VALUE);
        }
        if let (Some(identity), Some(mask)) = (&self.identity, &masked.identity) {
            add(&identity.number, Some(&mask.number), SHORTEST_VALUE);
        }
        add(self.phone.as_deref().unwrap_or_default(), masked.phone.as_deref(), SHORTEST_VALUE);
        add(self.email.as_deref().unwrap_or_default(), masked.email.as_deref(), SHORTEST_VALUE);
        add(&self.name, Some(&masked.name), SHORTEST_NAME);
        masks
    }

    /// The same with every value masked: what answers show.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self {
            kind: self.kind,
            name: text::mask_name(&self.name),
            identity: self.identity.as_ref().map(|identity| Identity {
                kind: identity.kind,
                number: text::mask_id_number(&identity.number),
            }),
            phone: self.phone.as_deref().map(text::mask_phone),
            email: self.email.as_deref().map(text::mask_email),
            address: self.address.as_deref().map(text::mask_address),
        }
    }
}

/// Words as they are shown: what is known of these applicants, and whatever looks like personal data, masked.
///
/// ```
/// use gongkai::app::people::{Applicant, mask_words};
/// use gongkai::domain::applicant::ApplicantKind;
///
/// let applicant = Applicant {
///     kind: ApplicantKind::NaturalPerson,
///     name: "张伟".to_owned(),
///     identity: None,
///     phone: Some("0517-83605000".to_owned()),
///     email: None,
///     address: Some("江苏省淮安市洪泽区人民路1号".to_owned()),
/// };
/// let words = "本人张伟，住洪泽区人民路1号，电话0517-83605000、13812345678。";
/// assert_eq!(mask_words(words, &[applicant]), "本人张*，住洪泽区***，电话**********00、138****5678。");
/// ```
pub fn mask_words(words: &str, applicants: &[Applicant]) -> String {
    let known = applicants.iter().flat_map(Applicant::masks);
    text::mask_text(&known.fold(words.to_owned(), |shown, (value, mask)| shown.replace(&value, &mask)))
}

/// Shorter values are parts of other words: hiding them would hide those and nobody's data.
const SHORTEST_NAME: usize = 2;
const SHORTEST_VALUE: usize = 4;

/// The rows that a command adds, gathered while its content is sealed.
pub struct Sealer<'a> {
    agency: &'a Agency,
    case: CaseId,
    now: At,
    /// The encrypted words so far.
    pub texts: Vec<TextRow>,
    /// The encrypted applicant's record, when there is one.
    pub applicant: Option<ApplicantRow>,
}

impl<'a> Sealer<'a> {
    /// An empty gathering for one case.
    pub fn new(agency: &'a Agency, case: CaseId, now: At) -> Self {
        Self { agency, case, now, texts: Vec::new(), applicant: None }
    }

    /// Seals words into a row and returns what the event says of them.
    ///
    /// # Errors
    /// When the agency has no key.
    pub fn text(&mut self, kind: TextKind, words: &str) -> Result<TextRef, AppError> {
        let id = TextId(random::new_id(self.now.0));
        let salt = random::bytes::<16>();
        let mut plain = Zeroizing::new(salt.to_vec());
        plain.extend_from_slice(words.as_bytes());
        let place = text_place(self.agency, id);
        self.texts.push(TextRow {
            agency_id: Key(self.agency.id.0),
            id: Key(id.0),
            case_id: Key(self.case.0),
            kind: kind.code().to_owned(),
            sealed: self.agency.keys.newest()?.seal(&place, &plain),
            created_at: self.now,
        });
        let commitment = Digest(*commit(&salt, &[words.as_bytes()]).as_bytes());
        Ok(TextRef { id, commitment })
    }

    /// The same for words that may be absent.
    ///
    /// # Errors
    /// When the agency has no key.
    pub fn optional_text(
        &mut self,
        kind: TextKind,
        words: Option<&str>,
    ) -> Result<Option<TextRef>, AppError> {
        words.map(|words| self.text(kind, words)).transpose()
    }

    /// Seals an applicant's record, column by column.
    ///
    /// # Errors
    /// When the agency has no key.
    pub fn applicant(&mut self, applicant: &Applicant) -> Result<ApplicantRef, AppError> {
        let id = ApplicantId(random::new_id(self.now.0));
        let keys = self.agency.keys.newest()?;
        let salt = random::bytes::<16>();
        let seal =
            |column: &'static str, plain: &[u8]| keys.seal(&applicant_place(self.agency, id, column), plain);
        let identity = applicant.identity.as_ref().map(identity_bytes);
        let optional =
            |column: &'static str, value: Option<&str>| value.map(|value| seal(column, value.as_bytes()));
        self.applicant = Some(ApplicantRow {
            agency_id: Key(self.agency.id.0),
            id: Key(id.0),
            case_id: Key(self.case.0),
            name: seal("name", applicant.name.as_bytes()),
            identity: identity.as_deref().map(|plain| seal("identity", plain)),
            phone: optional("phone", applicant.phone.as_deref()),
            email: optional("email", applicant.email.as_deref()),
            address: optional("address", applicant.address.as_deref()),
            salt: seal("salt", &salt),
            name_index: blind_index(&keys, "name", &applicant.name).to_vec(),
            identity_index: applicant
                .identity
                .as_ref()
                .map(|identity| blind_index(&keys, "identity", &identity.number).to_vec()),
            created_at: self.now,
        });
        Ok(ApplicantRef { id, kind: applicant.kind, commitment: applicant_commitment(&salt, applicant) })
    }
}

fn identity_bytes(identity: &Identity) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(serde_json::to_vec(identity).unwrap_or_default())
}

/// Over every field, absent ones apart from empty ones.
fn applicant_commitment(salt: &[u8; 16], applicant: &Applicant) -> Digest {
    let identity = applicant.identity.as_ref().map(identity_bytes);
    let optional = |value: Option<&[u8]>| {
        let mut part = Zeroizing::new(Vec::new());
        if let Some(value) = value {
            part.push(1);
            part.extend_from_slice(value);
        }
        part
    };
    let parts = [
        Zeroizing::new(applicant.kind.code().as_bytes().to_vec()),
        Zeroizing::new(applicant.name.as_bytes().to_vec()),
        optional(identity.as_deref().map(Vec::as_slice)),
        optional(applicant.phone.as_deref().map(str::as_bytes)),
        optional(applicant.email.as_deref().map(str::as_bytes)),
        optional(applicant.address.as_deref().map(str::as_bytes)),
    ];
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_slice()).collect();
    Digest(*commit(salt, &parts).as_bytes())
}

pub(super) fn text_place(agency: &Agency, id: TextId) -> Place<'static> {
    Place { table: "case_texts", column: "sealed", row: id.0, agency: agency.id.0 }
}

pub(super) fn applicant_place(agency: &Agency, id: ApplicantId, column: &'static str) -> Place<'static> {
    Place { table: "applicants", column, row: id.0, agency: agency.id.0 }
}

pub(super) fn open(keys: &Keys, place: &Place, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, AppError> {
    let fail = |reason: String| {
        AppError::Store(StoreError::Inconsistent {
            table: "encrypted column",
            row: place.row.to_string(),
            reason,
        })
    };
    let key = keys.of_blob(blob).ok_or_else(|| fail("it is under a key that is not here".to_owned()))?;
    key.open(place, blob).map_err(|error| fail(format!("{}.{}: {error}", place.table, place.column)))
}

pub(super) fn utf8(place: &Place, bytes: &[u8]) -> Result<String, AppError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| {
        AppError::Store(StoreError::Inconsistent {
            table: "encrypted column",
            row: place.row.to_string(),
            reason: "not UTF-8".to_owned(),
        })
    })
}

/// Opens a row of words.
///
/// # Errors
/// When it was swapped, edited or written under a key that is not here.
pub fn open_text(agency: &Agency, row: &TextRow) -> Result<String, AppError> {
    let place = text_place(agency, TextId(row.id.0));
    let plain = open(&agency.keys, &place, &row.sealed)?;
    utf8(&place, plain.get(16..).unwrap_or_default())
}

/// The salt and the words of a row: with both, anybody can see that the commitment is to these words.
///
/// # Errors
/// Those of [`open_text`].
pub fn open_salted(agency: &Agency, row: &TextRow) -> Result<([u8; 16], String), AppError> {
    let place = text_place(agency, TextId(row.id.0));
    let plain = open(&agency.keys, &place, &row.sealed)?;
    let salt = plain.first_chunk().copied().unwrap_or_default();
    Ok((salt, utf8(&place, plain.get(16..).unwrap_or_default())?))
}

/// The words of a row as they are shown: masked, save the digest of a file and the address of what is published, whose figures are
/// nobody's number.
///
/// # Errors
/// Those of [`open_text`].
pub fn shown_words(agency: &Agency, row: &TextRow, applicants: &[Applicant]) -> Result<String, AppError> {
    let words = open_text(agency, row)?;
    let plain = [TextKind::FileDigest.code(), TextKind::Publication.code()].contains(&row.kind.as_str());
    Ok(if plain { words } else { mask_words(&words, applicants) })
}

/// Opens an applicant's record.
///
/// # Errors
/// When a column was swapped, edited or written under a key that is not here.
pub fn open_applicant(
    agency: &Agency,
    kind: ApplicantKind,
    row: &ApplicantRow,
) -> Result<Applicant, AppError> {
    let id = ApplicantId(row.id.0);
    let column = |name: &'static str, blob: &[u8]| -> Result<String, AppError> {
        let place = applicant_place(agency, id, name);
        utf8(&place, &open(&agency.keys, &place, blob)?)
    };
    let optional = |name: &'static str, blob: &Option<Vec<u8>>| {
        blob.as_deref().map(|blob| column(name, blob)).transpose()
    };
    let identity = optional("identity", &row.identity)?
        .map(|json| serde_json::from_str::<Identity>(&json))
        .transpose()
        .map_err(|error| AppError::Internal(format!("an identity that is not ours: {error}")))?;
    // Nothing is read of the salt; but without it nobody could show what the event commits to, so that a damaged one is told.
    open(&agency.keys, &applicant_place(agency, id, "salt"), &row.salt)?;
    Ok(Applicant {
        kind,
        name: column("name", &row.name)?,
        identity,
        phone: optional("phone", &row.phone)?,
        email: optional("email", &row.email)?,
        address: optional("address", &row.address)?,
    })
}
