/*
title = "Everybody on record"
*/
SELECT patient, birth_date, age, sex, coalesce(deceased, FALSE) AS deceased, death_date, latitude, longitude, insured_by,
       coalesce(city, postal_code, 'place not recorded') AS place, resource_type, id
FROM patients
