/*
order = 1
title = "Registries"
kind = "ranking"
unit = "patients"
population = true
direction = "none"
meaning = "How many people live with each long-term condition."
numerator = "Living patients with an active diagnosis of the condition; chronic kidney disease also by two eGFR below 60 at least 90 days apart."
denominator = "Living patients."
source = "CMS Chronic Conditions Warehouse, 30 CCW algorithms (2022), diagnosis lists; KDIGO 2024 for CKD; CMS159 (2025) for depression"
url = "https://www2.ccwdata.org/web/guest/condition-categories-chronic"

[[needs]]
view = "report_registries"
missing = "no active diagnosis of diabetes, hypertension, CKD, COPD, heart failure or depression with a known code, and no two low eGFR"
*/
SELECT patient, registry AS label, resource_type AS evidence_type, id AS evidence_id, date, detail
FROM report_registries
