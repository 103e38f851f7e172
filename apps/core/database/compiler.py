"""The ORM's compilers, each telling the connection which table its statement is about while it runs."""

from typing import Any, ClassVar

from django.db.backends.postgresql import compiler

from .statements import NOTHING_SAID, About


class Announced:
    """Statements may nest (an update that first selects), so each puts back what it found."""

    query_type: ClassVar[str] = "select"

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        connection = self.connection  # type: ignore[attr-defined]
        outer = connection.about
        # A condition checked by itself, as forms check a constraint's, is about no table.
        model = self.query.model  # type: ignore[attr-defined]
        connection.about = About(self.query_type, model._meta.db_table) if model else NOTHING_SAID
        try:
            return super().execute_sql(*args, **kwargs)  # type: ignore[misc]
        finally:
            connection.about = outer


class SQLCompiler(Announced, compiler.SQLCompiler):
    pass


class SQLInsertCompiler(Announced, compiler.SQLInsertCompiler):
    query_type = "insert"


class SQLUpdateCompiler(Announced, compiler.SQLUpdateCompiler):
    query_type = "update"


class SQLDeleteCompiler(Announced, compiler.SQLDeleteCompiler):
    query_type = "delete"


class SQLAggregateCompiler(Announced, compiler.SQLAggregateCompiler):
    pass
