/*
order = 4
title = "Distance to the place of care"
kind = "median"
unit = "km"
direction = "lower"
meaning = "How far, as the crow flies, people travel to where they are seen."
numerator = "Median over patients of each patient's median distance from home to the place of a visit in the period."
denominator = "Living patients with a position, and at least one visit in the period at a place with a position."
source = "Great-circle distance (haversine, mean earth radius 6,371.0088 km, IUGG); distances above 1,000 km are taken as wrong positions"
url = "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3500975/"

[[needs]]
view = "report_people"
where = "latitude IS NOT NULL AND abs(latitude) + abs(longitude) > 1"
missing = "no patient has a position (geolocation extension of the address)"

[[needs]]
view = "locations"
where = "latitude IS NOT NULL AND longitude IS NOT NULL"
missing = "no place of care has a position (Location.position)"

[[needs]]
view = "report_visits"
where = "location IS NOT NULL AND start_date BETWEEN $period_start AND $period_end"
missing = "no visit of the period names its place"
*/
WITH trips AS (
    SELECT p.patient, v.resource_type, v.id, v.start_date, l.name,
           2 * 6371.0088 * asin(sqrt(least(1.0,
               power(sin(radians(l.latitude - p.latitude) / 2), 2)
               + cos(radians(p.latitude)) * cos(radians(l.latitude)) * power(sin(radians(l.longitude - p.longitude) / 2), 2)
           ))) AS distance
    FROM report_people p
    JOIN report_visits v ON v.patient = p.patient
    JOIN locations l ON l.id = v.location
    WHERE p.latitude IS NOT NULL AND p.longitude IS NOT NULL AND l.latitude IS NOT NULL AND l.longitude IS NOT NULL
      AND abs(p.latitude) + abs(p.longitude) > 1
      AND v.start_date BETWEEN $period_start AND $period_end
)
SELECT patient, distance AS amount, resource_type AS evidence_type, id AS evidence_id, start_date AS date,
       concat(round(distance, 1), ' km to ', coalesce(name, 'a place without a name')) AS detail
FROM trips
WHERE distance <= 1000
