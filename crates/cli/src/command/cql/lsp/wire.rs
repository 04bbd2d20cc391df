//! JSON-RPC frames: headers, an empty line, so many bytes of JSON.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// Bytes of one message at most.
const MESSAGE_BYTES_MAX: u64 = 64 << 20;
/// Bytes of a line of a header at most.
const HEADER_BYTES_MAX: u64 = 4 << 10;

/// The next message; `None` at the end of the input.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.take(HEADER_BYTES_MAX).read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some((name, value)) = header.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse::<u64>().ok();
                }
            }
        }
    }
    let length = length.filter(|length| *length <= MESSAGE_BYTES_MAX);
    let length = length.ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidData, "no Content-Length below 64 MiB")
    })?;
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}

/// Writes a message.
pub fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}
