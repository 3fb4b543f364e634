-- The desk. Records are columns where they are looked for and JSON where they are only carried.
-- Times are RFC 3339 in UTC with whole seconds: they sort as text.

CREATE TABLE patient (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL CHECK (json_valid(name)),
    dob TEXT,
    sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    phone TEXT,
    email TEXT,
    address TEXT,
    mrn TEXT,
    language TEXT NOT NULL,
    preferred TEXT CHECK (preferred IN ('email', 'sms', 'fax', 'letter', 'phone')),
    email_consent TEXT NOT NULL CHECK (email_consent IN ('unknown', 'given', 'refused')),
    sms_consent TEXT NOT NULL CHECK (sms_consent IN ('unknown', 'given', 'refused')),
    -- Kept by the store: the name as filed, and the key by which the same person is found again.
    filed TEXT NOT NULL,
    match_key TEXT NOT NULL
) STRICT;
CREATE INDEX patient_match ON patient (match_key);
CREATE INDEX patient_mrn ON patient (mrn) WHERE mrn IS NOT NULL;

CREATE TABLE organization (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('practice', 'facility')),
    phone TEXT,
    fax TEXT,
    email TEXT,
    address TEXT,
    match_key TEXT NOT NULL
) STRICT;
CREATE INDEX organization_match ON organization (match_key);
CREATE INDEX organization_facility ON organization (match_key) WHERE kind = 'facility';

CREATE TABLE practitioner (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL CHECK (json_valid(name)),
    npi TEXT,
    phone TEXT,
    fax TEXT,
    email TEXT,
    organization INTEGER REFERENCES organization (id),
    filed TEXT NOT NULL,
    match_key TEXT NOT NULL
) STRICT;
CREATE INDEX practitioner_npi ON practitioner (npi) WHERE npi IS NOT NULL;
CREATE INDEX practitioner_match ON practitioner (match_key);

CREATE TABLE referral (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    source TEXT NOT NULL CHECK (source IN ('fax', 'email', 'scan', 'guest-form', 'phone', 'fhir', 'hl7v2', 'import')),
    source_document INTEGER,
    received_at TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient (id),
    requester INTEGER REFERENCES practitioner (id),
    requester_org INTEGER REFERENCES organization (id),
    facility INTEGER REFERENCES organization (id),
    template TEXT NOT NULL,
    specialty TEXT NOT NULL,
    service TEXT NOT NULL,
    procedure_codes TEXT NOT NULL CHECK (json_valid(procedure_codes)),
    reason_codes TEXT NOT NULL CHECK (json_valid(reason_codes)),
    reason_text TEXT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('routine', 'urgent', 'asap', 'stat')),
    status TEXT NOT NULL CHECK (status IN ('received', 'needs-info', 'in-review', 'accepted', 'waitlisted', 'scheduled', 'no-show',
        'appointment-cancelled', 'completed', 'cancel-requested', 'closed', 'declined', 'cancelled', 'entered-in-error')),
    status_reason TEXT,
    status_since TEXT NOT NULL,
    episode INTEGER NOT NULL,
    status_before TEXT,
    owner TEXT NOT NULL CHECK (json_valid(owner)),
    performer TEXT,
    authorization TEXT CHECK (authorization IS NULL OR json_valid(authorization)),
    holds TEXT NOT NULL CHECK (json_valid(holds)),
    provided TEXT NOT NULL CHECK (json_valid(provided)),
    waived TEXT NOT NULL CHECK (json_valid(waived)),
    missing TEXT NOT NULL CHECK (json_valid(missing)),
    acknowledged_at TEXT,
    callback_at TEXT,
    attempts INTEGER NOT NULL,
    pauses TEXT NOT NULL CHECK (json_valid(pauses)),
    list TEXT CHECK (list IN ('emergency', 'review', 'missing-info', 'insurance', 'to-schedule', 'scheduled', 'reports-due')),
    next_action TEXT,
    due_at TEXT,
    ended_at TEXT,
    replaces INTEGER,
    -- Law 1: an open referral stands in a list, with a next action and a due time; an ended one has none of them.
    CHECK ((list IS NULL) = (status IN ('closed', 'declined', 'cancelled', 'entered-in-error'))),
    CHECK ((list IS NULL) = (next_action IS NULL) AND (list IS NULL) = (due_at IS NULL) AND (list IS NULL) = (ended_at IS NOT NULL))
) STRICT;
-- The arms of the queue's merge: within one list and one priority, time in queue is the order.
CREATE INDEX referral_queue ON referral (list, priority, received_at, id) WHERE list IS NOT NULL;
CREATE INDEX referral_open ON referral (priority, received_at, id) WHERE list IS NOT NULL;
CREATE INDEX referral_ended ON referral (ended_at, id) WHERE list IS NULL;
CREATE INDEX referral_patient ON referral (patient, received_at);
CREATE INDEX referral_requester ON referral (requester, received_at) WHERE requester IS NOT NULL;

CREATE TABLE coverage (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    rank INTEGER NOT NULL,
    payer TEXT NOT NULL,
    member_id TEXT,
    group_no TEXT,
    eligibility TEXT NOT NULL CHECK (eligibility IN ('pending', 'active', 'inactive', 'partial', 'error', 'timed-out', 'manual')),
    checked_at TEXT,
    valid_until TEXT,
    note TEXT
) STRICT;
CREATE INDEX coverage_referral ON coverage (referral);

CREATE TABLE milestone (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    kind TEXT NOT NULL CHECK (kind IN ('acknowledge', 'decide', 'first-contact', 'book', 'visit', 'report')),
    target_at TEXT NOT NULL,
    warn_at TEXT NOT NULL,
    done_at TEXT,
    breached_at TEXT
) STRICT;
CREATE UNIQUE INDEX milestone_referral ON milestone (referral, kind);

CREATE TABLE task (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
    owner TEXT CHECK (owner IS NULL OR json_valid(owner)),
    due_at TEXT,
    done_at TEXT
) STRICT;
CREATE UNIQUE INDEX task_key ON task (referral, key);

CREATE TABLE timer (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    milestone TEXT,
    due_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'fired', 'cancelled'))
) STRICT;
CREATE INDEX timer_referral ON timer (referral);
CREATE INDEX timer_due ON timer (due_at, id) WHERE state = 'pending';

CREATE TABLE info_request (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    code TEXT NOT NULL UNIQUE,
    items TEXT NOT NULL CHECK (json_valid(items)),
    sent_at TEXT NOT NULL,
    answered_at TEXT
) STRICT;
CREATE INDEX info_request_referral ON info_request (referral);

CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    at TEXT NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'call')),
    call TEXT CHECK (call IS NULL OR json_valid(call)),
    text TEXT NOT NULL
) STRICT;
CREATE INDEX note_referral ON note (referral);

CREATE TABLE appointment (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    starts_at TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    performer TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('booked', 'confirmed', 'fulfilled', 'no-show', 'cancelled', 'rebooked'))
) STRICT;
CREATE INDEX appointment_referral ON appointment (referral);

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    referral INTEGER NOT NULL REFERENCES referral (id),
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'fax', 'letter', 'phone')),
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
    sent_at TEXT
) STRICT;
CREATE INDEX message_referral ON message (referral);
CREATE INDEX message_due ON message (not_before, id) WHERE state = 'queued';
CREATE INDEX message_state ON message (state, id) WHERE state IN ('sending', 'uncertain', 'failed', 'held');

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('intake', 'filed', 'dismissed')),
    reason TEXT,
    referral INTEGER REFERENCES referral (id),
    CHECK ((state = 'filed') = (referral IS NOT NULL))
) STRICT;
CREATE INDEX document_referral ON document (referral) WHERE referral IS NOT NULL;
CREATE INDEX document_intake ON document (received_at, id) WHERE state = 'intake';
CREATE INDEX document_hash ON document (hash);

-- The bytes as they came, by content, and what the reader made of them. Not part of the log: the log names the hash.
CREATE TABLE content (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    bytes BLOB NOT NULL,
    reading TEXT CHECK (reading IS NULL OR json_valid(reading))
) STRICT;

-- One action is one command, or a refusal's absence: the unit of receipt and of undo.
CREATE TABLE action (
    id INTEGER PRIMARY KEY,
    client_id TEXT UNIQUE,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    cause TEXT NOT NULL,
    batch TEXT,
    command TEXT NOT NULL,
    referral INTEGER,
    undo_of INTEGER,
    receipt TEXT NOT NULL CHECK (json_valid(receipt))
) STRICT;
CREATE INDEX action_actor ON action (actor, id);
CREATE INDEX action_batch ON action (batch, id) WHERE batch IS NOT NULL;
CREATE INDEX action_undo ON action (undo_of) WHERE undo_of IS NOT NULL;

-- The log: append-only and hash-chained.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    action INTEGER NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    cause TEXT NOT NULL,
    referral INTEGER,
    fact TEXT NOT NULL CHECK (json_valid(fact)),
    patches TEXT NOT NULL CHECK (json_valid(patches)),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX event_referral ON event (referral, seq) WHERE referral IS NOT NULL;
CREATE INDEX event_action ON event (action);
CREATE TRIGGER event_kept_as_written BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
-- REPLACE takes the old row away without asking the trigger above.
CREATE TRIGGER event_at_the_end BEFORE INSERT ON event WHEN NEW.seq <= (SELECT max(seq) FROM event)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TABLE counter (name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT;
INSERT INTO counter (name, next) VALUES ('record', 1), ('referral', 10001);

-- How many stand where, kept by triggers, so that the header costs the same at any size.
CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;

CREATE TRIGGER referral_counted AFTER INSERT ON referral BEGIN
    INSERT INTO tally VALUES ('list/' || coalesce(NEW.list, 'none'), 1), ('status/' || NEW.status, 1)
        ON CONFLICT (name) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER referral_uncounted AFTER DELETE ON referral BEGIN
    UPDATE tally SET n = n - 1 WHERE name IN ('list/' || coalesce(OLD.list, 'none'), 'status/' || OLD.status);
END;
CREATE TRIGGER referral_recounted AFTER UPDATE OF list, status ON referral
WHEN OLD.list IS NOT NEW.list OR OLD.status <> NEW.status BEGIN
    UPDATE tally SET n = n - 1 WHERE name IN ('list/' || coalesce(OLD.list, 'none'), 'status/' || OLD.status);
    INSERT INTO tally VALUES ('list/' || coalesce(NEW.list, 'none'), 1), ('status/' || NEW.status, 1)
        ON CONFLICT (name) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_counted AFTER INSERT ON document BEGIN
    INSERT INTO tally VALUES ('document/' || NEW.state, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_uncounted AFTER DELETE ON document BEGIN
    UPDATE tally SET n = n - 1 WHERE name = 'document/' || OLD.state;
END;
CREATE TRIGGER document_recounted AFTER UPDATE OF state ON document WHEN OLD.state <> NEW.state BEGIN
    UPDATE tally SET n = n - 1 WHERE name = 'document/' || OLD.state;
    INSERT INTO tally VALUES ('document/' || NEW.state, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1;
END;
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

-- Find-as-you-type: a row a person; `kind` is p, r or o, the row's number is the record's times four plus the kind.
CREATE VIRTUAL TABLE find USING fts5 (text, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3');
