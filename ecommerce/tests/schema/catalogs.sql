-- Every object of a schema: its name, what it is, and for functions the body.
--
-- Left out is what follows from something listed (indexes and sequences of constraints and identities, what partitions
-- inherit), what extensions own, and what is the server's and not the schema's: owners, grants, the rows.
-- NOT NULL is told with the column: only PostgreSQL 18 has constraints for it.
WITH place AS (
    SELECT %(schema)s::regnamespace AS oid
), relation AS (
    SELECT c.*
    FROM pg_class c
    JOIN place p ON c.relnamespace = p.oid
    WHERE NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
            -- Of an extension; the sequence of an identity column.
            AND (d.deptype = 'e' OR (d.deptype = 'i' AND c.relkind = 'S'))
    )
), stored AS (
    SELECT * FROM relation WHERE relkind IN ('r', 'p', 'f') AND NOT relispartition
)
SELECT
    'table ' || t.relname AS name,
    concat_ws(
        ', ',
        CASE t.relkind WHEN 'p' THEN 'partitioned by ' || pg_get_partkeydef(t.oid) WHEN 'f' THEN 'foreign' END,
        CASE t.relpersistence WHEN 'u' THEN 'unlogged' END,
        CASE WHEN t.relrowsecurity THEN 'row security' END,
        (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(t.reloptions) AS o)
    ) AS definition,
    NULL AS body
FROM stored t
UNION ALL
SELECT
    'partition ' || t.relname,
    'of ' || i.inhparent::regclass || ' ' || pg_get_expr(t.relpartbound, t.oid),
    NULL
FROM relation t
JOIN pg_inherits i ON i.inhrelid = t.oid
-- The others hold ranges of rows, and come and go with them.
WHERE t.relispartition AND t.relkind = 'r' AND pg_get_expr(t.relpartbound, t.oid) = 'DEFAULT'
UNION ALL
SELECT
    'column ' || t.relname || '.' || a.attname,
    concat_ws(
        ' ',
        format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> y.typcollation THEN 'COLLATE ' || a.attcollation::regcollation END,
        CASE WHEN a.attnotnull THEN 'NOT NULL' END,
        CASE WHEN a.atthasdef AND a.attgenerated = '' THEN 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid, true) END,
        CASE WHEN a.attgenerated <> '' THEN 'GENERATED ' || pg_get_expr(d.adbin, d.adrelid, true) END,
        CASE a.attidentity WHEN 'd' THEN 'IDENTITY BY DEFAULT' WHEN 'a' THEN 'IDENTITY ALWAYS' END
    ),
    NULL
FROM stored t
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type y ON y.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
UNION ALL
SELECT 'constraint ' || t.relname || '.' || k.conname, pg_get_constraintdef(k.oid, true), NULL
FROM stored t
JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT
    'index ' || i.relname,
    pg_get_indexdef(i.oid, 0, true) || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END,
    NULL
FROM stored t
JOIN pg_index x ON x.indrelid = t.oid
JOIN pg_class i ON i.oid = x.indexrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT
    'trigger ' || t.relname || '.' || g.tgname,
    pg_get_triggerdef(g.oid, true) || CASE g.tgenabled WHEN 'O' THEN '' ELSE ' NOT ENABLED: ' || g.tgenabled::text END,
    NULL
FROM relation t
JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgparentid = 0
-- A trigger on statements is not inherited: each partition has one made like its parent's.
WHERE NOT EXISTS (
    SELECT FROM pg_inherits i JOIN pg_trigger p ON p.tgrelid = i.inhparent AND p.tgname = g.tgname
    WHERE i.inhrelid = t.oid
)
UNION ALL
SELECT 'rule ' || t.relname || '.' || r.rulename, pg_get_ruledef(r.oid, true), NULL
FROM relation t
JOIN pg_rewrite r ON r.ev_class = t.oid AND r.rulename <> '_RETURN'
UNION ALL
SELECT
    'policy ' || t.relname || '.' || p.polname,
    concat_ws(
        ' ', p.polcmd, pg_get_expr(p.polqual, p.polrelid, true), pg_get_expr(p.polwithcheck, p.polrelid, true)
    ),
    NULL
FROM relation t
JOIN pg_policy p ON p.polrelid = t.oid
UNION ALL
SELECT 'statistics ' || s.stxname, pg_get_statisticsobjdef(s.oid), NULL
FROM stored t
JOIN pg_statistic_ext s ON s.stxrelid = t.oid
UNION ALL
SELECT
    CASE v.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || v.relname,
    (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = v.oid AND a.attnum > 0)
    || ': ' || pg_get_viewdef(v.oid, true),
    NULL
FROM relation v
WHERE v.relkind IN ('v', 'm')
UNION ALL
SELECT
    'sequence ' || s.relname,
    concat_ws(
        ' ',
        format_type(q.seqtypid, NULL),
        'START ' || q.seqstart,
        'INCREMENT ' || q.seqincrement,
        'MINVALUE ' || q.seqmin,
        'MAXVALUE ' || q.seqmax,
        'CACHE ' || q.seqcache,
        CASE WHEN q.seqcycle THEN 'CYCLE' END
    ),
    NULL
FROM relation s
JOIN pg_sequence q ON q.seqrelid = s.oid
UNION ALL
SELECT
    'function ' || f.proname || '(' || pg_get_function_identity_arguments(f.oid) || ')',
    concat_ws(
        ', ',
        f.prokind::text || ' (' || pg_get_function_arguments(f.oid) || ')',
        'returns ' || pg_get_function_result(f.oid),
        l.lanname,
        'volatile ' || f.provolatile::text,
        'parallel ' || f.proparallel::text,
        CASE WHEN f.proisstrict THEN 'strict' END,
        CASE WHEN f.prosecdef THEN 'security definer' END,
        CASE WHEN f.proleakproof THEN 'leakproof' END,
        f.proconfig::text
    ),
    coalesce(pg_get_function_sqlbody(f.oid), f.prosrc)
FROM pg_proc f
JOIN place p ON f.pronamespace = p.oid
JOIN pg_language l ON l.oid = f.prolang
WHERE NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e'
)
UNION ALL
SELECT
    'type ' || y.typname,
    concat_ws(
        ' ',
        y.typtype,
        CASE y.typtype WHEN 'd' THEN format_type(y.typbasetype, y.typtypmod) END,
        CASE WHEN y.typnotnull THEN 'NOT NULL' END,
        (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = y.oid),
        (SELECT string_agg(pg_get_constraintdef(k.oid, true), ' ' ORDER BY k.conname)
         FROM pg_constraint k WHERE k.contypid = y.oid AND k.contype = 'c')
    ),
    NULL
FROM pg_type y
JOIN place p ON y.typnamespace = p.oid
-- Not the row types of tables and views, nor arrays.
WHERE y.typelem = 0
    AND (y.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = y.typrelid AND c.relkind = 'c'))
    AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = y.oid AND d.deptype = 'e'
    )
