//! The tables as Diesel knows them, as `migrations/sqlite` makes them.
//!
//! Made by: WALLET_WRITE_SCHEMA=1 cargo test -p wallet-integration --test it schema

diesel::table! {
    access_keys (prefix) {
        prefix -> Text,
        actor -> Text,
        secret_hash -> Binary,
        scopes -> Text,
        accounts -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    accounts (id) {
        id -> Binary,
        currency_code -> Text,
        created_at -> BigInt,
        listed_at -> BigInt,
        external_id -> Nullable<Text>,
        opening_metadata -> Nullable<Text>,
        metadata -> Nullable<Text>,
        metadata_version -> BigInt,
        velocity_limits -> Nullable<Text>,
    }
}

diesel::table! {
    chain_links (lane, number) {
        lane -> Binary,
        number -> BigInt,
        hash -> Binary,
        entries -> Binary,
    }
}

diesel::table! {
    currencies (code) {
        code -> Text,
        precision -> Integer,
    }
}

diesel::table! {
    holds (id) {
        id -> Binary,
        sender_account_id -> Binary,
        receiver_account_id -> Binary,
        currency_code -> Text,
        amount -> Text,
        captured -> Text,
        state -> Integer,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    operator_actions (id) {
        id -> Binary,
        kind -> Text,
        subject -> Text,
        number -> BigInt,
        created_at -> BigInt,
        created_by -> Nullable<Text>,
        metadata -> Nullable<Text>,
    }
}

diesel::table! {
    quotes (id) {
        id -> Binary,
        rate_id -> Binary,
        sell_currency_code -> Text,
        sell_amount -> Text,
        buy_currency_code -> Text,
        buy_amount -> Text,
        spread_amount -> Text,
        fixed_side -> Integer,
        created_at -> BigInt,
        expires_at -> BigInt,
        exchange_id -> Nullable<Binary>,
    }
}

diesel::table! {
    rates (base_currency_code, counter_currency_code, version) {
        base_currency_code -> Text,
        counter_currency_code -> Text,
        version -> BigInt,
        id -> Binary,
        bid -> Text,
        ask -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    spendings (account_id, version) {
        account_id -> Binary,
        version -> BigInt,
        amount -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    transfer_effects (transfer_id) {
        transfer_id -> Binary,
        hold_id -> Nullable<Binary>,
        hold_amount -> Nullable<Text>,
        hold_captured -> Nullable<Text>,
        hold_state -> Nullable<BigInt>,
        hold_created_at -> Nullable<BigInt>,
        hold_expires_at -> Nullable<BigInt>,
        credit_limit -> Nullable<Text>,
        status -> Nullable<Integer>,
        velocity_limits -> Nullable<Text>,
        leader_id -> Nullable<Binary>,
        followers -> Nullable<Integer>,
        quote_id -> Nullable<Binary>,
    }
}

diesel::table! {
    transfer_metadata (key, value, created_at, transfer_id) {
        key -> Text,
        value -> Text,
        created_at -> BigInt,
        transfer_id -> Binary,
    }
}

diesel::table! {
    transfer_parts (account_id, version) {
        account_id -> Binary,
        version -> BigInt,
        transfer_id -> Binary,
        #[sql_name = "type"]
        transfer_type -> Integer,
        corresponding_account_id -> Nullable<Binary>,
        direction -> Integer,
        amount -> Text,
        balance -> Text,
        created_at -> BigInt,
        effective_at -> Nullable<BigInt>,
        held -> Nullable<Text>,
        credit_limit -> Nullable<Text>,
        status -> Nullable<Integer>,
    }
}

diesel::table! {
    transfers (id) {
        id -> Binary,
        #[sql_name = "type"]
        transfer_type -> Integer,
        currency_code -> Text,
        created_at -> BigInt,
        reference -> Nullable<Text>,
        metadata -> Nullable<Text>,
        effective_at -> Nullable<BigInt>,
        reversed_amount -> Nullable<Text>,
        created_by -> Nullable<Text>,
    }
}

// By hand: the view, and the joins.

diesel::table! {
    account_states (id) {
        id -> Binary,
        currency_code -> Text,
        balance -> Text,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        external_id -> Nullable<Text>,
        opening_metadata -> Nullable<Text>,
        metadata -> Nullable<Text>,
        metadata_version -> BigInt,
        listed_at -> BigInt,
        held -> Nullable<Text>,
        credit_limit -> Nullable<Text>,
        status -> Nullable<Integer>,
        velocity_limits -> Nullable<Text>,
    }
}

diesel::joinable!(transfer_parts -> accounts (account_id));
diesel::joinable!(transfer_parts -> transfers (transfer_id));
diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    holds,
    transfers,
    transfer_effects,
    transfer_parts,
    transfer_metadata
);
