use super::output::Failure;
#[derive(clap::Args)]
pub(super) struct Arguments {}
pub(super) async fn run(_: Arguments, _: bool) -> Result<(), Failure> {
    Ok(())
}
