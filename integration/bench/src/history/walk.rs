//! Walks through a list, page by page, to pages far down.

use anyhow::{Context, Result, ensure};
use wallet_integration::client::Client;

/// Entries of a page: as many as the service gives.
pub(super) const PAGE: usize = 100;

/// The result of a walk.
pub(super) struct Walked {
    /// The numbers and paths of the wanted pages, as far as the list reaches.
    pub(super) pages: Vec<(usize, String)>,
    /// When the first entry of each page was made.
    pub(super) times: Vec<String>,
}

impl Walked {
    /// Walks through the list at `path`, which ends where a parameter can follow, to the last of
    /// `wanted`.
    pub(super) fn through<const N: usize>(
        client: &mut Client,
        path: &str,
        wanted: [usize; N],
    ) -> Result<Self> {
        let mut walked = Self {
            pages: Vec::new(),
            times: Vec::new(),
        };
        let mut url = format!("{path}limit={PAGE}");
        for number in 1..=wanted.into_iter().max().unwrap_or_default() {
            let answer = client.get(&url)?;
            ensure!(answer.status == 200, "GET {url}: {}", answer.text);
            let page = answer.json();
            let entries = page["data"].as_array().map_or(0, Vec::len);
            if entries < PAGE {
                break;
            }
            if wanted.contains(&number) {
                walked.pages.push((number, url));
            }
            let time = page["data"][0]["created_at"].as_str();
            let time = time.context("an entry without a time")?;
            walked.times.push(time.to_owned());
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            url = format!("{path}limit={PAGE}&cursor={cursor}");
        }
        ensure!(!walked.times.is_empty(), "{path}: not one full page");
        Ok(walked)
    }
}
