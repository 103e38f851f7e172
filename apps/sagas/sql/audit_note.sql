-- Open findings, or note that open ones were seen again; return those that are new.
-- about: insert audit_findings
WITH noted AS (
    INSERT INTO audit_findings AS f (id, invariant, check_name, subject, subject_id, problem)
    SELECT v.id, v.invariant, %(check)s, %(subject)s, v.subject_id, v.problem
    FROM unnest(%(ids)s::uuid[], %(invariants)s::text[], %(subject_ids)s::uuid[], %(problems)s::text[])
        AS v (id, invariant, subject_id, problem)
    ON CONFLICT (check_name, invariant, subject_id) WHERE closed_at IS NULL
    DO UPDATE SET problem = excluded.problem, seen_at = clock_timestamp()
    RETURNING f.id, f.invariant, f.subject_id, f.problem
)
SELECT invariant, subject_id::text, problem FROM noted WHERE id = ANY (%(ids)s::uuid[])
