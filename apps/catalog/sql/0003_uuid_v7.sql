-- Rows that SQL itself writes get ids that rise with time, as the application's do: RFC 9562, section 5.7, with 74
-- random bits. PostgreSQL 18 has uuidv7(); this serves 15 to 17 as well.
-- Takes no lock on any table.
CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    -- The first six bytes become the time in milliseconds; the version bits 0100 of a random UUID become 0111.
    SELECT encode(
        set_bit(
            set_bit(
                overlay(
                    uuid_send(gen_random_uuid())
                    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6
                ),
                52, 1
            ),
            53, 1
        ),
        'hex'
    )::uuid
$$;
