//! All diseases: the embedded ones, those of files given at run time, and the order in which they are drawn.

use super::{Content, Disease, parse};
use crate::error::SynthError;

/// What a file given at run time is called in errors.
const GIVEN: &str = "the disease file";

macro_rules! read {
    ($name:literal) => {
        parse(
            concat!("diseases/", $name, ".toml"),
            include_str!(concat!(
                "../../../../content/synth/diseases/",
                $name,
                ".toml"
            )),
        )?
    };
}

/// One file per disease.
pub(super) fn embedded() -> Result<Vec<Disease>, SynthError> {
    Ok(vec![
        read!("obesity"),
        read!("hypertension"),
        read!("diabetes"),
        read!("hyperlipidaemia"),
        read!("coronary-disease"),
        read!("atrial-fibrillation"),
        read!("stroke"),
        read!("heart-failure"),
        read!("ckd"),
        read!("diabetic-retinopathy"),
        read!("diabetic-neuropathy"),
        read!("copd"),
        read!("asthma"),
        read!("allergic-rhinitis"),
        read!("eczema"),
        read!("depression"),
        read!("anxiety"),
        read!("alcohol-use"),
        read!("adhd"),
        read!("migraine"),
        read!("hypothyroidism"),
        read!("iron-deficiency"),
        read!("osteoarthritis"),
        read!("osteoporosis"),
        read!("chronic-back-pain"),
        read!("gout"),
        read!("reflux"),
        read!("sleep-apnoea"),
        read!("prostate-enlargement"),
        read!("dementia"),
        read!("colon-cancer"),
        read!("breast-cancer"),
        read!("prostate-cancer"),
        read!("lung-cancer"),
    ])
}

/// Adds diseases by the texts of their files, with the codes, medicines, measures, panels and figures that
/// they bring, and puts all into the order in which they are drawn. A disease takes the place of one of
/// the same id; so do the things that it brings.
pub(super) fn add(content: &mut Content, texts: &[String]) -> Result<(), SynthError> {
    for text in texts {
        let mut disease: Disease = parse(GIVEN, text)?;
        let brought = std::mem::take(&mut disease.brings);
        content.displays.extend(brought.display);
        replace(&mut content.medicines, brought.medicine, |m| &m.id);
        replace(&mut content.measures, brought.measure, |m| &m.id);
        replace(&mut content.panels, brought.panel, |p| &p.id);
        content.figures.extend(brought.figure);
        replace(&mut content.diseases, vec![disease], |d| &d.id);
    }
    content.diseases.iter_mut().for_each(Disease::prepare);
    content.diseases = ordered(std::mem::take(&mut content.diseases))?;
    Ok(())
}

/// Puts each where the one of its id stands, or at the end.
fn replace<T>(all: &mut Vec<T>, new: Vec<T>, id: impl Fn(&T) -> &String) {
    for one in new {
        match all.iter_mut().find(|old| id(old) == id(&one)) {
            Some(old) => *old = one,
            None => all.push(one),
        }
    }
}

/// A disease comes after those that change its rates, otherwise in the order given.
fn ordered(mut left: Vec<Disease>) -> Result<Vec<Disease>, SynthError> {
    let mut placed: Vec<Disease> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let ready = |disease: &Disease| {
            let mut others = disease.depends_on();
            others.all(|id| left.iter().all(|d| d.id != id))
        };
        match left.iter().position(ready) {
            Some(at) => placed.push(left.remove(at)),
            None => {
                let waiting = left.into_iter().map(|d| d.id).collect();
                return Err(SynthError::Circle { waiting });
            }
        }
    }
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disease(id: &str, after: &[&str]) -> Disease {
        let needs = format!("{after:?}");
        let text = format!(
            "id = '{id}'\nname = '{id}'\nsource = 's'\n[[state]]\nid = 'ill'\n[[move]]\nto = 'ill'\nneeds = {needs}"
        );
        toml::from_str(&text).unwrap()
    }

    fn ids(all: &[Disease]) -> Vec<&str> {
        all.iter().map(|d| d.id.as_str()).collect()
    }

    #[test]
    fn a_disease_is_drawn_after_those_that_change_its_rates() {
        let all = vec![
            disease("a", &["c/ill"]),
            disease("b", &[]),
            disease("c", &[]),
        ];
        assert_eq!(ids(&ordered(all).unwrap()), ["b", "c", "a"]);
    }

    #[test]
    fn diseases_that_wait_for_each_other_are_named() {
        let all = vec![
            disease("a", &["b"]),
            disease("b", &["a"]),
            disease("c", &[]),
        ];
        let error = ordered(all).unwrap_err();
        assert!(matches!(error, SynthError::Circle { waiting } if waiting == ["a", "b"]));
    }

    #[test]
    fn a_disease_of_a_known_id_takes_its_place() {
        let before = Content::embedded().unwrap();
        let gout = "id = 'gout'\nname = 'Gout'\nsource = 'nobody has it'\n[[state]]\nid = 'gout'\n[[move]]\nto = 'gout'";
        let after = Content::of(None, &[gout.to_owned()]).unwrap();
        assert_eq!(ids(&before.diseases), ids(&after.diseases));
        let found = after.diseases.iter().find(|d| d.id == "gout").unwrap();
        assert_eq!(found.source, "nobody has it");
    }
}
