/*
title = "People alive at the end of the period"
*/
SELECT * FROM report_patients WHERE NOT deceased OR death_date > $as_of
