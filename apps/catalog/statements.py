"""The set-based statements of sql/, and the database they run in."""

from pathlib import Path

from apps.core.sql import Statements

DATABASE = "catalog"
SQL = Statements(Path(__file__).parent / "sql", using=DATABASE)
