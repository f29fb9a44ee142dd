//! A new migration is a new folder, which cargo does not detect by itself.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/sqlite");
}
