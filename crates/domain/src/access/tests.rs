//! Tokens, keys and what callers may see and do.

use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::commands::{Command, InternalTransfer, InternalTransferFields};
use crate::records::AccessKey;
use crate::values::{ACTOR_MAX, AccountId, Actor, Amount, Rejection, Scope, Timestamp};

const NOW: i64 = 1_000_000;

fn token(byte: u8) -> Token {
    Token::from_random([byte; TOKEN_BYTES])
}

fn key(token: &Token) -> AccessKey {
    AccessKey {
        prefix: token.prefix().to_owned(),
        actor: Actor::new("shop").unwrap(),
        secret_hash: token.secret_hash(),
        scopes: [Scope::Read].into(),
        accounts: None,
        created_at: Timestamp::from_micros(0),
        expires_at: None,
        revoked_at: None,
    }
}

fn account(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number)).unwrap()
}

#[test]
fn a_token_is_parsed_as_displayed_and_its_debug_text_has_no_secret() {
    let token = token(0xa5);
    let displayed = token.expose();
    assert_eq!(Token::parse(&displayed), Some(token.clone()));
    assert_eq!(displayed.len(), "wallet_".len() + 12 + 1 + 64);
    assert_eq!(format!("{token:?}"), "Token(a5a5a5a5a5a5, and a secret)");
}

#[test]
fn other_text_is_not_a_token() {
    let good = token(1).expose();
    for bad in [
        "".to_owned(),
        "wallet_".to_owned(),
        good[1..].to_owned(),
        good[..good.len() - 1].to_owned(),
        format!("{good}0"),
        good.to_uppercase(),
        good.replace("01", "0g"),
        good.replace("_01", "-01"),
    ] {
        assert_eq!(Token::parse(&bad), None, "{bad}");
    }
}

#[test]
fn only_the_holder_learns_that_a_key_has_ended() {
    let token = token(1);
    let other = Token::parse(
        &token
            .expose()
            .replace("_01010101010101010101", "_02010101010101010101"),
    );
    let other = other.unwrap();
    let at = |micros| Some(Timestamp::from_micros(micros));
    let now = Timestamp::from_micros(NOW);
    for (expires_at, revoked_at, expected) in [
        (None, None, None),
        (at(NOW + 1), None, None),
        (None, at(NOW + 600_000_000), Some(Denied::Revoked)),
        (at(NOW), None, Some(Denied::Expired)),
        (at(NOW + 1), at(NOW), Some(Denied::Revoked)),
        (at(NOW), at(NOW), Some(Denied::Revoked)),
    ] {
        let key = AccessKey {
            expires_at,
            revoked_at,
            ..key(&token)
        };
        assert_eq!(key.admit(&token, now).err(), expected);
        assert_eq!(key.admit(&other, now).err(), Some(Denied::Unknown));
    }
}

#[test]
fn names_of_actors_are_short_and_plain() {
    for good in ["shop", "auth0|5f7c", "a@b.example", &"x".repeat(ACTOR_MAX)] {
        assert_eq!(Actor::new(good).unwrap().as_str(), good);
    }
    for bad in ["", "a b", "a\nb", "zoë", &"x".repeat(ACTOR_MAX + 1)] {
        assert_eq!(Actor::new(bad), None, "{bad}");
    }
}

#[test]
fn a_caller_limited_to_accounts_only_spends_from_these() {
    let limited = Caller {
        accounts: Some(Arc::new([account(1)].into())),
        ..Caller::unrestricted()
    };
    let transfer = |sender, receiver| {
        let fields = InternalTransferFields {
            transfer_id: Some(Uuid::from_u128(9)),
            sender_account_id: Some(Uuid::from_u128(sender)),
            receiver_account_id: Some(Uuid::from_u128(receiver)),
            amount: Amount::parse("1").unwrap(),
            currency_code: "USD",
        };
        Command::InternalTransfer(InternalTransfer::new(&fields).unwrap())
    };
    let currency = crate::Currency {
        code: "USD".parse().unwrap(),
        precision: 2,
    };
    let create = Command::CreateCurrency(currency.into());
    assert_eq!(limited.may_apply(&transfer(1, 2)), Ok(()));
    let not_there = Err(Rejection::SenderAccountNotExist);
    assert_eq!(limited.may_apply(&transfer(2, 1)), not_there);
    assert_eq!(limited.may_apply(&create), Err(Rejection::AccountNotExist));
    for command in [transfer(1, 2), transfer(2, 1), create] {
        assert_eq!(Caller::unrestricted().may_apply(&command), Ok(()));
    }
}
