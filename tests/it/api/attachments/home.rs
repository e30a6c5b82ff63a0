//! Where an office keeps its files: in a folder, on either database, or in a bucket. One story is told of each.

use std::ops::Deref;
use std::path::PathBuf;

use crate::support::bucket::BucketServer;
use crate::support::databases::Backend;
use crate::support::office::{Agency, Office};
use crate::support::server::{Place, Server};

/// Makes three tests of one body: `name::sqlite`, `name::postgres` and `name::bucket` (on SQLite).
macro_rules! all_homes {
    ($($(#[$meta:meta])* fn $name:ident($home:ident) $body:block)+) => {$(
        $(#[$meta])*
        fn $name($home: $crate::api::attachments::home::Home) $body

        mod $name {
            use $crate::api::attachments::home::Home;
            use $crate::support::databases::Backend;

            #[test]
            fn sqlite() {
                super::$name(Home::Folder(Backend::Sqlite));
            }

            #[test]
            fn postgres() {
                super::$name(Home::Folder(Backend::Postgres));
            }

            #[test]
            fn bucket() {
                super::$name(Home::Bucket);
            }
        }
    )+};
}
pub(crate) use all_homes;

/// Where files are kept.
#[derive(Clone, Copy)]
pub enum Home {
    Folder(Backend),
    Bucket,
}

/// An office, with its bucket where it has one.
pub struct Housed {
    office: Office,
    pub bucket: Option<BucketServer>,
}

impl Deref for Housed {
    type Target = Office;

    fn deref(&self) -> &Office {
        &self.office
    }
}

/// The folder of the bucket's server.
pub fn root(place: &Place) -> PathBuf {
    place.folder().join("s3")
}

impl Home {
    /// The database.
    pub fn backend(self) -> Backend {
        match self {
            Self::Folder(backend) => backend,
            Self::Bucket => Backend::Sqlite,
        }
    }

    /// An office whose server is ready.
    pub fn open(self) -> Housed {
        let place = Place::new(self.backend());
        let agency = Agency::found(&place.app(), "320800");
        let bucket = match self {
            Self::Folder(_) => None,
            Self::Bucket => Some(BucketServer::start(&root(&place))),
        };
        let settings = bucket.as_ref().map(BucketServer::settings).unwrap_or_default();
        let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let office = Office::of(Server::start_with(place, &settings, &[]), agency);
        Housed { office, bucket }
    }
}
