//! Encodings and escapes of strings (§5.6, trial use).

use std::sync::Arc;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, URL_SAFE};
use salus_fhir::view::ElementView;
use salus_values::Value;
use smallvec::smallvec;

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, EvaluationError, Machine, Outcome};

const STRING: Input = Input::one(Types::STRING);
const TO_STRING: Returns = Returns::One(Types::STRING);
const FORMAT: &[Argument] = &[Argument::one("format", Types::STRING)];
const TARGET: &[Argument] = &[Argument::one("target", Types::STRING)];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.6 Encodings",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "encode",
                        STRING,
                        FORMAT,
                        TO_STRING,
                        "The text in `hex`, `base64` or `urlbase64`.",
                    ),
                    encode,
                ),
                Function::new(
                    Signature::new(
                        "decode",
                        STRING,
                        FORMAT,
                        TO_STRING,
                        "The text that was encoded in `hex`, `base64` or `urlbase64`.",
                    ),
                    decode,
                ),
                Function::new(
                    Signature::new(
                        "escape",
                        STRING,
                        TARGET,
                        TO_STRING,
                        "The text as it is written inside `html` or `json`.",
                    ),
                    escape,
                ),
                Function::new(
                    Signature::new(
                        "unescape",
                        STRING,
                        TARGET,
                        TO_STRING,
                        "The text that was written inside `html` or `json`.",
                    ),
                    unescape,
                ),
            ]
        },
    }
}

/// Accepts what is written without padding.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Works on the input by the name in the argument. Names that `work` does not know are refused.
fn by_name<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: &[Value<V>],
    expected: &'static str,
    work: impl FnOnce(&str, &str) -> Option<Option<String>>,
) -> Outcome<Collection<V>> {
    let (Some(text), Some(name)) = (call.text(input)?, call.string(machine, 0)?) else {
        return Ok(Collection::new());
    };
    machine.spend_text(text.len().saturating_mul(6), call.span)?;
    match work(&name, &text) {
        Some(Some(found)) => Ok(smallvec![Value::String(Arc::from(found))]),
        Some(None) => Ok(Collection::new()),
        None => Err(EvaluationError::BadArgument {
            function: call.name(),
            value: name.to_string(),
            expected,
            span: call.span,
        }),
    }
}

const FORMATS: &str = "`hex`, `base64` or `urlbase64`";
const TARGETS: &str = "`html` or `json`";

fn encode<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    by_name(
        machine,
        call,
        &input,
        FORMATS,
        |format, text| match format {
            "hex" => Some(Some(
                text.bytes().map(|byte| format!("{byte:02x}")).collect(),
            )),
            "base64" => Some(Some(STANDARD.encode(text))),
            "urlbase64" => Some(Some(URL_SAFE.encode(text))),
            _ => None,
        },
    )
}

/// What is not encoded so, or is no text when decoded, is empty.
fn decode<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    by_name(machine, call, &input, FORMATS, |format, text| {
        let bytes = match format {
            "hex" => from_hex(text),
            "base64" => GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT)
                .decode(text)
                .ok(),
            "urlbase64" => GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT)
                .decode(text)
                .ok(),
            _ => return None,
        };
        Some(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|value| u8::try_from(value).ok())
        })
        .collect::<Option<_>>()?;
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(high << 4 | low),
        _ => None,
    });
    pairs.collect()
}

fn escape<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    by_name(
        machine,
        call,
        &input,
        TARGETS,
        |target, text| match target {
            "html" => Some(Some(escape_html(text))),
            "json" => Some(escape_json(text)),
            _ => None,
        },
    )
}

fn unescape<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    by_name(
        machine,
        call,
        &input,
        TARGETS,
        |target, text| match target {
            "html" => Some(Some(unescape_html(text))),
            "json" => Some(unescape_json(text)),
            _ => None,
        },
    )
}

fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}

/// A JSON string without its quotes.
fn escape_json(text: &str) -> Option<String> {
    let quoted = serde_json::to_string(text).ok()?;
    quoted
        .strip_prefix('"')?
        .strip_suffix('"')
        .map(str::to_owned)
}

/// What JSON's escapes stand for; other characters, quotes among them, stand for themselves. `None` for an escape that
/// JSON does not have.
fn unescape_json(text: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            '\\' => match letters.next()? {
                'u' => {
                    let digits: String = letters.by_ref().take(4).collect();
                    let is_hex =
                        digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                    units.push(u16::from_str_radix(&digits, 16).ok().filter(|_| is_hex)?);
                    continue;
                }
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                same @ ('"' | '\\' | '/') => same,
                _ => return None,
            },
            other => other,
        };
        units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
    }
    String::from_utf16(&units).ok()
}

/// Entities by number, and the five that XML names; others stay as they are.
fn unescape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after
            .split_once(';')
            .and_then(|(name, after)| Some((entity(name)?, after)))
        {
            Some((letter, after)) => {
                out.push(letter);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
