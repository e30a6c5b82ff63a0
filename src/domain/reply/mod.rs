//! What a reply (答复) must say besides its words: grounds to the item, facts, what is withheld and why, who was
//! overridden, and where the applicant may turn. What the law asks of each outcome is data of the statute pack
//! ([`crate::domain::statute::OutcomeEntry`]); here is the vocabulary, what a draft holds, and what it lacks.

mod basis;
mod check;
mod cite;
mod clause;
mod fact;
mod number;

pub use basis::{Basis, BasisText, FactValue, Override, RemedyBodies, RemedyBody, WithheldPart};
pub use check::{Fault, Lack, faults, untold};
pub use cite::cite;
pub use clause::clause;
pub use fact::{Fact, FactForm, Word};
pub use number::{MOST_CHARS as REPLY_NUMBER_CHARS, ReplyNumber};
