-- Who read a message before it left, and what has left of its kind on its channel: the first of a kind waits for a person.
ALTER TABLE message ADD COLUMN released_by TEXT;
CREATE INDEX message_known ON message (channel, kind) WHERE sent_at IS NOT NULL OR released_by IS NOT NULL;
-- Who answers from an address is found by what was written there.
CREATE INDEX message_address ON message (address COLLATE NOCASE, id) WHERE sent_at IS NOT NULL;
