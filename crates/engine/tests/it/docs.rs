//! The page `docs/views.md` is made from the views and has to be fresh.

use std::path::Path;

#[test]
fn the_page_of_the_views_is_fresh() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/views.md");
    let wanted = salus_engine::views_markdown();
    let found = std::fs::read_to_string(&page).unwrap_or_default();
    if found != wanted && std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
        std::fs::write(&page, &wanted).unwrap();
        return;
    }
    assert!(
        found == wanted,
        "docs/views.md is stale: run this test with INSTA_UPDATE=always"
    );
}
