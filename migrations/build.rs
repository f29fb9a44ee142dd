//! A new migration is a new folder, which cargo does not detect by itself.

fn main() {
    for folder in ["postgres", "sqlite"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
