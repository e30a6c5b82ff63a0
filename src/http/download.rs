//! Files on their way out.

use actix_web::web;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::mpsc;

use crate::app::error::AppError;

/// The pieces as they come. What fails cuts the answer off, so that nobody takes a part for the whole.
pub fn streamed(
    source: mpsc::Receiver<Result<Vec<u8>, AppError>>,
) -> impl Stream<Item = Result<web::Bytes, actix_web::Error>> {
    unfold(source, |mut source| async move {
        let next = source.recv().await?;
        let next = next.map(web::Bytes::from).map_err(|error| {
            tracing::error!(%error, "a file was cut off");
            actix_web::error::ErrorInternalServerError("cut off")
        });
        Some((next, source))
    })
}
