DROP VIEW account_states;
DROP TABLE transfer_metadata;
DROP TABLE transfer_effects;
DROP TABLE holds;
DROP TABLE transfer_parts;
DROP TABLE transfers;
DROP TABLE accounts;
DROP TABLE currencies;
