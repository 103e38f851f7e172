-- Of the next old events, delete those that were published, and empty the newest of its aggregate instead: it keeps the
-- number from which the aggregate's next event is counted. Ids rise with time.
-- about: delete outbox_events
WITH page AS (
    SELECT e.id, e.aggregate, e.aggregate_id, e.aggregate_seq
    FROM outbox_events e
    WHERE e.id > %(after)s AND e.id < %(before)s
    ORDER BY e.id
    LIMIT %(limit)s
),
old AS (
    SELECT e.id, EXISTS (
        SELECT FROM outbox_events later
        WHERE later.aggregate = p.aggregate
          AND later.aggregate_id = p.aggregate_id
          AND later.aggregate_seq > p.aggregate_seq
    ) AS followed
    FROM page p
    JOIN outbox_events e ON e.id = p.id
    WHERE e.published_at IS NOT NULL
),
gone AS (
    DELETE FROM outbox_events e USING old WHERE e.id = old.id AND old.followed
    RETURNING e.id
),
emptied AS (
    UPDATE outbox_events e
    SET payload = '{}'
    FROM old
    WHERE e.id = old.id AND NOT old.followed AND e.payload <> '{}'
    RETURNING e.id
)
SELECT
    (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last,
    (SELECT count(*) FROM gone) AS deleted,
    (SELECT count(*) FROM emptied) AS emptied
