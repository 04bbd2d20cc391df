/*
title = "People alive at the end of the period"
*/
SELECT patient, birth_date, age, sex, latitude, longitude,
       coalesce(city, postal_code, 'place not recorded') AS place, resource_type, id
FROM patients
WHERE NOT coalesce(deceased, FALSE) OR death_date > $as_of
