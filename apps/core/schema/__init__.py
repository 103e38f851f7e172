"""Migrations over several databases: who owns which, what is applied where, and running them all at once."""
