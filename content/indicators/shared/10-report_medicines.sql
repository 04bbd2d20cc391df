/*
title = "Active medicines with their ingredients"
source = "NLM RxNorm (SAB=RXNORM). A code that is not known is read by its display when that names one RxNorm ingredient, for oral and injected forms only."
*/
WITH names AS (SELECT DISTINCT code, display FROM report_orders),
by_code AS (
    SELECT n.code, n.display, d.ingredient_code
    FROM names n JOIN drug_ingredients d ON d.product_code = n.code
    UNION
    SELECT n.code, n.display, i.ingredient_code
    FROM names n JOIN ingredients i ON i.ingredient_code = n.code
),
by_name AS (
    SELECT n.code, n.display, i.ingredient_code
    FROM names n
    JOIN ingredients i ON i.ingredient = split_part(lower(n.display), ' ', 1)
    WHERE strpos(n.display, '/') = 0
      AND NOT regexp_like(lower(n.display), 'ophthalmic|topical|otic|nasal|vaginal|cream|ointment|gel|lotion|patch')
      AND n.code NOT IN (SELECT code FROM by_code WHERE code <> '')
),
resolved AS (SELECT * FROM by_code UNION SELECT * FROM by_name)
SELECT DISTINCT a.patient, a.resource_type, a.id, a.display, a.start_date, r.ingredient_code, i.ingredient
FROM report_orders a
LEFT JOIN resolved r ON r.code = a.code AND r.display = a.display
LEFT JOIN ingredients i ON i.ingredient_code = r.ingredient_code
