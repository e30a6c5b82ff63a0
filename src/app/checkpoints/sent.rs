//! Receivers outside that are no folder: each is caught up by itself, in order, and gets each checkpoint at least once. What it has is
//! written after it answered, so that nothing is lost by a stop in between; of two instances both may send the same.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::app::App;
use crate::app::error::AppError;
use crate::courier::{Courier, CourierError, Parcel};
use crate::domain::ids::AgencyId;
use crate::store::{At, CheckpointRow, Key, SentRow};

/// So many checkpoints go into one parcel: some 250 KB.
const AT_ONCE: i64 = 500;

/// What became of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sending {
    /// Checkpoints that arrived.
    pub sent: usize,
    /// Agencies whose checkpoints did not all arrive, which the log tells; when a receiver is away, the others are not tried.
    pub failed: usize,
}

/// How far a receiver is with an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiverState {
    /// By which way it gets them: `post` or `mail`.
    pub way: &'static str,
    /// The number of events of the last checkpoint that it has; 0 when it has none.
    pub size: i64,
    /// When it got that.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Why one agency's did not all arrive.
enum NotSent {
    Courier(CourierError),
    Ours(AppError),
}

impl From<AppError> for NotSent {
    fn from(error: AppError) -> Self {
        Self::Ours(error)
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Courier(error) => error.fmt(f),
            Self::Ours(error) => error.fmt(f),
        }
    }
}

impl App {
    /// Sends to every receiver what it lacks.
    ///
    /// # Errors
    /// When the agencies cannot be read.
    pub async fn send_checkpoints(&self) -> Result<Sending, AppError> {
        let mut all = Sending::default();
        for courier in &self.couriers {
            let Sending { sent, failed } = self.send_checkpoints_by(courier).await?;
            all.sent = all.sent.saturating_add(sent);
            all.failed = all.failed.saturating_add(failed);
        }
        Ok(all)
    }

    /// Sends to one receiver what it lacks, agency by agency. What fails is told in the log, and tried again with the next call.
    ///
    /// # Errors
    /// When the agencies cannot be read.
    pub async fn send_checkpoints_by(&self, courier: &Courier) -> Result<Sending, AppError> {
        let mut all = Sending::default();
        for row in self.store.agencies_all().await? {
            let agency = AgencyId(row.id.0);
            match self.send_checkpoints_of(agency, courier).await {
                Ok(sent) => all.sent = all.sent.saturating_add(sent),
                Err(error) => {
                    let way = courier.way();
                    tracing::error!(%error, %agency, way, "checkpoints did not reach their receiver; they are sent later");
                    all.failed = all.failed.saturating_add(1);
                    if matches!(error, NotSent::Courier(CourierError::Away(_))) {
                        break;
                    }
                }
            }
        }
        Ok(all)
    }

    async fn send_checkpoints_of(&self, agency: AgencyId, courier: &Courier) -> Result<usize, NotSent> {
        let mut sent = 0_usize;
        loop {
            let before = self.sent_to(agency, courier).await?.map_or(0, |row| row.size);
            let rows = self.store.checkpoints_above(Key(agency.0), before, AT_ONCE).await;
            let rows: Vec<CheckpointRow> = rows.map_err(AppError::Store)?;
            let count = rows.len();
            let notes: Vec<(i64, String)> = rows.into_iter().map(|row| (row.size, row.note)).collect();
            let keys: Vec<String> =
                self.checkpoint_keys(agency).await?.iter().map(ToString::to_string).collect();
            let Some(parcel) = Parcel::new(agency.0, &keys, &notes) else { return Ok(sent) };
            courier.bring(&parcel, self.clock.now()).await.map_err(NotSent::Courier)?;
            let row = SentRow {
                agency_id: Key(agency.0),
                receiver: courier.receiver().to_owned(),
                size: parcel.last,
                sent_at: At(self.clock.now()),
            };
            self.store.sent_checkpoints_put(row).await.map_err(AppError::Store)?;
            sent = sent.saturating_add(count);
        }
    }

    async fn sent_to(&self, agency: AgencyId, courier: &Courier) -> Result<Option<SentRow>, AppError> {
        Ok(self.store.sent_checkpoints(Key(agency.0), courier.receiver().to_owned()).await?)
    }

    /// How far each receiver is with an agency.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn receivers_of(&self, agency: AgencyId) -> Result<Vec<ReceiverState>, AppError> {
        let mut states = Vec::new();
        for courier in &self.couriers {
            let row = self.sent_to(agency, courier).await?;
            let size = row.as_ref().map_or(0, |row| row.size);
            states.push(ReceiverState { way: courier.way(), size, sent_at: row.map(|row| row.sent_at.0) });
        }
        Ok(states)
    }
}
