//! The contract of a store, and what is special to this one.

mod contract;
mod file;
mod opening;
mod plans;
