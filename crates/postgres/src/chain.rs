//! The chain: one link for each batch, and one for each change of a key, in the same transaction.
//!
//! A process continues lanes that have been idle for a long time. So the number of lanes grows with
//! the number of concurrent writers, not with the number of starts. Two processes that start
//! together may pick the same lane. The second link with one number then violates the primary key,
//! and its writer takes another lane.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::{AccessKey, ChainEnd, ChainHash, ChainLink, KEYS_LANE, Lane, OperatorAction};

use crate::rows::{into_query_result, stored_version, version_bound};
use crate::schema::chain_links;

/// Whether another process continues the same lane.
pub(crate) fn is_lane_conflict(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
            information.constraint_name() == Some("chain_links_pkey")
        }
        _ => false,
    }
}

/// Stores the link of an action on keys, or of adopted records. The transaction must hold the lock
/// of the lane (see `keys.rs`).
pub(crate) fn append_actions(
    connection: &mut PgConnection,
    keys: &[AccessKey],
    actions: &[OperatorAction],
) -> QueryResult<()> {
    let last = chain_links::table
        .filter(chain_links::lane.eq(KEYS_LANE))
        .order(chain_links::number.desc())
        .select((
            chain_links::lane,
            chain_links::number,
            chain_links::hash,
            chain_links::entries,
        ))
        .first::<LinkRow>(connection)
        .optional()?;
    let last = last.map(LinkRow::into_link).transpose()?;
    let end = last.map_or_else(|| ChainEnd::start(KEYS_LANE), |link| link.end());
    let link = end.append_actions(keys, actions);
    diesel::insert_into(chain_links::table)
        .values((
            chain_links::lane.eq(link.lane),
            chain_links::number.eq(stored_version(link.number)?),
            chain_links::hash.eq(&link.hash.0[..]),
            chain_links::entries.eq(&link.entries),
        ))
        .execute(connection)?;
    Ok(())
}

/// The last link of each lane, with one index search for each lane.
pub(crate) fn ends(connection: &mut PgConnection) -> QueryResult<Vec<ChainEnd>> {
    lane_ends_where(connection, "true")
}

/// The last link of each lane that has been idle for an hour.
pub(crate) fn idle_lanes(connection: &mut PgConnection) -> QueryResult<Vec<ChainEnd>> {
    lane_ends_where(connection, "written_at < now() - interval '1 hour'")
}

fn lane_ends_where(connection: &mut PgConnection, condition: &str) -> QueryResult<Vec<ChainEnd>> {
    // The DSL has no WITH RECURSIVE and no LATERAL.
    let rows: Vec<LinkRow> = sql_query(format!(
        "WITH RECURSIVE lanes (lane) AS (\
         (SELECT lane FROM chain_links ORDER BY lane LIMIT 1) \
         UNION ALL \
         SELECT (SELECT chain_links.lane FROM chain_links WHERE chain_links.lane > lanes.lane \
         ORDER BY chain_links.lane LIMIT 1) \
         FROM lanes WHERE lanes.lane IS NOT NULL) \
         SELECT last.lane, last.number, last.hash, ''::bytea AS entries FROM lanes, \
         LATERAL (SELECT * FROM chain_links WHERE chain_links.lane = lanes.lane \
         ORDER BY number DESC LIMIT 1) AS last \
         WHERE {condition} ORDER BY last.lane"
    ))
    .load(connection)?;
    let links = rows.into_iter().map(LinkRow::into_link);
    links.map(|link| Ok(link?.end())).collect()
}

/// Links by lane and number.
pub(crate) fn links(
    connection: &mut PgConnection,
    after: Option<(Lane, u64)>,
    limit: u32,
) -> QueryResult<Vec<ChainLink>> {
    let (lane, number) = after.unwrap_or_default();
    // A row comparison by the key, which the DSL cannot express.
    let rows: Vec<LinkRow> = sql_query(
        "SELECT lane, number, hash, entries FROM chain_links \
         WHERE (lane, number) > ($1, $2) ORDER BY lane, number LIMIT $3",
    )
    .bind::<SqlUuid, _>(lane)
    .bind::<BigInt, _>(version_bound(number))
    .bind::<BigInt, _>(i64::from(limit))
    .load(connection)?;
    rows.into_iter().map(LinkRow::into_link).collect()
}

#[derive(Queryable, QueryableByName)]
#[diesel(table_name = chain_links)]
struct LinkRow {
    lane: Uuid,
    number: i64,
    hash: Vec<u8>,
    entries: Vec<u8>,
}

impl LinkRow {
    fn into_link(self) -> QueryResult<ChainLink> {
        let hash = <[u8; 32]>::try_from(&self.hash[..]);
        Ok(ChainLink {
            lane: self.lane,
            number: into_query_result(u64::try_from(self.number))?,
            hash: ChainHash(into_query_result(hash)?),
            entries: self.entries,
        })
    }
}
