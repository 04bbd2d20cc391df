/*
title = "Reasons of encounters that belong to a value set (the view gives them without their system)"
*/
SELECT DISTINCT v.name AS set_name, e.code
FROM (SELECT DISTINCT reason_code AS code FROM encounters WHERE reason_code IS NOT NULL) e
JOIN (SELECT DISTINCT name, code, prefix FROM value_sets) v
  ON CASE WHEN v.prefix THEN starts_with(replace(e.code, '.', ''), v.code) ELSE e.code = v.code END
