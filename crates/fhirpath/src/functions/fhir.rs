//! What FHIR adds (R4 `fhirpath.html`, "Additional functions").

use salus_fhir::schema::{self, Kind};
use salus_fhir::view::ElementView;
use salus_values::Value;

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{
    self, Collection, EvaluationError, HostError, Machine, Outcome, children, system_value, text,
};
use crate::narrative;
use crate::operators::truth;
use crate::program::TypeSpecifier;

const TO_BOOLEAN: Returns = Returns::One(Types::BOOLEAN);
const URL: &[Argument] = &[Argument::one("url", Types::STRING)];
const STRUCTURE: &[Argument] = &[Argument::one("structure", Types::STRING)];

const MODIFIER: &[Argument] = &[Argument::one("modifier", Types::STRING)];
const STRUCTURE_NAME: &[Argument] = &[
    Argument::one("structure", Types::STRING),
    Argument::one("name", Types::STRING),
];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "FHIR",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "extension",
                        Input::ANY,
                        URL,
                        Returns::Extensions,
                        "The extensions of a URL.",
                    ),
                    extension,
                ),
                Function::new(
                    Signature::new(
                        "hasValue",
                        Input::ANY,
                        &[],
                        TO_BOOLEAN,
                        "Whether the input is one primitive that has a value.",
                    ),
                    has_value,
                ),
                Function::new(
                    Signature::new(
                        "getValue",
                        Input::ANY,
                        &[],
                        Returns::One(Types::SYSTEM),
                        "The System value of the one primitive.",
                    ),
                    get_value,
                ),
                Function::new(
                    Signature::new(
                        "resolve",
                        Input::ANY,
                        &[],
                        Returns::Resources,
                        "The resources that references or URLs point at, as far as they are at hand.",
                    ),
                    resolve,
                ),
                Function::new(
                    Signature::new(
                        "conformsTo",
                        Input::one(Types::ELEMENT),
                        STRUCTURE,
                        TO_BOOLEAN,
                        "Whether the element conforms to a type of FHIR; other profiles are not supported.",
                    ),
                    conforms_to,
                ),
                Function::new(
                    Signature::new(
                        "htmlChecks",
                        Input::one(Types::STRING),
                        &[],
                        TO_BOOLEAN,
                        "Whether a narrative keeps FHIR's rules for XHTML.",
                    ),
                    html_checks,
                ),
                Function::new(
                    Signature::new(
                        "checkModifiers",
                        Input::ANY,
                        MODIFIER,
                        Returns::Input,
                        "The input; modifier extensions of other URLs than these are an error.",
                    )
                    .required(0)
                    .variadic(),
                    check_modifiers,
                ),
                Function::new(
                    Signature::new(
                        "elementDefinition",
                        Input::ANY,
                        &[],
                        Returns::Many(Types::ELEMENT),
                        "Not supported: definitions of elements are not at hand.",
                    ),
                    no_definitions,
                ),
                Function::new(
                    Signature::new(
                        "slice",
                        Input::ANY,
                        STRUCTURE_NAME,
                        Returns::Input,
                        "Not supported: profiles are not at hand.",
                    ),
                    no_definitions,
                ),
            ]
        },
    }
}

fn extension<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let Some(url) = call.string(machine, 0)? else {
        return Ok(Collection::new());
    };
    let mut found = Collection::new();
    for item in &input {
        children(item, "extension", &mut found);
    }
    found.retain(|extension| {
        first(extension, "url").is_some_and(|of| text(&of).is_some_and(|of| *of == *url))
    });
    Ok(found)
}

/// The first child of this name.
fn first<V: ElementView>(item: &Value<V>, name: &str) -> Option<Value<V>> {
    let mut found = Collection::new();
    children(item, name, &mut found);
    found.into_iter().next()
}

/// The System value of the one primitive of the input.
fn primitive<V: ElementView>(input: &[Value<V>]) -> Option<Value<V>> {
    let [item] = input else { return None };
    match item {
        Value::Node(element) => match schema::r4().get(element.type_id()).kind {
            Kind::Primitive(_) => system_value(item),
            Kind::Complex | Kind::Resource => None,
        },
        other => Some(other.clone()),
    }
}

fn has_value<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(truth(Some(primitive(&input).is_some())))
}

fn get_value<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(primitive(&input).into_iter().collect())
}

fn resolve<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut out = Collection::new();
    for item in &input {
        let reference = match text(item) {
            Some(text) => Some(text.into_owned()),
            None => first(item, "reference")
                .and_then(|child| text(&child).map(|text| text.into_owned())),
        };
        if let Some(reference) = reference {
            machine.spend(1, call.span)?;
            let from = match item {
                Value::Node(element) => Some(element),
                _ => None,
            };
            out.extend(machine.resolve(&reference, from).map(Value::Node));
        }
    }
    Ok(out)
}

/// Where FHIR's own types are defined.
const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

/// That an element is of a type of FHIR is known from its type; anything more is the host's.
fn conforms_to<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let (Some(item), Some(url)) = (
        evaluate::one(&input, call.input(), call.span)?,
        call.string(machine, 0)?,
    ) else {
        return Ok(Collection::new());
    };
    if let Some(ty) = url
        .strip_prefix(DEFINITIONS)
        .and_then(|name| TypeSpecifier::resolve(Some("FHIR"), name))
    {
        return Ok(truth(Some(ty.includes(item))));
    }
    let answer = match (machine.environment.host, item) {
        (Some(host), Value::Node(element)) => host.conforms_to(element, &url),
        _ => Err(HostError::Unsupported {
            reason: "validation against profiles is not part of Salus",
        }),
    };
    answer
        .map(|answer| truth(Some(answer)))
        .map_err(|error| refusal(error, call))
}

/// A host's refusal as one of the call.
pub(super) fn refusal<V: ElementView>(error: HostError, call: &Call<'_, V>) -> EvaluationError {
    match error {
        HostError::Unsupported { reason } => EvaluationError::Unsupported {
            function: call.name(),
            reason,
            span: call.span,
        },
        HostError::Failed { cause } => EvaluationError::Host {
            function: call.name(),
            cause,
            span: call.span,
        },
    }
}

fn html_checks<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let Some(html) = call.text(&input)? else {
        return Ok(Collection::new());
    };
    machine.spend_text(html.len(), call.span)?;
    Ok(truth(Some(narrative::is_allowed(&html))))
}

fn check_modifiers<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut expected = Vec::with_capacity(call.len());
    for position in 0..call.len() {
        expected.extend(call.string(machine, position)?);
    }
    let mut found = Collection::new();
    for item in &input {
        children(item, "modifierExtension", &mut found);
    }
    for extension in &found {
        let url = first(extension, "url");
        let url = url.as_ref().and_then(text).unwrap_or_default();
        if !expected.iter().any(|expected| **expected == *url) {
            return Err(EvaluationError::UnexpectedModifier {
                url: url.into_owned(),
                span: call.span,
            });
        }
    }
    Ok(input)
}

fn no_definitions<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    _: Collection<V>,
) -> Outcome<Collection<V>> {
    Err(EvaluationError::Unsupported {
        function: call.name(),
        reason: "profiles and definitions of elements are not at hand when an expression is evaluated",
        span: call.span,
    })
}
