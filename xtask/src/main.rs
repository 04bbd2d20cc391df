//! What the project does to itself: ci, layers, codegen.

fn main() {}
