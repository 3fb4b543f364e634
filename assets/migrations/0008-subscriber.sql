-- Whose plan a coverage is, where it is not the patient's own.
ALTER TABLE coverage ADD COLUMN subscriber TEXT;
