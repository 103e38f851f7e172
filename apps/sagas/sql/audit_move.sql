-- Note how far a check has got with a source.
-- about: insert audit_positions
INSERT INTO audit_positions (check_name, source, position, judged_at)
VALUES (%(check)s, %(source)s, %(position)s, clock_timestamp())
ON CONFLICT (check_name, source) DO UPDATE SET position = excluded.position, judged_at = excluded.judged_at
