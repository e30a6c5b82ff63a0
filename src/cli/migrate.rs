//! `gongkai migrate`.

use serde_json::json;

use super::output::{Failure, print, print_json};
use super::start::{Share, start};
use crate::domain::case::Origin;

/// Makes the database ready and says what was done.
pub(super) async fn run(json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    if json {
        return print_json(&json!({ "applied": started.migrations }));
    }
    if started.migrations.is_empty() {
        return print("the schema is up to date\n");
    }
    print(&format!("applied {}\n", started.migrations.join(", ")))
}
