//! Set-up and chores of this repository.
fn main() {}
