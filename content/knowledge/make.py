#!/usr/bin/env python3
"""Makes the compact knowledge tables of this folder from the project's knowledge data.

Usage: content/knowledge/make.py ../shared/data/knowledge

Run it when the source tables change and commit the result; nothing at run time reads the sources.
Only licence-clean sources are read (RxNorm SAB=RXNORM, ONC lists, facts from US labels): see README.md.
"""

import csv
import pathlib
import sys

SOURCE = pathlib.Path(sys.argv[1])
HERE = pathlib.Path(__file__).parent

# Classes within which an allergy to one member speaks against the others, and where that is said.
CROSS_REACTIVE = {
    "penicillin": "US penicillin labels, section 4: hypersensitivity to any penicillin",
    "sulfonamide_antibiotic": "US sulfamethoxazole label, section 4: hypersensitivity to sulfonamides",
    "ace_inhibitor": "US ACE inhibitor labels, section 4: angioedema with any ACE inhibitor",
    "nsaid": "US NSAID labels, section 4: reaction to aspirin or another NSAID",
}
ASPIRIN = "1191"
# Substances named by a SNOMED CT code in free data sets, and what they mean as RxNorm ingredients.
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SUBSTANCES = {
    "373270004": "penicillin",
    "115556009": "sulfonamide_antibiotic",
    "387458008": ASPIRIN,
}


def read(path):
    with open(SOURCE / path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def write(name, header, rows):
    rows = sorted(set(rows))
    with open(HERE / name, "w", encoding="utf-8") as file:
        file.write("\t".join(header) + "\n")
        file.writelines("\t".join(row) + "\n" for row in rows)
    print(f"{name}: {len(rows)} rows")


def ingredients():
    """RxNorm ingredient code to name; the first source that names a code wins."""
    names = {}
    for row in read("rxnorm_subset/ingredients.tsv"):
        names.setdefault(row["rxcui"], row["name"].lower())
    for row in read("rxnorm_subset/product_components.tsv"):
        if row["ingredient_rxcui"]:
            names.setdefault(row["ingredient_rxcui"], row["ingredient"].lower())
    return names


def products():
    for row in read("rxnorm_subset/product_components.tsv"):
        if row["ingredient_rxcui"]:
            yield row["product_rxcui"], row["ingredient_rxcui"]
            yield row["scdc_rxcui"], row["ingredient_rxcui"]


def interacting_pairs():
    for row in read("onc_ddi/high_priority.tsv"):
        if not row["object_rxcui"] or not row["precipitant_rxcui"]:
            continue  # item 21 (QT) stands for a list, expanded below
        rule = f'{row["object_class"] or row["object"]} with {row["precipitant_class"] or row["precipitant"]}'
        yield pair(row["object_rxcui"], row["object"], row["precipitant_rxcui"], row["precipitant"], row["source_no"], rule)
    prolonging = [row for row in read("safety_facts/qt_label.tsv") if row["label_strength"].startswith("boxed")]
    for left in prolonging:
        for right in prolonging:
            if left["rxcui"] < right["rxcui"]:
                yield pair(left["rxcui"], left["ingredient"], right["rxcui"], right["ingredient"], "21", "two QT-prolonging agents")


def pair(left, left_name, right, right_name, item, rule):
    """One pair, the smaller code first, so that a pair is never there twice."""
    if int(left) > int(right):
        left, left_name, right, right_name = right, right_name, left, left_name
    return left, left_name.lower(), right, right_name.lower(), item, rule


def allergens(classes):
    for name, why in CROSS_REACTIVE.items():
        members = classes[name] | ({ASPIRIN} if name == "nsaid" else set())
        for allergen in members:
            for medicine in members:
                yield RXNORM, allergen, medicine, "the same substance" if allergen == medicine else why
    for code, meaning in SUBSTANCES.items():
        for medicine in classes.get(meaning, {meaning}):
            yield SNOMED, code, medicine, CROSS_REACTIVE.get(meaning, "the same substance")
    for medicine in classes["nsaid"]:
        yield SNOMED, "387458008", medicine, CROSS_REACTIVE["nsaid"]


def main():
    classes = {}
    class_rows = []
    for row in read("safety_facts/drug_class.tsv"):
        classes.setdefault(row["class"], set()).add(row["rxcui"])
        class_rows.append((row["class"], row["rxcui"], row["ingredient"].lower()))
    write("ingredients.tsv", ["ingredient_code", "ingredient"], ingredients().items())
    write("drug_ingredients.tsv", ["product_code", "ingredient_code"], products())
    write("drug_classes.tsv", ["class", "ingredient_code", "ingredient"], class_rows)
    write(
        "interacting_pairs.tsv",
        ["left_code", "left", "right_code", "right", "item", "rule"],
        interacting_pairs(),
    )
    write("allergens.tsv", ["system", "code", "ingredient_code", "why"], allergens(classes))


main()
