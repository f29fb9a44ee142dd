//! Accounts: open, read, list and change them.

use reqwest::header::ETAG;
use uuid::Uuid;

use super::filters::AccountFilter;
use super::list::List;
use super::names::CONTROLS;
use crate::client::{Client, value};
use crate::commands::account::{AccountChanges, NewAccount, NewControls};
use crate::errors::error::Error;
use crate::records::account::{Account, ETag};
use crate::records::transfer::Transfer;
use crate::records::written::Written;
use crate::transport::attempt::Answer;
use crate::transport::request::Request;

const ACCOUNTS: &str = "accounts";

/// Accounts.
impl Client {
    /// Opens an account. The result is the account as it was opened.
    ///
    /// # Errors
    /// As for every write; see [`Error`].
    pub async fn open_account(&self, new: &NewAccount) -> Result<Written<Account>, Error> {
        self.write(Request::post(&[ACCOUNTS], new)?).await
    }

    /// Reads an account, with its `etag`.
    ///
    /// # Errors
    /// As for every read; `account_not_found`.
    pub async fn read_account(&self, id: Uuid) -> Result<Account, Error> {
        let request = Request::get(&[ACCOUNTS, &id.to_string()]);
        let (answer, attempts) = self.read_answer(request).await?;
        let mut account: Account = value(&answer, attempts, false)?;
        account.etag = etag(&answer);
        Ok(account)
    }

    /// Accounts, in the order of their ids.
    pub fn accounts(&self, filter: AccountFilter) -> List<Account> {
        List::new(self, filter.add_to(Request::get(&[ACCOUNTS])))
    }

    /// Changes the metadata of an account. With `etag_expected`, only if the account still has that
    /// `ETag`. The result has the new one.
    ///
    /// With `etag_expected`, an `account_changed` after an attempt without an answer may be the
    /// effect of that attempt: read the account.
    ///
    /// # Errors
    /// As for every write; `account_not_found`, `account_changed`.
    pub async fn change_account(
        &self,
        id: Uuid,
        changes: &AccountChanges,
        etag_expected: Option<&ETag>,
    ) -> Result<Written<Account>, Error> {
        let request = Request::patch(&[ACCOUNTS, &id.to_string()], changes)?;
        let request = request.with_if_match(etag_expected.map(|tag| tag.as_header().clone()));
        let (answer, attempts) = self.write_answer(request).await?;
        let mut written: Written<Account> = self.written(&answer, attempts)?;
        written.value.etag = etag(&answer);
        Ok(written)
    }

    /// Changes the controls of an account. With `etag_expected`, only if the account still has that
    /// `ETag`. The result is a transfer without money in the history of the account.
    ///
    /// # Errors
    /// As for every write; `account_not_found`, `account_changed`.
    pub async fn change_controls(
        &self,
        account_id: Uuid,
        new: &NewControls,
        etag_expected: Option<&ETag>,
    ) -> Result<Written<Transfer>, Error> {
        let path = [ACCOUNTS, &account_id.to_string(), CONTROLS];
        let request = Request::post(&path, new)?;
        let tag = etag_expected.map(|tag| tag.as_header().clone());
        self.write(request.with_if_match(tag)).await
    }
}

fn etag(answer: &Answer) -> Option<ETag> {
    answer.headers.get(ETAG).and_then(ETag::from_header)
}
