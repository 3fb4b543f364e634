-- What is due and what was promised, in the order of its time, for the shift handover; what took a referral's place.
CREATE INDEX referral_due ON referral (due_at, id) WHERE list IS NOT NULL;
CREATE INDEX referral_callback ON referral (callback_at, id) WHERE callback_at IS NOT NULL AND list IS NOT NULL;
CREATE INDEX referral_replaces ON referral (replaces) WHERE replaces IS NOT NULL;
