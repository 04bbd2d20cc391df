//! Values of parameters: CQL, translated as the default of the parameter would be.

use salus_cql::elm::{Kind, Library as Elm, Node};
use salus_cql::model::Models;
use salus_cql::program::Program;
use salus_cql::resolve::{Options, translate};

use super::library::Library;
use crate::error::CliError;
use crate::face::Face;
use crate::panel::Excerpt;

/// What the define of a value is called.
pub const VALUE: &str = "the value of the parameter";

/// A parameter with a value.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The program whose define [`VALUE`] is its value.
    pub program: Program,
}

/// The parameters that are given, `NAME=VALUE` each.
pub fn parameters(
    face: &Face,
    library: &Library,
    models: &Models,
    given: &[String],
) -> Result<Vec<Parameter>, CliError> {
    given
        .iter()
        .map(|text| parameter(face, library, models, text))
        .collect()
}

fn parameter(
    face: &Face,
    library: &Library,
    models: &Models,
    given: &str,
) -> Result<Parameter, CliError> {
    let refused = |problems: usize| CliError::CqlParameter {
        given: given.to_owned(),
        problems,
    };
    let (name, value) = given.split_once('=').ok_or_else(|| refused(0))?;
    let (name, value) = (name.trim(), value.trim());
    // Those of included libraries go by their names, too.
    let all = std::iter::once(&library.main).chain(&library.included);
    let defs: Vec<&Node> = all.flat_map(|one| one.definitions("parameters")).collect();
    let names = defs.iter().filter_map(|def| def.text("name"));
    let Some(def) = defs.iter().find(|def| def.text("name") == Some(name)) else {
        return Err(CliError::NoParameter {
            name: name.to_owned(),
            nearest: salus_base::suggest::closest(name, names).map(str::to_owned),
        });
    };
    let before = format!("{}define \"{VALUE}\": ", usings(&library.main));
    let text = match written_type(def, models) {
        // So that what converts to its type does.
        Some(ty) => format!(
            "{}parameter P {ty} default {value}\ndefine \"{VALUE}\": P",
            usings(&library.main)
        ),
        None => format!("{before}{value}"),
    };
    let translation = translate(&text, &library.folders, &Options::bare());
    let mut problems = 0;
    for problem in &translation.problems {
        if problem.severity() == salus_base::Severity::Error {
            problems += 1;
            let excerpt = Excerpt {
                name,
                text: &text,
                start: problem.span.start as usize,
                end: problem.span.end as usize,
            };
            face.trouble_at(&problem.diagnostic(name), Some(excerpt));
        }
    }
    if problems > 0 {
        return Err(refused(problems));
    }
    let included: Vec<&Elm> = translation.included.iter().map(|one| &**one).collect();
    let program = Program::new(&translation.library, &included, models).map_err(|errors| {
        errors
            .iter()
            .for_each(|error| face.trouble(&error.diagnostic()));
        refused(errors.len())
    })?;
    Ok(Parameter {
        name: name.to_owned(),
        program,
    })
}

/// The program of an expression that stands for itself, whose define [`VALUE`] is its value; `None` of one that is
/// wrong.
pub fn expression(library: &Library, models: &Models, text: &str) -> Option<Program> {
    let text = format!("{}define \"{VALUE}\":\n{text}\n", usings(&library.main));
    let translation = translate(&text, &library.folders, &Options::bare());
    let included: Vec<&Elm> = translation.included.iter().map(|one| &**one).collect();
    let is_sound = translation.is_sound();
    let program = Program::new(&translation.library, &included, models).ok()?;
    is_sound.then_some(program)
}

/// The models of the library, for the library of the value.
fn usings(library: &Elm) -> String {
    let usings = library.definitions("usings").filter_map(|using| {
        let name = using
            .text("localIdentifier")
            .filter(|name| *name != "System")?;
        let version = using.text("version");
        let version = version.map_or_else(String::new, |version| format!(" version '{version}'"));
        Some(format!("using {name}{version}\n"))
    });
    usings.collect()
}

/// The type of a parameter as CQL writes it.
fn written_type(def: &Node, models: &Models) -> Option<String> {
    let named = |name: &str| of_name(def, name, models);
    if let Some(specifier) = def.node("parameterTypeSpecifier") {
        return of_specifier(specifier, models);
    }
    if let Some(found) = named("parameterType").or_else(|| named("resultTypeName")) {
        return Some(found);
    }
    of_specifier(def.result_type_specifier()?, models)
}

fn of_name(node: &Node, field: &str, models: &Models) -> Option<String> {
    let name = node.qualified(field)?;
    let model = models.of_url(name.url)?;
    Some(format!("{}.\"{}\"", model.name(), name.name))
}

fn of_specifier(node: &Node, models: &Models) -> Option<String> {
    match node.kind() {
        Kind::NamedTypeSpecifier => of_name(node, "name", models),
        Kind::ListTypeSpecifier => {
            let item = of_specifier(node.node("elementType")?, models)?;
            Some(format!("List<{item}>"))
        }
        Kind::IntervalTypeSpecifier => {
            let point = of_specifier(node.node("pointType")?, models)?;
            Some(format!("Interval<{point}>"))
        }
        Kind::ChoiceTypeSpecifier => {
            let all = node.nodes("choice").map(|one| of_specifier(one, models));
            Some(format!(
                "Choice<{}>",
                all.collect::<Option<Vec<_>>>()?.join(", ")
            ))
        }
        Kind::TupleTypeSpecifier => {
            let all = node.nodes("element").map(|one| {
                let ty = one.node("elementType").or_else(|| one.node("type"))?;
                Some(format!(
                    "\"{}\" {}",
                    one.text("name")?,
                    of_specifier(ty, models)?
                ))
            });
            Some(format!(
                "Tuple {{ {} }}",
                all.collect::<Option<Vec<_>>>()?.join(", ")
            ))
        }
        _ => None,
    }
}
