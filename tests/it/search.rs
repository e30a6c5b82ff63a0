//! Chinese full text over the cases: what is found is what a plain scan for substrings finds, on both databases, in
//! every order, within the caller's rights; and the index follows each change.

mod applicants;
mod changes;
pub mod corpus;
mod found;
mod hostile;
mod oracle;
mod proposals;

use std::fmt::Write as _;

use serde_json::Value;

use crate::support::client::Client;

/// A text as it stands in a query of a URL.
pub fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

/// Every case that a search finds, in its order, by pages of `limit`.
pub fn all_found(caller: &Client, q: &str, more: &str, limit: usize) -> Vec<Value> {
    all_pages(caller, format!("/cases?limit={limit}&q={}{more}", escaped(q)))
}

/// Every case of a list, from its first page on.
pub fn all_pages(caller: &Client, first: String) -> Vec<Value> {
    let (mut found, mut next) = (Vec::new(), first);
    loop {
        let page = caller.get(&next).must(200);
        found.extend(page.at("/items").as_array().unwrap().iter().cloned());
        let Some(link) = page.header("link") else { return found };
        let link = link.strip_prefix("</api/v1").and_then(|link| link.strip_suffix(">; rel=\"next\""));
        link.unwrap().clone_into(&mut next);
    }
}

/// The registration numbers of cases.
pub fn numbers(cases: &[Value]) -> Vec<String> {
    cases.iter().map(|case| case["number"].as_str().unwrap_or("-").to_owned()).collect()
}
