//! The server's clock, which all replicas share.

use diesel::dsl::sql;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use diesel::select;
use diesel::sql_types::Timestamptz;
use wallet_domain::{StoreError, Timestamp};

use crate::rows::time;
use crate::store::PostgresStore;

/// How often to ask the server. The fastest answer is the most accurate.
const SAMPLES: usize = 3;

/// A slower answer, in microseconds, is of no use.
const ROUND_TRIP_MAX: i64 = 500_000;

impl PostgresStore {
    /// How far the server's clock is ahead of `clock`, in microseconds, accurate to half a round
    /// trip. `None` if the server took too long to answer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    pub fn server_is_ahead(&self, clock: fn() -> Timestamp) -> Result<Option<i64>, StoreError> {
        self.readers
            .read_in_background("ask the server for the time", |connection| {
                let mut answers = Vec::with_capacity(SAMPLES);
                for _ in 0..SAMPLES {
                    let before = clock().as_micros();
                    // `now` of the DSL is the time at which a transaction began.
                    let answer = select(sql::<Timestamptz>("clock_timestamp()"));
                    let server: PgTimestamp = answer.get_result(connection)?;
                    let round_trip = clock().as_micros().saturating_sub(before);
                    let ahead = time(server).as_micros() - (before + round_trip / 2);
                    answers.push((round_trip, ahead));
                }
                let quickest = answers
                    .into_iter()
                    .min_by_key(|(round_trip, _)| *round_trip);
                let usable = quickest.filter(|(round_trip, _)| *round_trip <= ROUND_TRIP_MAX);
                Ok(usable.map(|(_, ahead)| ahead))
            })
    }
}
