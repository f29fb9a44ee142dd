//! The client against a server that answers as a script says.

mod lists;
mod replies;
mod requests;
mod retries;
mod server;
