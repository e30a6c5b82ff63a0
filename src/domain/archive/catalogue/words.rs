//! The words of a piece, and what each of them is where the piece has several.

use crate::domain::case::event::{Event, TextRef};
use crate::domain::reply::{Basis, FactValue, RemedyBody};

/// Some words of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<'a> {
    /// The row that holds them, and the commitment to it.
    pub text: &'a TextRef,
    /// What they are, in Chinese, where the piece's title does not say it.
    pub label: Option<&'static str>,
}

/// The words of an event in the order of [`Event::texts`].
pub(super) fn of(event: &Event) -> Vec<Words<'_>> {
    let labels = if let Event::Drafted { basis, .. } = event {
        labels(basis)
    } else if let Event::RemedyFiled(_) = event {
        vec!["办理机关", "案号"]
    } else if let Event::Attached(_) = event {
        vec!["文件名", "SHA-256"]
    } else {
        Vec::new()
    };
    let labels = labels.into_iter().map(Some).chain(std::iter::repeat(None));
    event.texts().into_iter().zip(labels).map(|(text, label)| Words { text, label }).collect()
}

/// Of a version of the reply: its words, then those of its basis in the order of [`Basis::texts`].
fn labels(basis: &Basis<TextRef>) -> Vec<&'static str> {
    let mut labels = vec!["答复正文"];
    for (fact, value) in &basis.facts {
        match value {
            FactValue::Text(_) => labels.push(fact.label_zh()),
            FactValue::Date(_) | FactValue::Word(_) => {}
        }
    }
    labels.extend(basis.withheld.iter().flat_map(|_| ["不予公开的部分", "不予公开的理由"]));
    labels.extend(basis.overrides.iter().flat_map(|_| ["告知第三方拟公开的内容", "告知第三方公开的理由"]));
    let named = RemedyBody::ALL.iter().filter(|body| basis.remedies.get(**body).is_some());
    labels.extend(named.map(|body| body.label_zh()));
    labels
}

#[cfg(test)]
mod tests;
