//! Ids that the examples of the document have in paths. The objects exist in a demo ledger, or
//! another example creates them. The bodies of the examples are in `assets/examples.json`.

pub(crate) const ACCOUNT: &str = "1836981e-7bce-4356-99a5-a001073e51fe";
pub(crate) const DEPOSIT: &str = "616f2ce5-ed3b-4888-9fad-81e66fa08c26";
pub(crate) const HOLD: &str = "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a74";
pub(crate) const QUOTE: &str = "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a79";
pub(crate) const VERIFICATION: &str = "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a90";
