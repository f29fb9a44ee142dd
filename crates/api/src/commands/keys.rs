//! The command `keys`: makes, lists and revokes keys of the API, while a service runs.
//!
//! A new key goes to stdout, once and nowhere else; all words about it go to stderr, so that a
//! script can take the key as it is.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow, bail};
use uuid::Uuid;
use wallet_domain::{
    ACTOR_MAX, AccessKey, AccountId, Actor, KEY_ACCOUNTS_MAX, Scope, TOKEN_BYTES, Timestamp, Token,
};
use wallet_ledger::now;

use super::opening::open_keys;
use crate::settings::{KeysCommand, Settings};

/// Does it; says what was done.
///
/// # Errors
/// What is wrong with what is asked for, or why the ledger cannot be opened or written.
pub(super) fn run(settings: &Settings, command: &KeysCommand) -> Result<String> {
    match command {
        KeysCommand::Create {
            name,
            scope,
            account,
            expires_in,
        } => {
            let token = random_token()?;
            let (actor, scopes, accounts) = (actor(name)?, scopes(scope)?, accounts(account)?);
            let valid_micros = expires_in.as_deref().map(micros).transpose()?;
            // To open a ledger sets the clock, so times are looked up after that.
            let keys = open_keys(settings)?;
            let created_at = now();
            let key = AccessKey {
                prefix: token.prefix().to_owned(),
                actor,
                secret_hash: token.secret_hash(),
                scopes,
                accounts,
                created_at,
                expires_at: valid_micros.map(|micros| created_at.plus_micros(micros)),
                revoked_at: None,
            };
            keys.add_access_key(&key, operator().as_ref())?;
            eprintln!("{}; it is shown this once:", describe(&key));
            Ok(token.expose())
        }
        KeysCommand::List => {
            let keys = open_keys(settings)?.access_keys()?;
            let lines = keys.iter().map(describe);
            Ok(lines.collect::<Vec<_>>().join("\n"))
        }
        KeysCommand::Revoke { prefix } => {
            let known =
                open_keys(settings)?.revoke_access_key(prefix, now(), operator().as_ref())?;
            if !known {
                bail!("there is no key {prefix}; `wallet-api keys list` shows which there are");
            }
            Ok(format!(
                "key {prefix} is revoked; every replica refuses it within five seconds"
            ))
        }
    }
}

/// Who runs the command, as the ledger records it: `operator`, and the name of the user of the
/// system where it is known. The ledger has no proof of it.
pub(super) fn operator() -> Option<Actor> {
    let variables = ["USER", "USERNAME", "LOGNAME"].into_iter();
    first_operator(variables.filter_map(|name| std::env::var(name).ok()))
}

/// The first of the names that is one.
fn first_operator(names: impl Iterator<Item = String>) -> Option<Actor> {
    let mut actors = names
        .filter(|it| !it.is_empty())
        .filter_map(|name| Actor::new(&format!("operator:{name}")));
    actors.next().or_else(|| Actor::new("operator"))
}

fn random_token() -> Result<Token> {
    let mut random = [0; TOKEN_BYTES];
    getrandom::fill(&mut random)
        .map_err(|error| anyhow!("the system gives no random bytes: {error}"))?;
    Ok(Token::from_random(random))
}

fn actor(name: &str) -> Result<Actor> {
    Actor::new(name).with_context(|| {
        format!("--name = {name}: allowed are 1 to {ACTOR_MAX} letters, digits and -_.:@|")
    })
}

fn scopes(words: &[String]) -> Result<BTreeSet<Scope>> {
    let scope = |word: &String| {
        let scope = word.trim().parse::<Scope>().ok();
        scope.with_context(|| format!("--scope = {word}: allowed are read, transfer and operate"))
    };
    words.iter().map(scope).collect()
}

fn accounts(ids: &[Uuid]) -> Result<Option<BTreeSet<AccountId>>> {
    if ids.len() > KEY_ACCOUNTS_MAX {
        bail!("--account: a key is limited to {KEY_ACCOUNTS_MAX} accounts at most");
    }
    let id = |id: &Uuid| AccountId::new(*id).context("--account: the nil UUID is no account");
    let accounts: BTreeSet<AccountId> = ids.iter().map(id).collect::<Result<_>>()?;
    Ok((!accounts.is_empty()).then_some(accounts))
}

fn micros(text: &str) -> Result<i64> {
    let duration = humantime::parse_duration(text).with_context(|| {
        format!("--expires-in = {text}: a duration is needed, for example 30days")
    })?;
    Ok(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
}

/// A key in a line, without its secret.
pub(super) fn describe(key: &AccessKey) -> String {
    let words: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let (prefix, name) = (key.prefix.escape_debug(), &key.actor);
    let mut line = format!("key {prefix}, name {name}, scope {}", words.join(","));
    // Writing to a text does not fail.
    if let Some(accounts) = &key.accounts {
        let ids: Vec<String> = accounts.iter().map(|id| id.to_string()).collect();
        let _ = write!(line, ", accounts {}", ids.join(","));
    }
    let _ = write!(line, ", created {}", time(key.created_at));
    if let Some(at) = key.expires_at {
        let verb = if at <= now() { "expired" } else { "expires" };
        let _ = write!(line, ", {verb} {}", time(at));
    }
    if let Some(at) = key.revoked_at {
        let _ = write!(line, ", revoked {}", time(at));
    }
    line
}

/// A time as people read it.
pub(super) fn time(at: Timestamp) -> impl std::fmt::Display {
    let since = Duration::from_micros(at.as_micros().unsigned_abs());
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_called_by_the_first_name_that_is_one() {
        let of = |names: &[&str]| {
            let operator = first_operator(names.iter().map(ToString::to_string));
            operator.map(|it| it.as_str().to_owned()).unwrap()
        };
        assert_eq!(of(&["anna", "root"]), "operator:anna");
        assert_eq!(of(&["", "an na", "root"]), "operator:root");
        assert_eq!(of(&["", ""]), "operator");
        assert_eq!(of(&[]), "operator");
    }
}
