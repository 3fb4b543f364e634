-- A coverage's check on its way: when it was asked, under which number, the how-manieth it is.
ALTER TABLE coverage ADD COLUMN asked_at TEXT;
ALTER TABLE coverage ADD COLUMN trace TEXT;
ALTER TABLE coverage ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
CREATE INDEX coverage_asking ON coverage (id) WHERE trace IS NOT NULL AND asked_at IS NULL;
CREATE INDEX coverage_trace ON coverage (trace) WHERE trace IS NOT NULL;
