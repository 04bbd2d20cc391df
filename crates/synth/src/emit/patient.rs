//! Patient (and its duplicate), Coverage, AllergyIntolerance.

use super::places::{organization_id, payer_id, practitioner_id};
use super::systems::{ACT_CODE, RXNORM, SNOMED};
use super::{
    Emitter, Kind, US_CORE, coding_body, concept, concept_body, hl7, ids, reference, reference_body,
};
use crate::chart::Chart;
use crate::content::PlantKind;
use crate::json::{Fixed, Json};
use crate::person::Person;
use crate::world::World;

impl<'w> Emitter<'w> {
    pub(super) fn patient(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        let person = &chart.person;
        let duplicate = person
            .plant
            .filter(|p| p.kind == PlantKind::Duplicate)
            .map(|_| ids::duplicate(&person.id));
        let unlinked = person.second_record;
        self.put(Kind::Patient, &person.id, Some("us-core-patient"), |j| {
            extensions(j, person);
            identity(j, world, person, &person.id, person.family, true);
            rest(j, world, person);
            if let Some(other) = &duplicate {
                link(j, other, "replaces");
            }
        });
        if unlinked {
            self.second_record(chart);
        }
        let Some(id) = duplicate else { return };
        let family = misspelled(person.family);
        self.put(Kind::Patient, &id, Some("us-core-patient"), |j| {
            extensions(j, person);
            identity(j, world, person, &id, &family, false);
            rest(j, world, person);
            link(j, &person.id, "replaced-by");
        })
    }

    /// A second record that nobody has linked, under a mistyped name.
    fn second_record(&mut self, chart: &Chart<'w>) {
        let world = self.world;
        let person = &chart.person;
        let id = ids::duplicate(&person.id);
        let family = misspelled(person.family);
        self.put(Kind::Patient, &id, Some("us-core-patient"), |j| {
            extensions(j, person);
            identity(j, world, person, &id, &family, true);
            rest(j, world, person);
        });
    }

    pub(super) fn coverages(&mut self, chart: &Chart<'w>) {
        self.coverages_of(chart, &chart.person.id);
        if chart.person.second_record {
            self.coverages_of(chart, &ids::duplicate(&chart.person.id));
        }
    }

    fn coverages_of(&mut self, chart: &Chart<'w>, patient: &str) {
        let world = self.world;
        let person = &chart.person;
        for (index, spell) in chart.cover.iter().enumerate() {
            let id = ids::coverage(patient, index);
            let status = if spell.to.is_none() {
                "active"
            } else {
                "cancelled"
            };
            self.put(Kind::Coverage, &id, Some("us-core-coverage"), |j| {
                j.one("identifier", |j| {
                    j.one_type("MB");
                    j.str("system", "https://salus.example/synth/member-id");
                    j.parts("value", &["M", &person.id]);
                });
                j.str("status", status);
                let plan = spell.plan;
                concept(j, "type", ACT_CODE, &plan.type_code, &plan.type_display);
                j.parts("subscriberId", &["M", &person.id]);
                reference(j, "beneficiary", "Patient", patient);
                hl7(j, "relationship", "subscriber-relationship", "self");
                j.obj("period", |j| {
                    j.date("start", spell.from);
                    if let Some(to) = spell.to {
                        j.date("end", to);
                    }
                });
                j.one("payor", |j| {
                    reference_body(j, "Organization", &payer_id(world, &plan.id));
                    j.str("display", &plan.payer);
                });
                j.one("class", |j| {
                    hl7(j, "type", "coverage-class", "plan");
                    j.str("value", &plan.id);
                    j.str("name", &plan.name);
                });
            });
        }
    }

    pub(super) fn allergies(&mut self, chart: &Chart<'w>) {
        for (index, allergy) in chart.allergies.iter().enumerate() {
            let id = ids::allergy(&chart.person.id, index);
            self.put(
                Kind::AllergyIntolerance,
                &id,
                Some("us-core-allergyintolerance"),
                |j| {
                    hl7(
                        j,
                        "clinicalStatus",
                        "allergyintolerance-clinical",
                        allergy.status,
                    );
                    hl7(
                        j,
                        "verificationStatus",
                        "allergyintolerance-verification",
                        allergy.verification,
                    );
                    j.str("type", "allergy");
                    j.arr("category", |j| j.text_item("medication"));
                    let severe = allergy.reaction == "anaphylaxis";
                    j.str("criticality", if severe { "high" } else { "low" });
                    concept(j, "code", RXNORM, allergy.rxcui, allergy.display);
                    reference(j, "patient", "Patient", &chart.person.id);
                    j.date("recordedDate", allergy.recorded);
                    j.one("reaction", |j| {
                        let (code, display) = if severe {
                            ("39579001", "Anaphylaxis (disorder)")
                        } else {
                            ("247472004", "Wheal (finding)")
                        };
                        j.arr("manifestation", |j| {
                            j.item(|j| concept_body(j, SNOMED, code, display))
                        });
                        j.str("severity", if severe { "severe" } else { "moderate" });
                    });
                },
            );
        }
    }
}

impl Json {
    /// An identifier type of HL7 v2 table 0203.
    pub(super) fn one_type(&mut self, code: &str) {
        self.obj("type", |j| {
            j.one("coding", |j| {
                j.str("system", "http://terminology.hl7.org/CodeSystem/v2-0203");
                j.str("code", code);
            });
        });
    }
}

fn extensions(j: &mut Json, person: &Person<'_>) {
    j.arr("extension", |j| {
        if let Some(race) = person.race {
            omb(j, "us-core-race", &race.code, &race.display);
        }
        if person.hispanic {
            omb(j, "us-core-ethnicity", "2135-2", "Hispanic or Latino");
        } else {
            omb(j, "us-core-ethnicity", "2186-5", "Not Hispanic or Latino");
        }
        j.item(|j| {
            j.parts("url", &[US_CORE, "us-core-birthsex"]);
            j.str("valueCode", if person.female { "F" } else { "M" });
        });
    });
}

fn omb(j: &mut Json, url: &str, code: &str, display: &str) {
    j.item(|j| {
        j.arr("extension", |j| {
            j.item(|j| {
                j.str("url", "ombCategory");
                j.obj("valueCoding", |j| {
                    coding_body(j, "urn:oid:2.16.840.1.113883.6.238", code, display);
                });
            });
            j.item(|j| {
                j.str("url", "text");
                j.str("valueString", display);
            });
        });
        j.parts("url", &[US_CORE, url]);
    });
}

fn identity(
    j: &mut Json,
    world: &World,
    person: &Person<'_>,
    id: &str,
    family: &str,
    active: bool,
) {
    j.one("identifier", |j| {
        j.one_type("MR");
        j.str("system", "https://salus.example/synth/mrn");
        j.str("value", id);
    });
    j.bool("active", active);
    j.one("name", |j| {
        j.str("use", "official");
        j.str("family", family);
        j.arr("given", |j| j.text_item(person.given));
    });
    j.one("telecom", |j| {
        j.str("system", "phone");
        j.str("value", &format!("555-555-01{:02}", person.phone));
        j.str("use", "home");
    });
    j.str("gender", if person.female { "female" } else { "male" });
    j.date("birthDate", person.birth);
    if let Some(death) = person.death {
        j.date("deceasedDateTime", death);
    }
    j.one("address", |j| {
        j.one("extension", |j| {
            j.arr("extension", |j| {
                for (url, value) in [("latitude", person.home.0), ("longitude", person.home.1)] {
                    j.item(|j| {
                        j.str("url", url);
                        j.fixed("valueDecimal", Fixed::round(value, 4));
                    });
                }
            });
            j.str("url", "http://hl7.org/fhir/StructureDefinition/geolocation");
        });
        j.str("use", "home");
        j.arr("line", |j| j.text_item(&person.line));
        j.str("city", &person.area.city);
        j.str("district", &world.content.region.county);
        j.str("state", &world.content.region.state);
        j.str("postalCode", &person.area.code);
        j.str("country", &world.content.region.country);
    });
}

fn rest(j: &mut Json, world: &World, person: &Person<'_>) {
    j.one("communication", |j| {
        let display = match person.language {
            "es" => "Spanish",
            "zh" => "Chinese",
            _ => "English (United States)",
        };
        concept(j, "language", "urn:ietf:bcp:47", person.language, display);
        j.bool("preferred", true);
    });
    j.one("generalPractitioner", |j| {
        reference_body(
            j,
            "Practitioner",
            &practitioner_id(world, person.practitioner),
        );
    });
    reference(
        j,
        "managingOrganization",
        "Organization",
        &organization_id(world, person.clinic),
    );
}

fn link(j: &mut Json, other: &str, kind: &str) {
    j.one("link", |j| {
        reference(j, "other", "Patient", other);
        j.str("type", kind);
    });
}

/// A typing error: the last two letters change places.
pub fn misspelled(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let last = letters.pop();
    let before = letters.pop();
    letters.extend(last);
    letters.extend(before);
    letters.into_iter().collect()
}
