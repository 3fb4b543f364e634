-- Who may be the same person is found by what two records share. What was merged into what, what belongs together, and which
-- actions stand and fall with another.
CREATE INDEX patient_dob ON patient (dob) WHERE dob IS NOT NULL;
CREATE INDEX patient_phone ON patient (phone) WHERE phone IS NOT NULL;
CREATE INDEX patient_email ON patient (email COLLATE NOCASE) WHERE email IS NOT NULL;
CREATE INDEX coverage_member ON coverage (member_id) WHERE member_id IS NOT NULL;
ALTER TABLE patient ADD COLUMN merged_into INTEGER REFERENCES patient (id);
ALTER TABLE referral ADD COLUMN merged_into INTEGER REFERENCES referral (id);
ALTER TABLE referral ADD COLUMN requisition INTEGER;
CREATE INDEX referral_merged ON referral (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX referral_requisition ON referral (requisition) WHERE requisition IS NOT NULL;
ALTER TABLE action ADD COLUMN joint INTEGER;
CREATE INDEX action_joint ON action (joint) WHERE joint IS NOT NULL;
