"""Which table a statement of pg_stat_statements is about: by parsing it, because nobody is left to ask."""

import re
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

# pg_stat_statements writes $1 where a value stood; the parser takes `$1,$` for the tag of a dollar-quoted string.
PLACEHOLDER = re.compile(r"\$\d+\b")
MODIFICATIONS = (exp.Insert, exp.Update, exp.Delete, exp.Merge)


@lru_cache(maxsize=1024)
def table_of(query: str, tables: frozenset[str]) -> str:
    """
    Return the table a statement is about, one of `tables`, or "other".

    What it modifies, the outermost first, comes before what it reads; of what it reads, the first table of the
    outermost FROM. Names of common table expressions are no tables, and neither are catalogs.
    """
    try:
        tree = sqlglot.parse_one(PLACEHOLDER.sub("1", query), dialect="postgres")
    except SqlglotError:
        return "other"
    targets = (modification.this.find(exp.Table) for modification in tree.find_all(*MODIFICATIONS))
    named = (table.name for table in (*targets, *tree.find_all(exp.Table)) if table is not None)
    return next((name for name in named if name in tables), "other")
