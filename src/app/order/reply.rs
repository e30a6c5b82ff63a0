//! A draft on its way into the record: its words sealed, and what the reviews bind to.

use crate::app::error::AppError;
use crate::app::people::{Sealer, TextKind};
use crate::crypto::framed::sha256_framed;
use crate::domain::case::command::{Command, ReplyCommand, ReplyKind};
use crate::domain::case::event::{Digest, TextRef};
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Basis, BasisText};
use crate::domain::review::Finding;

pub(super) fn seal(
    outcome: Outcome,
    text: &str,
    basis: &Basis<String>,
    sealer: &mut Sealer,
) -> Result<Command, AppError> {
    let text = sealer.text(TextKind::Reply, text)?;
    let basis = basis.try_map(|which, words| sealer.text(kind(which), words))?;
    let content = content_hash(outcome, &text.commitment, &basis);
    Ok(Command::Draft { outcome, text, content, basis: Box::new(basis) })
}

fn kind(which: BasisText) -> TextKind {
    match which {
        BasisText::Fact => TextKind::Fact,
        BasisText::Withheld => TextKind::Withheld,
        BasisText::Override => TextKind::Override,
        BasisText::Remedy => TextKind::Remedy,
    }
}

/// What reviews bind to: outcome, words and basis, the words by their salted commitments, so that the hash tells
/// nothing. A draft without a basis has the hash it had before there was one.
fn content_hash(outcome: Outcome, words: &Digest, basis: &Basis<TextRef>) -> Digest {
    let outcome = outcome.code().as_bytes();
    if basis.is_empty() {
        return Digest(sha256_framed(&[b"gongkai-reply-content/v1", outcome, &words.0]));
    }
    let parts = basis.parts();
    let mut framed: Vec<&[u8]> = vec![b"gongkai-reply-content/v2", outcome, &words.0];
    framed.extend(parts.iter().map(Vec::as_slice));
    Digest(sha256_framed(&framed))
}

/// See [`Command::Reply`].
#[derive(Clone, Debug)]
pub enum ReplyOrder {
    /// See [`ReplyCommand::AnswerReferral`].
    AnswerReferral {
        /// What the secrecy authority found.
        finding: Finding,
        /// The answer.
        text: String,
    },
}

impl ReplyOrder {
    /// The command's name.
    pub fn kind(&self) -> ReplyKind {
        match self {
            Self::AnswerReferral { .. } => ReplyKind::AnswerReferral,
        }
    }
}

pub(super) fn seal_order(order: &ReplyOrder, sealer: &mut Sealer) -> Result<ReplyCommand, AppError> {
    Ok(match order {
        ReplyOrder::AnswerReferral { finding, text } => {
            ReplyCommand::AnswerReferral { finding: *finding, text: sealer.text(TextKind::Answer, text)? }
        }
    })
}

/// A basis as answers show it: all of its words are known.
pub(super) fn shown(basis: &Basis<String>) -> Basis<Option<String>> {
    let known: Result<_, std::convert::Infallible> = basis.try_map(|_, words| Ok(Some(words.clone())));
    match known {
        Ok(shown) => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::event::Event;
    use crate::domain::ids::TextId;
    use crate::domain::reply::{Fact, FactValue, Override, WithheldPart};

    fn words(n: u8) -> TextRef {
        TextRef { id: TextId(uuid::Uuid::from_u128(n.into())), commitment: Digest([n; 32]) }
    }

    /// A basis with something of everything.
    fn full() -> Basis<TextRef> {
        let mut basis = Basis { grounds: vec!["37".to_owned(), "36(2)".to_owned()], ..Basis::default() };
        basis.facts.insert(Fact::Way, FactValue::Text(words(1)));
        basis.facts.insert(Fact::ExpiredOn, FactValue::Date("2026-03-02".parse().unwrap()));
        basis.facts.insert(Fact::SecrecyLevel, FactValue::Word("secret".to_owned()));
        basis.withheld.push(WithheldPart {
            what: words(2),
            outcome: Outcome::DeniedStateSecret,
            grounds: vec!["14".to_owned()],
            reason: words(3),
            consultation: None,
        });
        basis.overrides.push(Override {
            consultation: 1,
            told_on: None,
            content: words(4),
            reason: words(5),
        });
        basis.remedies.reconsideration_body = Some(words(6));
        basis.remedies.court = Some(words(7));
        basis
    }

    /// A change of any one thing.
    fn changes() -> Vec<fn(&mut Basis<TextRef>)> {
        vec![
            |basis| basis.grounds.truncate(1),
            |basis| basis.grounds.reverse(),
            |basis| basis.grounds[1] = "36(3)".to_owned(),
            |basis| basis.grounds.clear(),
            |basis| drop(basis.facts.remove(&Fact::Way)),
            |basis| drop(basis.facts.insert(Fact::Way, FactValue::Text(words(9)))),
            |basis| {
                let way = basis.facts.remove(&Fact::Way).unwrap();
                basis.facts.insert(Fact::Provided, way);
            },
            |basis| drop(basis.facts.insert(Fact::ExpiredOn, FactValue::Date("2026-03-03".parse().unwrap()))),
            |basis| drop(basis.facts.insert(Fact::SecrecyLevel, FactValue::Word("top_secret".to_owned()))),
            |basis| basis.withheld.clear(),
            |basis| basis.withheld.extend(basis.withheld.clone()),
            |basis| basis.withheld[0].what = words(9),
            |basis| basis.withheld[0].reason = words(9),
            |basis| basis.withheld[0].outcome = Outcome::DeniedInternalAffairs,
            |basis| basis.withheld[0].grounds.push("36(3)".to_owned()),
            |basis| basis.withheld[0].consultation = Some(1),
            |basis| basis.overrides.clear(),
            |basis| basis.overrides[0].consultation = 2,
            |basis| basis.overrides[0].told_on = "2026-03-02".parse().ok(),
            |basis| basis.overrides[0].content = words(9),
            |basis| basis.overrides[0].reason = words(9),
            |basis| basis.remedies.reconsideration_body = Some(words(9)),
            |basis| std::mem::swap(&mut basis.remedies.reconsideration_body, &mut basis.remedies.court),
            |basis| basis.remedies.court = None,
            |basis| basis.remedies.online_filing = Some(words(8)),
        ]
    }

    /// Events written before there were routes, levels, delegates and bases: they read as before, and are written as before.
    #[test]
    fn records_of_before_read_and_are_written_as_before() {
        let (id, hash) = ("00000000-0000-0000-0000-000000000007", "0".repeat(64));
        let text = format!(r#"{{"id":"{id}","commitment":"{hash}"}}"#);
        let records = [
            format!(
                r#"{{"type":"drafted","version":1,"outcome":"granted","text":{text},"content":"{hash}"}}"#
            ),
            format!(r#"{{"type":"submitted","version":1,"content":"{hash}"}}"#),
            format!(
                r#"{{"type":"reviewed","step":"legal","decision":"return","content":"{hash}","opinion":{text}}}"#
            ),
        ];
        for record in records {
            let event: Event = serde_json::from_str(&record).unwrap();
            assert_eq!(serde_json::to_string(&event).unwrap(), record);
            if let Event::Drafted { basis, .. } = &event {
                assert!(basis.is_empty());
            } else if let Event::Submitted { route, .. } = &event {
                assert!(route.is_default());
            } else if let Event::Reviewed { level, acting_for, .. } = &event {
                assert_eq!((level.code(), *acting_for), ("first", None));
            } else {
                panic!("{event:?}");
            }
        }
    }

    #[test]
    fn the_hash_covers_everything_and_old_drafts_keep_theirs() {
        let hash = |basis: &Basis<TextRef>| content_hash(Outcome::PartiallyGranted, &Digest([0; 32]), basis);
        let mut hashes = vec![hash(&full()), hash(&Basis::default())];
        for change in changes() {
            let mut basis = full();
            change(&mut basis);
            assert_ne!(basis, full());
            hashes.push(hash(&basis));
        }
        hashes.push(content_hash(Outcome::Granted, &Digest([0; 32]), &full()));
        hashes.push(content_hash(Outcome::PartiallyGranted, &Digest([1; 32]), &full()));
        let count = hashes.len();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), count, "two drafts that differ have one hash");
        let before = sha256_framed(&[b"gongkai-reply-content/v1", b"granted", &[7; 32]]);
        assert_eq!(content_hash(Outcome::Granted, &Digest([7; 32]), &Basis::default()), Digest(before));
    }
}
