//! Numbers as people read them: `12,345`, `62.6 %`, `1,204.50`.

/// A count with thousands apart.
pub(super) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// A number with so many digits after the point, thousands apart.
pub(super) fn decimal(number: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", number.abs());
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), ""), |parts| parts);
    let sign = if number < 0.0 { "−" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{rest}", grouped(whole))
}

/// A number with the digits that its size deserves: 3 places below 10, none above 1,000.
pub(super) fn measured(number: f64) -> String {
    let digits = match number.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    decimal(number, digits)
}

/// A share as per cent. A share that is not nothing is never shown as 0.0 %, nor one short of all as 100.0 %.
pub(super) fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.0005 {
        "< 0.1 %".to_owned()
    } else if share < 1.0 && share > 0.9995 {
        "> 99.9 %".to_owned()
    } else {
        format!("{} %", decimal(share * 100.0, 1))
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{count, decimal, measured, percent};

    #[test]
    fn thousands_are_apart() {
        assert_eq!(count(7), "7");
        assert_eq!(count(123), "123");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(decimal(-1234.5, 2), "−1,234.50");
    }

    #[test]
    fn a_few_is_never_shown_as_none() {
        assert_eq!(percent(0.0), "0.0 %");
        assert_eq!(percent(0.0001), "< 0.1 %");
        assert_eq!(percent(0.99999), "> 99.9 %");
        assert_eq!(percent(1.0), "100.0 %");
    }

    #[test]
    fn a_measured_number_has_the_digits_its_size_deserves() {
        assert_eq!(measured(4.5678), "4.57");
        assert_eq!(measured(347.6), "347.6");
        assert_eq!(measured(12345.6), "12,346");
    }
}
