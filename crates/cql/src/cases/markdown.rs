//! The parts of Markdown that mean something: headings, fenced blocks, tables, links.

use serde_json::value::RawValue;

use super::error::{CasesError, Defect};
use super::record;
use super::{Case, Cases, Expected, Given, Parameter};

pub(super) fn read(text: &str) -> Result<Cases, CasesError> {
    let mut reader = Reader {
        lines: (1..).zip(text.lines()).peekable(),
        cases: Cases::default(),
    };
    while let Some((number, line)) = reader.lines.next() {
        reader.line(number, line)?;
    }
    match reader.cases.cases.is_empty() {
        true => Err(Defect::NoCase.at(1)),
        false => Ok(reader.cases),
    }
}

impl Defect {
    pub(super) fn at(self, line: usize) -> CasesError {
        CasesError { defect: self, line }
    }
}

struct Reader<'t, I: Iterator<Item = (usize, &'t str)>> {
    lines: std::iter::Peekable<I>,
    cases: Cases,
}

impl<'t, I: Iterator<Item = (usize, &'t str)>> Reader<'t, I> {
    fn line(&mut self, number: usize, line: &'t str) -> Result<(), CasesError> {
        if let Some(name) = line.strip_prefix("## ") {
            self.cases.cases.push(Case {
                name: name.trim().to_owned(),
                line: number,
                ..Case::default()
            });
            return Ok(());
        }
        if let Some(info) = line.trim_start().strip_prefix("```") {
            return self.block(number, info.trim());
        }
        if line.trim_start().starts_with('|') && self.is_border_next() {
            return self.table(&cells(line));
        }
        self.links(line);
        Ok(())
    }

    /// What is given to the case at hand, or to all.
    fn given(&mut self) -> &mut Given {
        match self.cases.cases.last_mut() {
            Some(case) => &mut case.given,
            None => &mut self.cases.shared,
        }
    }

    fn block(&mut self, start: usize, info: &str) -> Result<(), CasesError> {
        let mut text = String::new();
        let mut body = Vec::new();
        loop {
            let (number, line) = self.lines.next().ok_or(Defect::OpenBlock.at(start))?;
            if line.trim() == "```" {
                break;
            }
            text.push_str(line);
            text.push('\n');
            body.push((number, line));
        }
        match info {
            "fhir" => {
                let resources =
                    documents(&text).map_err(|reason| Defect::NotJson { reason }.at(start))?;
                self.given().resources.extend(resources);
            }
            "records" => {
                for (number, line) in body {
                    let line = line.trim();
                    if !line.is_empty() && !line.starts_with('#') {
                        let json = record::json(line).map_err(|defect| defect.at(number))?;
                        self.given().resources.push(json);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn is_border_next(&mut self) -> bool {
        let Some((_, next)) = self.lines.peek() else {
            return false;
        };
        let next = next.trim();
        next.starts_with('|') && next.chars().all(|one| matches!(one, '|' | '-' | ':' | ' '))
    }

    /// A table of parameters or of expected values; any other is prose.
    fn table(&mut self, heading: &[String]) -> Result<(), CasesError> {
        let heading: Vec<&str> = heading.iter().map(String::as_str).collect();
        self.lines.next();
        while let Some((number, line)) = self
            .lines
            .next_if(|(_, line)| line.trim_start().starts_with('|'))
        {
            let cells = cells(line);
            match heading.as_slice() {
                ["parameter", _] => {
                    let [name, value] = row(cells, number)?;
                    self.given().parameters.push(Parameter {
                        name,
                        value,
                        line: number,
                    });
                }
                ["define", _] => {
                    let [define, value] = row(cells, number)?;
                    self.expect(None, define, value, number);
                }
                [_, "define", _] => {
                    let [subject, define, value] = row(cells, number)?;
                    self.expect(Some(subject), define, value, number);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn expect(&mut self, subject: Option<String>, define: String, value: String, line: usize) {
        if let Some(case) = self.cases.cases.last_mut() {
            case.expected.push(Expected {
                subject,
                define,
                value,
                line,
            });
        }
    }

    /// Links to the library and to files of resources.
    fn links(&mut self, line: &str) {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("](") {
            let Some((target, after)) = after.split_once(')') else {
                return;
            };
            rest = after;
            if target.contains("://") {
                continue;
            }
            if target.ends_with(".cql") {
                self.cases.library.get_or_insert_with(|| target.to_owned());
            } else if target.ends_with(".json") || target.ends_with(".ndjson") {
                self.given().files.push(target.to_owned());
            }
        }
    }
}

/// The JSON documents of a block, one after the other.
fn documents(text: &str) -> Result<Vec<String>, String> {
    let all = serde_json::Deserializer::from_str(text).into_iter::<Box<RawValue>>();
    all.map(|one| {
        one.map(|one| one.get().to_owned())
            .map_err(|error| error.to_string())
    })
    .collect()
}

fn row<const N: usize>(cells: Vec<String>, line: usize) -> Result<[String; N], CasesError> {
    <[String; N]>::try_from(cells).map_err(|_| Defect::Cells { wanted: N }.at(line))
}

/// The cells of a row, without back ticks around them; `\|` is a bar.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let cell = match cells.last_mut() {
            Some(cell) => cell,
            None => break,
        };
        match character {
            '\\' if characters.peek() == Some(&'|') => cell.extend(characters.next()),
            '|' => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    // After the last bar there is nothing.
    if cells.last().is_some_and(|last| last.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| plain(cell.trim())).collect()
}

fn plain(cell: &str) -> String {
    let inside = cell
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'));
    inside.map_or(cell, str::trim).to_owned()
}
