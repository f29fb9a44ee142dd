//! The statement that reads the details of transfers, and nothing else of them.

use diesel::prelude::*;
use uuid::Uuid;

use crate::rows::DetailsOfTransferRow;
use crate::schema::transfers;

/// The details of those of the transfers that exist.
pub(crate) fn details_load(
    connection: &mut PgConnection,
    ids: impl Iterator<Item = Uuid>,
) -> QueryResult<Vec<DetailsOfTransferRow>> {
    let details = (
        transfers::reference,
        transfers::metadata,
        transfers::effective_at,
        transfers::created_by,
    );
    transfers::table
        .filter(transfers::id.eq_any(ids.collect::<Vec<_>>()))
        .select((transfers::id, details))
        .load(connection)
}
