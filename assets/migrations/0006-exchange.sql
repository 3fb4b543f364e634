-- Status updates to the systems that sent referrals go by a channel of their own. A check cannot be changed in place: the table is
-- laid down anew, and its rows keep their numbers.
CREATE TABLE message_anew (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'fax', 'letter', 'phone', 'exchange')),
    address TEXT NOT NULL,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'handed-over', 'uncertain', 'failed', 'delivered', 'acknowledged', 'held', 'cancelled')),
    detail TEXT,
    created_at TEXT NOT NULL,
    not_before TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    sender TEXT,
    sent_at TEXT,
    released_by TEXT,
    document INTEGER
) STRICT;
INSERT INTO message_anew
    SELECT id, referral, key, kind, channel, address, recipient, language, subject, body, state, detail, created_at, not_before, attempt,
        sender, sent_at, released_by, document
    FROM message;
DROP TABLE message;
ALTER TABLE message_anew RENAME TO message;
CREATE INDEX message_referral ON message (referral);
CREATE INDEX message_due ON message (not_before, id) WHERE state = 'queued';
CREATE INDEX message_state ON message (state, id) WHERE state IN ('sending', 'uncertain', 'failed', 'held');
CREATE INDEX message_known ON message (channel, kind) WHERE sent_at IS NOT NULL OR released_by IS NOT NULL;
CREATE INDEX message_address ON message (address COLLATE NOCASE, id) WHERE sent_at IS NOT NULL;
CREATE TRIGGER message_counted AFTER INSERT ON message BEGIN
    INSERT INTO tally VALUES ('message/' || NEW.state, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER message_uncounted AFTER DELETE ON message BEGIN
    UPDATE tally SET n = n - 1 WHERE name = 'message/' || OLD.state;
END;
CREATE TRIGGER message_recounted AFTER UPDATE OF state ON message WHEN OLD.state <> NEW.state BEGIN
    UPDATE tally SET n = n - 1 WHERE name = 'message/' || OLD.state;
    INSERT INTO tally VALUES ('message/' || NEW.state, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1;
END;
