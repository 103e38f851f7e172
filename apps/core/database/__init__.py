"""
The database engine of every alias: Django's for PostgreSQL, with each statement timed under the table it is about.

ENGINE names this package; Django finds `base.DatabaseWrapper` in it.
"""
