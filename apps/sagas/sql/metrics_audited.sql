-- How long ago the check that was left behind furthest was last asked; as long as the clock goes back where none was.
-- about: select audit_positions
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(judged_at)), extract(epoch FROM clock_timestamp()))
FROM audit_positions
WHERE judged_at > clock_timestamp() - interval '7 days'
