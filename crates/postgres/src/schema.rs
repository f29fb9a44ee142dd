//! The tables as diesel knows them; `migrations/postgres` says what the columns mean.

diesel::table! {
    currencies (code) {
        code -> Text,
        precision -> SmallInt,
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
    }
}

diesel::joinable!(transfer_parts -> accounts (account_id));
diesel::allow_tables_to_appear_in_same_query!(accounts, transfer_parts);
