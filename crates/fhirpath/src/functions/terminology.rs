//! Terminology (R4 `fhirpath.html`), answered by the host.

use salus_fhir::schema;
use salus_fhir::view::ElementView;
use salus_values::Value;

use super::fhir::refusal;
use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{
    Collection, HostCode, HostError, Machine, Outcome, children, one, text, wrong_type,
};
use crate::operators::truth;

const TO_BOOLEAN: Returns = Returns::One(Types::BOOLEAN);
const CODED: Input = Input::one(Types::STRING.or(Types::ELEMENT));
const NO_HOST: HostError = HostError::Unsupported {
    reason: "no terminology is at hand",
};

/// Why there is no service behind `%terminologies`.
const NO_SERVICE: HostError = HostError::Unsupported {
    reason: "the terminology service `%terminologies` is not part of Salus; `memberOf()`, `subsumes()` and `subsumedBy()` ask loaded terminology",
};

const SERVICE: &[Argument] = &[Argument::many("argument")];
const VALUESET: &[Argument] = &[Argument::one("valueset", Types::STRING)];
const CODE: &[Argument] = &[Argument::many("code")];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "FHIR terminology",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "memberOf",
                        CODED,
                        VALUESET,
                        TO_BOOLEAN,
                        "Whether a code, Coding or CodeableConcept is in a value set.",
                    ),
                    member_of,
                ),
                Function::new(
                    Signature::new(
                        "subsumes",
                        CODED,
                        CODE,
                        TO_BOOLEAN,
                        "Whether the code is the other one or more general.",
                    ),
                    subsumes,
                ),
                Function::new(
                    Signature::new(
                        "subsumedBy",
                        CODED,
                        CODE,
                        TO_BOOLEAN,
                        "Whether the code is the other one or more special.",
                    ),
                    subsumed_by,
                ),
                no_service("expand"),
                no_service("lookup"),
                no_service("validateVS"),
                no_service("validateCS"),
                no_service("translate"),
            ]
        },
    }
}

/// A function of `%terminologies`.
const fn no_service<V: ElementView>(name: &'static str) -> Function<V> {
    let signature = Signature::new(
        name,
        Input::ANY,
        SERVICE,
        Returns::Resources,
        "Not supported: there is no terminology service behind `%terminologies`.",
    );
    Function::new(signature.variadic(), |_, call, _| {
        Err(refusal(NO_SERVICE, call))
    })
}

/// The codes of an item: a code, the Coding, or each Coding of a CodeableConcept.
fn codes<V: ElementView>(item: &Value<V>, call: &Call<'_, V>) -> Outcome<Vec<HostCode>> {
    if let Some(code) = text(item) {
        return Ok(vec![HostCode {
            system: None,
            code: code.into_owned(),
        }]);
    }
    let name = match item {
        Value::Node(element) => schema::r4().get(element.type_id()).name,
        _ => "",
    };
    match name {
        "Coding" => Ok(coding(item).into_iter().collect()),
        "CodeableConcept" => {
            let mut codings = Collection::new();
            children(item, "coding", &mut codings);
            Ok(codings.iter().filter_map(coding).collect())
        }
        _ => Err(wrong_type(
            item,
            "a code, a Coding or a CodeableConcept",
            call.input(),
            call.span,
        )),
    }
}

fn coding<V: ElementView>(coding: &Value<V>) -> Option<HostCode> {
    let words = |name: &str| {
        let mut found = Collection::new();
        children(coding, name, &mut found);
        found
            .first()
            .and_then(|item| text(item).map(|text| text.into_owned()))
    };
    Some(HostCode {
        system: words("system"),
        code: words("code")?,
    })
}

fn member_of<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let (Some(item), Some(value_set)) = (
        one(&input, call.input(), call.span)?,
        call.string(machine, 0)?,
    ) else {
        return Ok(Collection::new());
    };
    let codes = codes(item, call)?;
    let answer = machine
        .environment
        .host
        .map_or(Err(NO_HOST), |host| host.member_of(&codes, &value_set));
    answer.map(truth).map_err(|error| refusal(error, call))
}

fn subsumes<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let other = call.argument(machine, 0)?;
    any_subsumes(machine, call, &input, &other)
}

fn subsumed_by<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let other = call.argument(machine, 0)?;
    any_subsumes(machine, call, &other, &input)
}

/// Whether a code of one subsumes a code of the other.
fn any_subsumes<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    general: &[Value<V>],
    special: &[Value<V>],
) -> Outcome<Collection<V>> {
    let (Some(general), Some(special)) = (
        one(general, call.input(), call.span)?,
        one(special, call.part(0), call.span)?,
    ) else {
        return Ok(Collection::new());
    };
    let (generals, specials) = (codes(general, call)?, codes(special, call)?);
    let mut result = Some(false);
    for general in &generals {
        for special in &specials {
            machine.spend(1, call.span)?;
            let host = machine.environment.host;
            let answer = host.map_or(Err(NO_HOST), |host| host.subsumes(general, special));
            match answer.map_err(|error| refusal(error, call))? {
                Some(true) => return Ok(truth(Some(true))),
                Some(false) => {}
                None => result = None,
            }
        }
    }
    Ok(truth(result))
}
