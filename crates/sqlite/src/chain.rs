//! The chain: one link for each batch, and one for each change of a key, in the same transaction.

use diesel::prelude::*;
use diesel::sql_query;
use uuid::Uuid;
use wallet_domain::{AccessKey, ChainEnd, ChainHash, ChainLink, KEYS_LANE, Lane, OperatorAction};

use crate::rows::{into_query_result, stored_id, stored_version, version_bound};
use crate::schema::chain_links;

/// Stores links: the link of a batch, or the links of a copied ledger.
pub(crate) fn insert(connection: &mut SqliteConnection, links: &[ChainLink]) -> QueryResult<()> {
    for link in links {
        diesel::insert_into(chain_links::table)
            .values((
                chain_links::lane.eq(stored_id(link.lane)),
                chain_links::number.eq(stored_version(link.number)?),
                chain_links::hash.eq(&link.hash.0[..]),
                chain_links::entries.eq(&link.entries),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Stores the link of an action on keys, or of adopted records. The transaction must hold the write
/// lock.
pub(crate) fn append_actions(
    connection: &mut SqliteConnection,
    keys: &[AccessKey],
    actions: &[OperatorAction],
) -> QueryResult<()> {
    let last = chain_links::table
        .filter(chain_links::lane.eq(stored_id(KEYS_LANE)))
        .order(chain_links::number.desc())
        .first::<LinkRow>(connection)
        .optional()?;
    let last = last.map(LinkRow::into_link).transpose()?;
    let end = last.map_or_else(|| ChainEnd::start(KEYS_LANE), |link| link.end());
    insert(connection, &[end.append_actions(keys, actions)])
}

/// The last link of each lane, with one index search for each lane.
pub(crate) fn ends(connection: &mut SqliteConnection) -> QueryResult<Vec<ChainEnd>> {
    // The DSL has no WITH RECURSIVE.
    let rows: Vec<LinkRow> = sql_query(
        "WITH RECURSIVE lanes (lane) AS (\
         SELECT min(lane) FROM chain_links \
         UNION ALL \
         SELECT (SELECT min(chain_links.lane) FROM chain_links \
         WHERE chain_links.lane > lanes.lane) \
         FROM lanes WHERE lanes.lane IS NOT NULL) \
         SELECT chain_links.lane, number, hash, x'' AS entries FROM lanes \
         JOIN chain_links ON chain_links.lane = lanes.lane AND number = \
         (SELECT max(number) FROM chain_links WHERE chain_links.lane = lanes.lane) \
         ORDER BY lanes.lane",
    )
    .load(connection)?;
    let links = rows.into_iter().map(LinkRow::into_link);
    links.map(|link| Ok(link?.end())).collect()
}

/// Links by lane and number.
pub(crate) fn links(
    connection: &mut SqliteConnection,
    after: Option<(Lane, u64)>,
    limit: u32,
) -> QueryResult<Vec<ChainLink>> {
    let (lane, number) = after.unwrap_or_default();
    // A row comparison by the key, which the DSL cannot express.
    let rows: Vec<LinkRow> = sql_query(
        "SELECT lane, number, hash, entries FROM chain_links \
         WHERE (lane, number) > (?1, ?2) ORDER BY lane, number LIMIT ?3",
    )
    .bind::<diesel::sql_types::Binary, _>(stored_id(lane))
    .bind::<diesel::sql_types::BigInt, _>(version_bound(number))
    .bind::<diesel::sql_types::BigInt, _>(i64::from(limit))
    .load(connection)?;
    rows.into_iter().map(LinkRow::into_link).collect()
}

#[derive(Queryable, QueryableByName)]
#[diesel(table_name = chain_links)]
struct LinkRow {
    lane: Vec<u8>,
    number: i64,
    hash: Vec<u8>,
    entries: Vec<u8>,
}

impl LinkRow {
    fn into_link(self) -> QueryResult<ChainLink> {
        let hash = <[u8; 32]>::try_from(&self.hash[..]);
        Ok(ChainLink {
            lane: into_query_result(Uuid::from_slice(&self.lane))?,
            number: into_query_result(u64::try_from(self.number))?,
            hash: ChainHash(into_query_result(hash)?),
            entries: self.entries,
        })
    }
}
