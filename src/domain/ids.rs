//! Identifiers. Each is opaque to callers; a type of its own, so that an agency's id can never stand for a case's.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The common shape of every id: a UUID (version 7 when this program made it), written with hyphens, lower case.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    };
}

id!(/// A government office that receives requests (行政机关).
    AgencyId);
id!(/// A department of an agency (内设机构).
    DepartmentId);
id!(/// A human being who works in an office. Four eyes are measured by person, never by account.
    PersonId);
id!(/// A sign-in of one person (or of a portal) at one agency.
    AccountId);
id!(/// One stay of an account: from sign-in to sign-out.
    SessionId);
id!(/// One request for disclosure (申请).
    CaseId);
id!(/// One event of the record.
    EventId);
id!(/// One encrypted text that an event commits to.
    TextId);
id!(/// One encrypted applicant record that an event commits to.
    ApplicantId);
id!(/// One delegation of review during an absence.
    DelegationId);
id!(/// One file of a case; also the upload by which it came.
    AttachmentId);
id!(/// One notice of a supervising agency (督办).
    NoticeId);
id!(/// One portal: a service that hands requests in (门户).
    PortalId);
id!(/// One reorganisation of an agency: a new name, a hand-over of cases, a merger into another.
    ReorganisationId);
id!(/// One change of the calendar, applied as a whole to every case that it moves.
    ChangeSetId);
id!(/// One key of an agency for what is encrypted.
    KeyId);
