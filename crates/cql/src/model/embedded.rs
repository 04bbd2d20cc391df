//! The model infos that Salus carries; where they are from and under which licence, `embedded/README.md` says.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::GzDecoder;

use super::error::ModelError;
use super::table::Model;

/// A model info in the program.
struct Copy {
    name: &'static str,
    version: &'static str,
    bytes: &'static [u8],
}

macro_rules! copies {
    ($($name:literal $version:literal $file:literal,)*) => {
        static COPIES: &[Copy] = &[$(Copy {
            name: $name,
            version: $version,
            bytes: include_bytes!(concat!("embedded/", $file, ".xml.gz")),
        },)*];

        /// The names and versions of the models that Salus carries, the newest version of each last.
        pub const EMBEDDED: &[(&str, &str)] = &[$(($name, $version),)*];
    };
}

copies! {
    "System" "1.0.0" "system-modelinfo",
    "FHIR" "4.0.1" "fhir-modelinfo-4.0.1",
    "QICore" "4.1.1" "qicore-modelinfo-4.1.1",
    "QICore" "5.0.0" "qicore-modelinfo-5.0.0",
    "QICore" "6.0.0" "qicore-modelinfo-6.0.0",
    "USCore" "3.1.1" "uscore-modelinfo-3.1.1",
    "USCore" "6.1.0" "uscore-modelinfo-6.1.0",
}

impl Model {
    /// One of the models that Salus carries; the newest if no version is said.
    ///
    /// # Errors
    /// [`ModelError::UnknownModel`] names those that there are; [`ModelError::Refused`] for QDM.
    pub fn embedded(name: &str, version: Option<&str>) -> Result<Model, ModelError> {
        copy(name, version)?.model()
    }

    /// One of the models that Salus carries, read once and shared from then on.
    ///
    /// # Errors
    /// As [`Model::embedded`].
    pub fn shared(name: &str, version: Option<&str>) -> Result<Arc<Model>, ModelError> {
        static READ: Mutex<Vec<(&Copy, Arc<Model>)>> = Mutex::new(Vec::new());
        let copy = copy(name, version)?;
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, model)) = read.iter().find(|(other, _)| std::ptr::eq(*other, copy)) {
            return Ok(Arc::clone(model));
        }
        let model = Arc::new(copy.model()?);
        read.push((copy, Arc::clone(&model)));
        Ok(model)
    }
}

fn copy(name: &str, version: Option<&str>) -> Result<&'static Copy, ModelError> {
    if matches!(name, "QDM" | "QUICK") {
        return Err(ModelError::Refused { name: name.into() });
    }
    let of_name = COPIES.iter().filter(|copy| copy.name == name);
    let wanted = |copy: &&Copy| version.is_none_or(|version| version == copy.version);
    let found = of_name.rev().find(wanted);
    found.ok_or_else(|| unknown(name, version))
}

impl Copy {
    fn model(&self) -> Result<Model, ModelError> {
        let mut text = String::new();
        GzDecoder::new(self.bytes)
            .read_to_string(&mut text)
            .map_err(|_| ModelError::Damaged {
                name: self.name,
                version: self.version,
            })?;
        Model::parse(&text)
    }
}

fn unknown(name: &str, version: Option<&str>) -> ModelError {
    let of_name: Vec<&str> = COPIES
        .iter()
        .filter(|copy| copy.name == name)
        .map(|copy| copy.version)
        .collect();
    let known = match of_name.is_empty() {
        false => of_name.join(", "),
        true => {
            let mut names: Vec<&str> = COPIES.iter().map(|copy| copy.name).collect();
            names.dedup();
            names.join(", ")
        }
    };
    ModelError::UnknownModel {
        name: name.into(),
        version: version.map(Into::into),
        known,
    }
}
