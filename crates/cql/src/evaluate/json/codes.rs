//! Which records have which code.

use foldhash::HashMap;
use salus_fhir::view::ElementView;
use salus_values::Code;

use crate::evaluate::codes::{each_code, each_element};
use crate::evaluate::records::CodeFilter;
use crate::operators::{Terminology, TerminologyError};
use crate::program::Path;

/// The codes that some records have in one element, each once, with the places of the records that have it.
pub(super) struct CodeIndex {
    codes: Vec<(Code, Vec<u32>)>,
}

impl CodeIndex {
    pub fn of<'r, V: ElementView + 'r>(
        records: impl Iterator<Item = (u32, &'r V)>,
        path: &Path,
    ) -> CodeIndex {
        let mut index = CodeIndex { codes: Vec::new() };
        let mut known: HashMap<(Box<str>, Option<Box<str>>), usize> = HashMap::default();
        for (number, record) in records {
            each_element(record, &path.steps, &mut |element| {
                each_code(element, &mut |code| {
                    let key = (code.code.clone(), code.system.clone());
                    let at = *known.entry(key).or_insert_with(|| {
                        index.codes.push((code, Vec::new()));
                        index.codes.len() - 1
                    });
                    if let Some((_, having)) = index.codes.get_mut(at)
                        && having.last() != Some(&number)
                    {
                        having.push(number);
                    }
                });
            });
        }
        index
    }

    /// The places of the records that have one of the codes, in their order.
    pub fn find(
        &self,
        filter: &CodeFilter,
        terminology: &dyn Terminology,
    ) -> Result<Vec<u32>, TerminologyError> {
        let mut found: Vec<u32> = Vec::new();
        let mut codes = 0;
        for (code, having) in &self.codes {
            if filter.has(code, terminology)? {
                found.extend(having);
                codes += 1;
            }
        }
        if codes > 1 {
            found.sort_unstable();
            found.dedup();
        }
        Ok(found)
    }
}
