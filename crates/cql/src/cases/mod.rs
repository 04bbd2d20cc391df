//! Test cases of a library, kept beside it as Markdown: patients, and what each define must give.
//!
//! ````text
//!   # Adults                              what stands before the first `##` holds for all cases:
//!   The library [Adults](Adults.cql).     the library, value sets, parameters, records
//!
//!   ## A woman of 64                      a case
//!   ```records                            its records, one to a line; or ```fhir with JSON
//!   Patient/ann: birthDate = 1960-05-01; gender = female
//!   ```
//!   | define | value |                    what must come out, in CQL
//!   |--------|-------|
//!   | Adult  | true  |
//! ````
//!
//! All else is prose.

mod error;
mod markdown;
mod record;

pub use error::{CasesError, Defect};

/// A file of test cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cases {
    /// The file of the library as the text names it: the first link that ends in `.cql`.
    pub library: Option<String>,
    /// What holds for all cases.
    pub shared: Given,
    /// The cases.
    pub cases: Vec<Case>,
}

/// What is given to a library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Resources, each JSON: records, value sets and code systems.
    pub resources: Vec<String>,
    /// Files of resources: links that end in `.json` or `.ndjson`.
    pub files: Vec<String>,
    /// Parameters with their values in CQL. `Now()` is the moment of the evaluation.
    pub parameters: Vec<Parameter>,
}

/// A parameter with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value, in CQL.
    pub value: String,
    /// Where it stands, from 1.
    pub line: usize,
}

/// A test case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// Its heading.
    pub name: String,
    /// Where that stands, from 1.
    pub line: usize,
    /// What is given.
    pub given: Given,
    /// What must come out.
    pub expected: Vec<Expected>,
}

/// What a define must give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Whom for, when there are several: an id, with or without its type.
    pub subject: Option<String>,
    /// The define.
    pub define: String,
    /// Its value in CQL; a record by its type and id.
    pub value: String,
    /// Where it stands, from 1.
    pub line: usize,
}

impl Cases {
    /// Reads a file of test cases.
    ///
    /// # Errors
    /// [`CasesError`] with the first line that cannot be read.
    pub fn read(text: &str) -> Result<Cases, CasesError> {
        markdown::read(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# Adults

The library is [Adults](Adults.cql), its value sets are [here](sets.json). Prose | with a bar.

| parameter          | value                              |
|--------------------|------------------------------------|
| Measurement Period | Interval[@2025-01-01, @2026-01-01) |

## A woman of 64

```records
# A comment.
Patient/ann: birthDate = 1960-05-01; name.given = Ann; name.family = 'de Vries; Ek'
Observation: status = final; code = http://loinc.org|8480-6; valueQuantity = 151 'mm[Hg]'; effectivePeriod = 2025..2026
```

| define | value |
|--------|-------|
| Adult  | true  |
| `a\|b` | {}    |

## Two

```fhir
{"resourceType": "Patient",
 "id": "bob"}
{"resourceType": "Patient", "id": "eve"}
```

| patient | define | value |
|---|---|---|
| bob | Adult | null |
"#;

    #[test]
    fn cases_have_records_and_what_must_come_out() {
        let cases = Cases::read(TEXT).unwrap();
        assert_eq!(cases.library.as_deref(), Some("Adults.cql"));
        assert_eq!(cases.shared.files, ["sets.json"]);
        assert_eq!(cases.shared.parameters[0].name, "Measurement Period");
        assert_eq!(cases.shared.parameters[0].line, 7);
        let [one, two] = cases.cases.as_slice() else {
            panic!("{cases:?}")
        };
        assert_eq!((one.name.as_str(), one.line), ("A woman of 64", 9));
        assert_eq!(
            one.given.resources,
            [
                r#"{"birthDate":"1960-05-01","id":"ann","name":[{"family":"de Vries; Ek","given":["Ann"]}],"resourceType":"Patient"}"#,
                r#"{"code":{"coding":[{"code":"8480-6","system":"http://loinc.org"}]},"effectivePeriod":{"end":"2026","start":"2025"},"resourceType":"Observation","status":"final","valueQuantity":{"code":"mm[Hg]","system":"http://unitsofmeasure.org","unit":"mm[Hg]","value":151}}"#,
            ]
        );
        assert_eq!(one.expected[1].define, "a|b");
        assert_eq!(one.expected[1].line, 20);
        assert_eq!(two.given.resources.len(), 2);
        assert_eq!(two.expected[0].subject.as_deref(), Some("bob"));
    }

    fn wrong(text: &str) -> String {
        let error = Cases::read(text).unwrap_err();
        format!("{}: {}", error.line, error.defect)
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let record = |line: &str| wrong(&format!("## A\n```records\n{line}\n```\n"));
        assert_eq!(
            record("Patient/ann"),
            "3: a record is written `Type/id: element = value; …`"
        );
        assert_eq!(
            record("Patiend: id = a"),
            "3: FHIR R4 has no resource `Patiend`"
        );
        assert_eq!(
            record("Patient: brthDate = 1960"),
            "3: `Patient` has no element `brthDate`"
        );
        assert_eq!(record("Patient: birthDate"), "3: `birthDate` has no value");
        assert_eq!(
            record("Observation: code = 8480-6"),
            "3: `8480-6` is no CodeableConcept"
        );
        assert_eq!(
            record("Observation: valueQuantity = much"),
            "3: `much` is no Quantity"
        );
        assert_eq!(record("Patient: active = yes"), "3: `yes` is no boolean");
        assert_eq!(
            wrong("## A\n```fhir\n{\n```\n"),
            "2: the records are not JSON"
        );
        assert_eq!(wrong("## A\n```fhir\n{}\n"), "2: the block is not closed");
        assert_eq!(
            wrong("## A\n| define | value |\n|--|--|\n| a |\n"),
            "4: a row of this table has 2 cells"
        );
        assert_eq!(wrong("# A\n"), "1: there is no case: a heading `## …`");
    }
}
