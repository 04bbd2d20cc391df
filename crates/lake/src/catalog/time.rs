//! Points in time, as DuckLake writes them.

use jiff::Timestamp;

use super::CatalogError;

/// Parses RFC 3339 or DuckLake's own form, `2026-11-25 02:32:01.42108+00`.
pub(super) fn parse(text: &str) -> Result<Timestamp, CatalogError> {
    text.trim().parse().map_err(|source| CatalogError::Time {
        text: text.to_owned(),
        source,
    })
}

/// DuckLake's form with six digits of the second, so that texts sort as times do.
pub(super) fn format(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S.%6f+00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_one_is_written() {
        for text in [
            "2026-11-25 02:32:01.42108+00",
            "2026-11-25T02:32:01.42108Z",
            "2026-11-25T04:32:01.421080+02:00",
        ] {
            let time = parse(text).unwrap();
            assert_eq!(format(time), "2026-11-25 02:32:01.421080+00");
        }
        assert!(parse("yesterday").is_err());
    }
}
