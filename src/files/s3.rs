//! The shelf on an S3-compatible store: `PREFIX/contents/AGENCY/XX/CONTENT/N`, laid out as in the folder. An object is a piece of
//! at most a mebibyte, sent and read in one request, so that no upload in parts is needed and memory stays bounded.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore as _, ObjectStoreExt as _, PutMode, PutPayload,
    RetryConfig,
};
use uuid::Uuid;

use super::shelf::{Put, ShelfError, Slot, without_gap};
use crate::crypto::random;

/// How long a connection may take to be made, and one request from its beginning to its end.
const CONNECT: Duration = Duration::from_secs(5);
const REQUEST: Duration = Duration::from_secs(30);
/// How often, and for how long, what failed on the way is tried again.
const RETRIES: usize = 3;
const TRYING: Duration = Duration::from_secs(20);
/// How many objects are removed at the same time.
const REMOVERS: usize = 8;
/// How many characters of a store's answer a message repeats.
const TOLD: usize = 600;

/// Where a bucket is: `http(s)://HOST[:PORT]/BUCKET[/PREFIX]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    endpoint: String,
    bucket: String,
    prefix: Option<String>,
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (scheme, rest) = text.split_once("://").ok_or(())?;
        let (host, path) = rest.split_once('/').ok_or(())?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let host_is_plain = |c: char| plain(c) || ":[]".contains(c);
        let mut parts = path.trim_end_matches('/').split('/');
        let bucket = parts.next().unwrap_or_default();
        let prefix: Vec<&str> = parts.collect();
        let named =
            |part: &str| (1..=63).contains(&part.len()) && part.chars().all(plain) && !part.starts_with('.');
        let ok = ["http", "https"].contains(&scheme)
            && !host.is_empty()
            && host.chars().all(host_is_plain)
            && named(bucket)
            && bucket.len() >= 3
            && prefix.iter().all(|part| named(part));
        if !ok {
            return Err(());
        }
        let prefix = (!prefix.is_empty()).then(|| prefix.join("/"));
        Ok(Self { endpoint: format!("{scheme}://{host}"), bucket: bucket.to_owned(), prefix })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.endpoint, self.bucket)?;
        self.prefix.iter().try_for_each(|prefix| write!(f, "/{prefix}"))
    }
}

/// Who signs the requests. Its `Debug` tells no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The id of the key.
    pub access_key: String,
    /// The key.
    pub secret_key: zeroize::Zeroizing<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

/// A bucket.
pub struct Bucket {
    store: AmazonS3,
    place: Place,
}

impl Bucket {
    /// The bucket at a place, of which nothing is asked yet.
    pub(super) fn open(place: &Place, region: &str, credentials: &Credentials) -> Result<Self, ShelfError> {
        let options = ClientOptions::new()
            .with_allow_http(place.endpoint.starts_with("http://"))
            .with_connect_timeout(CONNECT)
            .with_timeout(REQUEST);
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: RETRIES, retry_timeout: TRYING };
        let store = AmazonS3Builder::new()
            .with_endpoint(&place.endpoint)
            .with_bucket_name(&place.bucket)
            .with_region(region)
            .with_access_key_id(&credentials.access_key)
            .with_secret_access_key(credentials.secret_key.as_str())
            .with_client_options(options)
            .with_retry(retry)
            .build()
            .map_err(|error| ShelfError(format!("{place}: {error}")))?;
        Ok(Self { store, place: place.clone() })
    }

    /// What the store answered, at most so much of it.
    fn failed(&self, error: &Error) -> ShelfError {
        let told: String = error.to_string().chars().take(TOLD).collect();
        ShelfError(format!("{}: {told}", self.place))
    }

    /// Lists, writes an object, reads it and removes it: what the key must allow. It lists first, because some stores make a bucket
    /// that is missing when something is written to it.
    pub(super) async fn ready(&self) -> Result<(), ShelfError> {
        let trial = self.below(&format!("incoming/{}", random::token_base64url(18)));
        let tried = async {
            self.store.list(Some(&trial)).try_collect::<Vec<_>>().await?;
            self.store.put(&trial, PutPayload::from_static(b"trial")).await?;
            self.store.get(&trial).await?.bytes().await?;
            self.store.delete(&trial).await
        };
        tried.await.map_err(|error| self.failed(&error))
    }

    /// Asked first, since a store that does not know conditional writes would overwrite; then told not to overwrite, since
    /// another may come in between.
    pub(super) async fn put(&self, slot: Slot, bytes: Vec<u8>) -> Result<Put, ShelfError> {
        let path = self.path(slot);
        match self.store.head(&path).await {
            Ok(_) => return Ok(Put::WasThere),
            Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(self.failed(&error)),
        }
        match self.store.put_opts(&path, bytes.into(), PutMode::Create.into()).await {
            Ok(_) => Ok(Put::Stored),
            Err(Error::AlreadyExists { .. }) => Ok(Put::WasThere),
            Err(error) => Err(self.failed(&error)),
        }
    }

    pub(super) async fn get(&self, slot: Slot) -> Result<Option<Vec<u8>>, ShelfError> {
        let found = async { self.store.get(&self.path(slot)).await?.bytes().await };
        match found.await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    pub(super) async fn count(&self, agency: Uuid, content: Uuid) -> Result<u64, ShelfError> {
        let paths = self.list(agency, content).await?;
        let numbers = paths.iter().filter_map(|path| path.filename()?.parse().ok());
        Ok(without_gap(numbers.collect()))
    }

    pub(super) async fn remove(&self, agency: Uuid, content: Uuid) -> Result<(), ShelfError> {
        let paths = self.list(agency, content).await?;
        let removing = futures_util::stream::iter(paths).map(|path| async move {
            match self.store.delete(&path).await {
                Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(self.failed(&error)),
            }
        });
        removing.buffer_unordered(REMOVERS).try_collect().await
    }

    async fn list(&self, agency: Uuid, content: Uuid) -> Result<Vec<Path>, ShelfError> {
        let folder = self.folder_of(agency, content);
        let found = self.store.list(Some(&folder)).map_ok(|object| object.location);
        found.try_collect().await.map_err(|error| self.failed(&error))
    }

    fn below(&self, path: &str) -> Path {
        match &self.place.prefix {
            Some(prefix) => Path::from(format!("{prefix}/{path}")),
            None => Path::from(path),
        }
    }

    /// As in the folder.
    fn folder_of(&self, agency: Uuid, content: Uuid) -> Path {
        let id = content.simple().to_string();
        let end = id.get(30..).unwrap_or_default();
        self.below(&format!("contents/{}/{end}/{id}", agency.simple()))
    }

    fn path(&self, slot: Slot) -> Path {
        self.folder_of(slot.agency, slot.content).join(slot.n.to_string())
    }
}

/// The bucket of these settings.
pub(super) fn open(
    place: &Place,
    region: &str,
    credentials: &Credentials,
) -> Result<Arc<Bucket>, ShelfError> {
    Bucket::open(place, region, credentials).map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_with_a_bucket() {
        for text in [
            "http://127.0.0.1:9000/gongkai",
            "https://s3.example.com/gongkai-files/office/a",
            "https://[::1]:9000/gongkai",
        ] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        assert_eq!("http://h/bucket/".parse::<Place>().unwrap().to_string(), "http://h/bucket");
        for wrong in [
            "",
            "gongkai",
            "s3://gongkai",
            "https://s3.example.com",
            "https://s3.example.com/",
            "https:///bucket",
            "https://user:secret@host/bucket",
            "https://host/bu",
            "https://host/bucket//x",
            "https://host/bucket/../x",
            "https://host/bucket?x=1",
            "ftp://host/bucket",
        ] {
            assert_eq!(wrong.parse::<Place>(), Err(()), "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret_key = zeroize::Zeroizing::new("very-secret".to_owned());
        let shown = format!("{:?}", Credentials { access_key: "gongkai".to_owned(), secret_key });
        assert!(shown.contains("gongkai") && !shown.contains("secret-"), "{shown}");
        assert!(!shown.contains("very"), "{shown}");
    }
}
