-- What breaks each invariant, as far as the auditor knows; zero where nothing does.
-- about: select audit_findings
SELECT i.name, count(f.id)
FROM unnest(%s::text[]) AS i (name)
LEFT JOIN audit_findings f ON f.invariant = i.name AND f.closed_at IS NULL
GROUP BY i.name
