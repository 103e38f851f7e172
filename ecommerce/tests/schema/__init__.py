"""
The schema of all five databases, declared once and compared with the catalogs of the real ones.

`declared/<database>/founding.sql` is the founding design's part, written out by hand, table by table in the order of
the document. `mends.sql` beside it changes that, each change with its reason in docs/decisions.md: it is the whole
difference between the founding design and what stands. `additions.sql` and the other files are ours.

PostgreSQL itself reads the declaration, in a schema of its own that is rolled back, so both sides of the comparison are
catalogs of one server, whatever its version.

A migration that changes a table changes its declaration in the same commit.
"""
