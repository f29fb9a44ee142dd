//! State: what a decision reads and writes. This data crosses the boundary between rules and
//! stores.

mod decision;
mod read_set;
mod snapshot;
mod write_set;

pub use decision::Decision;
pub use read_set::ReadSet;
pub use snapshot::Snapshot;
pub use write_set::WriteSet;
