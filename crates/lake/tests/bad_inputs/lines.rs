//! Text and lines: encodings, line ends, lengths, what is no object.

use super::{Case, GOOD, bytes, line, text};

pub fn cases() -> Vec<Case> {
    let mut cases = encodings();
    cases.extend(lines());
    cases
}

fn encodings() -> Vec<Case> {
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let utf16_be = |text: &str| -> Vec<u8> {
        [0xfe, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect()
    };
    let utf32: Vec<u8> = GOOD
        .chars()
        .flat_map(|c| (c as u32).to_le_bytes())
        .collect();
    vec![
        text("byte order mark", format!("\u{feff}{GOOD}\n")),
        text(
            "byte order mark before each line",
            format!("\u{feff}{GOOD}\n\u{feff}{GOOD}\n"),
        ),
        text("byte order mark alone", "\u{feff}"),
        text(
            "UTF-16 with mark",
            [&[0xff, 0xfe], utf16(GOOD).as_slice()].concat(),
        ),
        text("UTF-16 without mark", utf16(GOOD)),
        text("UTF-16 big-endian", utf16_be(GOOD)),
        text(
            "UTF-32 with mark",
            [&[0xff, 0xfe, 0, 0], utf32.as_slice()].concat(),
        ),
        line(
            "invalid UTF-8 in a line",
            b"{\"resourceType\":\"Patient\",\"id\":\"a\xff\"}",
        ),
        line(
            "Latin-1 in a line",
            b"{\"resourceType\":\"Patient\",\"id\":\"a\",\"x\":\"Fran\xe7ois\"}",
        ),
        line(
            "overlong UTF-8 in a line",
            b"{\"resourceType\":\"Patient\",\"id\":\"a\xc0\xaf\"}",
        ),
        line(
            "UTF-8 of a surrogate",
            b"{\"resourceType\":\"Patient\",\"id\":\"\xed\xa0\x80\"}",
        ),
        line(
            "cut UTF-8 at the end of a line",
            b"{\"resourceType\":\"Patient\",\"id\":\"\xe2\x82",
        ),
        text(
            "invalid UTF-8 in a document",
            b"{\n\"resourceType\":\"Patient\",\"id\":\"\xff\"\n}".as_slice(),
        ),
        line(
            "NUL in a line",
            b"{\"resourceType\":\"Patient\",\"id\":\"a\0b\"}",
        ),
        line("a line of NULs", [0; 32]),
        bytes("a megabyte of NULs", || vec![0; 1 << 20]),
        text(
            "NUL in a document",
            b"{\n\"resourceType\":\"Patient\",\0\n}".as_slice(),
        ),
    ]
}

fn lines() -> Vec<Case> {
    let long = |length: usize| {
        move || {
            let mut text = format!("{GOOD}\n{{\"resourceType\":\"Patient\",\"id\":\"").into_bytes();
            text.resize(text.len() + length, b'a');
            text.extend(b"\"}\n");
            text.extend(GOOD.bytes());
            text
        }
    };
    vec![
        text("empty file", ""),
        text("only white space", " \n\t\r\n   \n"),
        text("Windows line ends", format!("{GOOD}\r\n{GOOD}\r\n")),
        text("old Mac line ends", format!("{GOOD}\r{GOOD}\r")),
        text("blank lines", format!("\n\n{GOOD}\n   \n\n")),
        text("no line end at the end", format!("{GOOD}\n{GOOD}")),
        text(
            "half a line at the end",
            format!("{GOOD}\n{}", GOOD.get(..30).unwrap()),
        ),
        bytes("a line of 100 MB", long(100_000_000)),
        bytes("a string of 10 MB", long(10_000_000)),
        bytes("a document of 20 MB that is no Bundle", || {
            let mut text = b"{\n\"resourceType\":\"Binary\",\"data\":\"".to_vec();
            text.resize(text.len() + 20_000_000, b'A');
            text.extend(b"\"\n}");
            text
        }),
        bytes("a first line of 20 MB that is no JSON", || {
            let mut text = vec![b'x'; 20_000_000];
            text.extend(format!("\n{GOOD}\n").bytes());
            text
        }),
        line("two resources on a line", format!("{GOOD}{GOOD}")),
        line(
            "two resources on a line with a comma",
            format!("{GOOD},{GOOD}"),
        ),
        line("a comma after a resource", format!("{GOOD},")),
        line("a number", "42"),
        line("a string", "\"Patient\""),
        line("true", "true"),
        line("null", "null"),
        line("an array", format!("[{GOOD}]")),
        line("an unknown word", "undefined"),
        line("a line of plain text", "ERROR: connection reset by peer"),
        line("a comment line", "// exported on Monday"),
        line(
            "a comment within",
            "{\"resourceType\":\"Patient\",/* one */\"id\":\"a\"}",
        ),
        text(
            "a resource cut over two lines",
            format!("{GOOD}\n{}\n{}\n{GOOD}\n", &GOOD[..24], &GOOD[24..]),
        ),
        text(
            "a first line that is cut",
            format!("{}\n{GOOD}\n{GOOD}\n", &GOOD[..30]),
        ),
    ]
}
