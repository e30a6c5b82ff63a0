//! `gongkai openapi`.

use super::output::{Failure, print};

/// Prints the OpenAPI document.
pub(super) fn run() -> Result<(), Failure> {
    let text = crate::http::openapi_json();
    print(&if text.ends_with('\n') { text } else { text + "\n" })
}
