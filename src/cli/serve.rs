//! `gongkai serve`.

use super::output::{Failure, say};
use super::start::{Share, start};
use crate::domain::case::Origin;

const FIRST_STEPS: &str = "\
There is no account yet. Make an agency and its first accounts, in another terminal with the same settings:
  gongkai agency create --code 320800 --name 某市人民政府
  gongkai account create --username admin --agency 320800 --role system_admin --password-stdin <password.txt
  gongkai account create --username clerk --agency 320800 --role clerk --password-stdin <password.txt";

/// Serves until told to stop.
pub(super) async fn run() -> Result<(), Failure> {
    let started = start(Share::Alone, Origin::Api).await?;
    if started.app.store.accounts_count().await? == 0 {
        say(FIRST_STEPS);
    }
    if let Some(files) = &started.app.files {
        files.shelf.ready().await.map_err(|error| Failure::new(error.to_string()))?;
    }
    crate::http::serve(started.app, &started.config).await.map_err(Failure::new)
}
