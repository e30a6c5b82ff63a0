//! Files on their way out.

use actix_web::http::header;
use actix_web::web;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::mpsc;

use crate::app::error::AppError;

/// A file to be kept, under a name that any program takes, and under its own.
pub fn attachment(plain: &str, name: String) -> header::ContentDisposition {
    header::ContentDisposition {
        disposition: header::DispositionType::Attachment,
        parameters: vec![
            header::DispositionParam::Filename(plain.to_owned()),
            header::DispositionParam::FilenameExt(header::ExtendedValue {
                charset: header::Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.into_bytes(),
            }),
        ],
    }
}

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
