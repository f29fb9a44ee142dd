-- The kinds metadata_adopted, key_adopted and revocation_adopted are new: see crates/domain/src/adopt.rs.
SELECT 1;
