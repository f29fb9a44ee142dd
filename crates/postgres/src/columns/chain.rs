//! Links of the chain: the link of a batch, or the links of a copied ledger.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::AstPass;
use diesel::sql_types::{Array, BigInt, Binary, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::ChainLink;

use crate::rows::stored_version;

/// New links.
pub(crate) struct Links<'a> {
    lane: Vec<Uuid>,
    number: Vec<i64>,
    hash: Vec<&'a [u8]>,
    entries: Vec<&'a [u8]>,
}

impl<'a> Links<'a> {
    pub(crate) fn new(links: &'a [ChainLink]) -> QueryResult<Self> {
        let numbers = links.iter().map(|link| stored_version(link.number));
        Ok(Self {
            lane: links.iter().map(|link| link.lane).collect(),
            number: numbers.collect::<QueryResult<_>>()?,
            hash: links.iter().map(|link| &link.hash.0[..]).collect(),
            entries: links.iter().map(|link| &link.entries[..]).collect(),
        })
    }

    pub(crate) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Array<SqlUuid>, _>(&self.lane)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.number)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.hash)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.entries)
    }
}
