//! Tests of the client against a scripted server.

mod lists;
mod replies;
mod requests;
mod retries;
mod server;
