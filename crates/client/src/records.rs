//! Records: what the service returns. Fields that this version does not know are ignored, because
//! later versions of the service add fields.

pub(crate) mod account;
pub(crate) mod batch;
pub(crate) mod currency;
pub(crate) mod exchange;
pub(crate) mod history;
pub(crate) mod hold;
pub(crate) mod transfer;
pub(crate) mod verification;
pub(crate) mod written;
