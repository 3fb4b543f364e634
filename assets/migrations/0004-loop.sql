-- What another system calls an appointment, and all that was said of it: its state follows from that, in whatever order it came.
ALTER TABLE appointment ADD COLUMN external TEXT;
ALTER TABLE appointment ADD COLUMN activity TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(activity));
CREATE INDEX appointment_external ON appointment (external) WHERE external IS NOT NULL;
-- Visits that took place, by their time: the figures on closed loops.
CREATE INDEX appointment_seen ON appointment (starts_at, id) WHERE state = 'fulfilled';
-- The document that goes with a message: the report.
ALTER TABLE message ADD COLUMN document INTEGER;
