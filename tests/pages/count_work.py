"""Count what a database does for statements, the same on a busy machine as on an idle one.

SQLite counts the steps of its programs. PostgreSQL says of each step of a plan how many rows it gave
and threw away, and how often it ran: the statement is explained beforehand and taken back.
"""

from typing import Any

import psycopg
from sqlalchemy import Engine, event

_PER_CALL = 50
_EXPLAINED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "CREATE TEMPORARY TABLE")
_REMOVED = ("Filter", "Join Filter", "Index Recheck")


class Work:
    """What an engine's connections have done so far."""

    def __init__(self, engine: Engine) -> None:
        self.done = 0.0
        self._is_looking = False
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", self._count_steps)
            event.listen(engine, "before_cursor_execute", self._look)
            event.listen(engine, "after_cursor_execute", self._looked)
        else:
            event.listen(engine, "before_cursor_execute", self._count_rows)

    def _count_steps(self, connection: Any, _record: Any) -> None:
        def more() -> None:
            self.done += 0 if self._is_looking else _PER_CALL

        connection.set_progress_handler(more, _PER_CALL)

    def _look(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        # Collecting statistics is bounded by itself, and begins with so many new rows.
        self._is_looking = statement.startswith("ANALYZE")

    def _looked(self, *_of_statement: Any) -> None:
        self._is_looking = False

    def _count_rows(
        self,
        connection: Any,
        _cursor: Any,
        statement: str,
        parameters: Any,
        _context: Any,
        executemany: bool,
    ) -> None:
        if executemany or not statement.lstrip().startswith(_EXPLAINED):
            return
        driver = connection.connection.dbapi_connection
        with psycopg.ClientCursor(driver) as cursor:
            cursor.execute("SAVEPOINT counted")
            try:
                cursor.execute(
                    f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) {statement}",
                    parameters,
                )
                self.done += _rows(cursor.fetchone()[0][0]["Plan"])  # type: ignore[index]
            except psycopg.Error:
                # What fails will fail once more, as itself.
                pass
            cursor.execute("ROLLBACK TO SAVEPOINT counted")
            cursor.execute("RELEASE SAVEPOINT counted")


def _rows(node: dict[str, Any]) -> float:
    """Return the rows that a plan's step and those below it gave and threw away."""
    removed = sum(node.get(f"Rows Removed by {how}", 0) for how in _REMOVED)
    own = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return own + sum(_rows(below) for below in node.get("Plans", ()))
