-- Note how far a check has got with a source; of a round, when it began, and once it is over, when the last whole one did.
-- about: insert audit_positions
INSERT INTO audit_positions AS p (check_name, source, position, judged_at, began_at, judged_until)
VALUES (%(check)s, %(source)s, %(position)s, clock_timestamp(), %(began_at)s, %(until)s)
ON CONFLICT (check_name, source) DO UPDATE
SET position = excluded.position,
    judged_at = excluded.judged_at,
    began_at = excluded.began_at,
    judged_until = coalesce(excluded.judged_until, p.judged_until)
