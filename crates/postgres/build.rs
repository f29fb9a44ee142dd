//! A new migration is a new folder, which cargo does not notice by itself.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/postgres");
}
