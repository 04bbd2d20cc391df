-- One row per patient record that was replaced by another (Patient.link of type replaced-by; chains are followed to their end, and in a cycle the smallest id lives on). Everywhere else the rows of `patient` are shown under `survivor`; nothing is rewritten, so removing the link undoes the merge.
-- @column patient VARCHAR: id of the replaced Patient
-- @column survivor VARCHAR: id of the Patient it lives on in
SELECT patient, survivor FROM {merged_patients}
