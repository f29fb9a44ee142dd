//! The tables as Diesel knows them, as `migrations/postgres` makes them.
//!
//! Made by: WALLET_WRITE_SCHEMA=1 cargo test -p wallet-integration --test it schema

diesel::table! {
    access_keys (prefix) {
        prefix -> Text,
        actor -> Text,
        secret_hash -> Binary,
        scopes -> Text,
        accounts -> Nullable<Text>,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts (id) {
        id -> Uuid,
        currency_code -> Text,
        balance -> Numeric,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        listed_at -> Timestamptz,
        external_id -> Nullable<Text>,
        opening_metadata -> Nullable<Text>,
        metadata -> Nullable<Text>,
        metadata_version -> BigInt,
        held -> Nullable<Numeric>,
        credit_limit -> Nullable<Numeric>,
        status -> Nullable<SmallInt>,
        velocity_limits -> Nullable<Text>,
    }
}

diesel::table! {
    chain_links (lane, number) {
        lane -> Uuid,
        number -> BigInt,
        hash -> Binary,
        entries -> Binary,
        written_at -> Timestamptz,
    }
}

diesel::table! {
    currencies (code) {
        code -> Text,
        precision -> SmallInt,
    }
}

diesel::table! {
    holds (id) {
        id -> Uuid,
        sender_account_id -> Uuid,
        receiver_account_id -> Uuid,
        currency_code -> Text,
        amount -> Numeric,
        captured -> Numeric,
        state -> SmallInt,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    operator_actions (id) {
        id -> Uuid,
        kind -> Text,
        subject -> Text,
        number -> BigInt,
        created_at -> Timestamptz,
        created_by -> Nullable<Text>,
        metadata -> Nullable<Text>,
    }
}

diesel::table! {
    quotes (id) {
        id -> Uuid,
        rate_id -> Uuid,
        sell_currency_code -> Text,
        sell_amount -> Numeric,
        buy_currency_code -> Text,
        buy_amount -> Numeric,
        spread_amount -> Numeric,
        fixed_side -> SmallInt,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        exchange_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    rates (base_currency_code, counter_currency_code, version) {
        base_currency_code -> Text,
        counter_currency_code -> Text,
        version -> BigInt,
        id -> Uuid,
        bid -> Numeric,
        ask -> Numeric,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    spendings (account_id, version) {
        account_id -> Uuid,
        version -> BigInt,
        amount -> Numeric,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    transfer_metadata (key, value, created_at, transfer_id) {
        key -> Text,
        value -> Text,
        created_at -> Timestamptz,
        transfer_id -> Uuid,
    }
}

diesel::table! {
    transfer_parts (account_id, version) {
        account_id -> Uuid,
        version -> BigInt,
        transfer_id -> Uuid,
        #[sql_name = "type"]
        transfer_type -> SmallInt,
        corresponding_account_id -> Nullable<Uuid>,
        direction -> SmallInt,
        amount -> Numeric,
        balance -> Numeric,
        created_at -> Timestamptz,
        effective_at -> Nullable<Timestamptz>,
        held -> Nullable<Numeric>,
        credit_limit -> Nullable<Numeric>,
        status -> Nullable<SmallInt>,
    }
}

diesel::table! {
    transfers (id) {
        id -> Uuid,
        #[sql_name = "type"]
        transfer_type -> SmallInt,
        currency_code -> Text,
        created_at -> Timestamptz,
        reference -> Nullable<Text>,
        metadata -> Nullable<Text>,
        effective_at -> Nullable<Timestamptz>,
        reversed_amount -> Nullable<Numeric>,
        created_by -> Nullable<Text>,
    }
}

// By hand: the joins.

diesel::joinable!(transfer_parts -> accounts (account_id));
diesel::joinable!(transfer_parts -> transfers (transfer_id));
diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    holds,
    transfers,
    transfer_parts,
    transfer_metadata
);
