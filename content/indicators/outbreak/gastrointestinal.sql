/*
order = 2
title = "Gastro-intestinal illness by week"
kind = "series"
unit = "patients a week"
meaning = "Patients seen each week for diarrhoea, vomiting and food- or water-borne infection, and the weeks that stand out."
numerator = "Patients with a visit or new diagnosis of the syndrome in the week (Monday to Sunday), by their place of residence."
denominator = "Weekly count expected from the 7 weeks that ended 2 weeks before: signal when the count is at least 3 and above mean + 3 standard deviations (at least 0.5)."
source = "CDC Syndrome Definitions (2003), gastro-intestinal, diagnosis part; EARS C2, Hutwagner L et al., J Urban Health 2003;80(2 Suppl 1):i89 and Fricker RD et al., Stat Med 2008;27:3407"
url = "https://www.cdc.gov/nssp/"

[[needs]]
view = "report_syndromes"
where = "syndrome = 'gastrointestinal'"
missing = "no visit or diagnosis of this syndrome (ICD-10-CM or a known SNOMED CT code) in the period or the ten weeks before"
*/
SELECT patient, place, date, resource_type AS evidence_type, id AS evidence_id, display AS detail
FROM report_syndromes
WHERE syndrome = 'gastrointestinal'
