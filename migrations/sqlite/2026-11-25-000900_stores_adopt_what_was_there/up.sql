-- The service adopts metadata, keys and revocations that no action tells about, in the transaction
-- of this step: see crates/domain/src/adopt.rs. Their kinds are metadata_adopted, key_adopted and
-- revocation_adopted.
SELECT 1;
