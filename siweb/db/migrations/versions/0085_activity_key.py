"""A line of the activity log is named by its number and the region it is about.

That is the region of its person, else of its employer; what is about neither is the office's own.
Links and what waits name a line so as well, and a link says which form its hash has: those of
before are over a line without a region. On SQLite lines lie in the order of their key. Old code
does not run on it. Who goes back keeps the links of the first form; what was chained since waits
again, as lines do that nobody sealed yet.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ["id", "region_code"]
_LINE = ["activity_id", "region_code"]
_KEPT = (
    "at", "account_id", "person_id", "employer_id", "channel", "action", "subject_kind",
    "subject_id", "facts",
)  # fmt: skip
_REGION = """coalesce((SELECT p.region_code FROM person p WHERE p.id = a.person_id),
 (SELECT e.region_code FROM employer e WHERE e.id = a.employer_id), 0)"""
_INDEXES = {
    "ix_activity_subject": ["subject_kind", "subject_id"],
    "ix_activity_person": ["person_id", "at"],
    "ix_activity_employer": ["employer_id", "at"],
}


def upgrade() -> None:
    if _is_postgresql():
        _alter()
        return
    _create_lines(is_after=True)
    names = ", ".join(_KEPT)
    _run(
        f"INSERT INTO _rebuilt_line (id, region_code, {names})"
        f" SELECT a.id, {_REGION}, {names} FROM activity a ORDER BY a.id"
    )
    _create_links(is_after=True)
    _run(
        "INSERT INTO _rebuilt_link (position, activity_id, region_code, hash_form, key_mark,"
        " link_hash, sealed_at) SELECT l.position, l.activity_id, a.region_code, 1, l.key_mark,"
        " l.link_hash, l.sealed_at FROM activity_link l"
        " JOIN _rebuilt_line a ON a.id = l.activity_id ORDER BY l.position"
    )
    _run(
        "INSERT INTO _rebuilt_waiting (activity_id, region_code, written_at)"
        " SELECT u.activity_id, a.region_code, u.written_at FROM activity_unsealed u"
        " JOIN _rebuilt_line a ON a.id = u.activity_id"
    )
    _take_place()


def downgrade() -> None:
    # Nothing of before can prove a hash with a region in it: from the first of them on lines wait.
    _run(
        "INSERT INTO activity_unsealed (activity_id, region_code, written_at)"
        " SELECT activity_id, region_code, sealed_at FROM activity_link"
        " WHERE position >= (SELECT min(position) FROM activity_link WHERE hash_form > 1)"
        " ON CONFLICT DO NOTHING"
    )
    _run(
        "DELETE FROM activity_link"
        " WHERE position >= (SELECT min(position) FROM activity_link WHERE hash_form > 1)"
    )
    if _is_postgresql():
        _alter_back()
        return
    _create_lines(is_after=False)
    names = ", ".join(_KEPT)
    _run(f"INSERT INTO _rebuilt_line (id, {names}) SELECT id, {names} FROM activity")
    _create_links(is_after=False)
    links = "position, activity_id, key_mark, link_hash, sealed_at"
    _run(f"INSERT INTO _rebuilt_link ({links}) SELECT {links} FROM activity_link")
    waiting = "activity_id, written_at"
    _run(f"INSERT INTO _rebuilt_waiting ({waiting}) SELECT {waiting} FROM activity_unsealed")
    _take_place()


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _create_lines(*, is_after: bool) -> None:
    region = [sa.Column("region_code", sa.Integer(), nullable=False)] if is_after else []
    op.create_table(
        "_rebuilt_line",
        sa.Column("id", Key, nullable=False, autoincrement=False),
        *region,
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", Key),
        sa.Column("person_id", Key),
        sa.Column("employer_id", Key),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint(*(_KEY if is_after else ["id"]), name="pk_activity"),
        sqlite_with_rowid=not is_after,
    )


def _create_links(*, is_after: bool) -> None:
    """Create both tables that name lines; SQLite holds no reference while tables change places."""
    line = _LINE if is_after else _LINE[:1]
    to = [f"activity.{name}" for name in (_KEY if is_after else _KEY[:1])]
    suffix = "line" if is_after else "activity_id"

    def region() -> list[sa.Column[int]]:
        return [sa.Column("region_code", sa.Integer(), nullable=False)] if is_after else []

    form = [sa.Column("hash_form", sa.SmallInteger(), nullable=False)] if is_after else []
    op.create_table(
        "_rebuilt_link",
        sa.Column("position", Key, nullable=False, autoincrement=False),
        sa.Column("activity_id", Key, nullable=False),
        *region(),
        *form,
        sa.Column("key_mark", sa.String(8)),
        sa.Column("link_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_activity_link"),
        sa.UniqueConstraint(*line, name=f"uq_activity_link_{suffix}"),
        sa.ForeignKeyConstraint(line, to, f"fk_activity_link_{suffix}"),
    )
    op.create_table(
        "_rebuilt_waiting",
        sa.Column("activity_id", Key, nullable=False, autoincrement=False),
        *region(),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*line, name="pk_activity_unsealed"),
        sa.ForeignKeyConstraint(line, to, f"fk_activity_unsealed_{suffix}"),
    )


def _take_place() -> None:
    new = {
        "activity_unsealed": "_rebuilt_waiting",
        "activity_link": "_rebuilt_link",
        "activity": "_rebuilt_line",
    }
    for name in new:
        op.drop_table(name)
    for name, rebuilt in reversed(new.items()):
        op.rename_table(rebuilt, name)
    for name, columns in _INDEXES.items():
        op.create_index(name, "activity", columns)


def _alter() -> None:
    for table in ("activity_link", "activity_unsealed"):
        _run(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_activity_id")
    _run("ALTER TABLE activity ADD COLUMN region_code INTEGER")
    _run(f"UPDATE activity a SET region_code = {_REGION}")
    _run("ALTER SEQUENCE activity_id_seq RENAME TO activity_number")
    # Lines that brought their numbers, as from a dump, were not counted.
    _run(
        "SELECT setval('activity_number', greatest(max(id), (SELECT last_value FROM"
        " activity_number)), true) FROM activity HAVING count(*) > 0"
    )
    _run(
        "ALTER TABLE activity ALTER COLUMN id DROP DEFAULT,"
        " ALTER COLUMN region_code SET NOT NULL, DROP CONSTRAINT pk_activity,"
        f" ADD CONSTRAINT pk_activity PRIMARY KEY ({', '.join(_KEY)})"
    )
    _run("ALTER TABLE activity_link ADD COLUMN hash_form SMALLINT NOT NULL DEFAULT 1")
    _run("ALTER TABLE activity_link ALTER COLUMN hash_form DROP DEFAULT")
    keys = {
        "activity_link": (
            "DROP CONSTRAINT uq_activity_link_activity_id,"
            f" ADD CONSTRAINT uq_activity_link_line UNIQUE ({', '.join(_LINE)})"
        ),
        "activity_unsealed": (
            "DROP CONSTRAINT pk_activity_unsealed,"
            f" ADD CONSTRAINT pk_activity_unsealed PRIMARY KEY ({', '.join(_LINE)})"
        ),
    }
    for table, key in keys.items():
        _run(f"ALTER TABLE {table} ADD COLUMN region_code INTEGER")
        _run(
            f"UPDATE {table} l SET region_code = a.region_code FROM activity a"
            " WHERE a.id = l.activity_id"
        )
        _run(f"ALTER TABLE {table} ALTER COLUMN region_code SET NOT NULL, {key}")
        op.create_foreign_key(f"fk_{table}_line", table, "activity", _LINE, _KEY)


def _alter_back() -> None:
    keys = {
        "activity_link": (
            "DROP CONSTRAINT uq_activity_link_line, DROP COLUMN hash_form,"
            " ADD CONSTRAINT uq_activity_link_activity_id UNIQUE (activity_id)"
        ),
        "activity_unsealed": (
            "DROP CONSTRAINT pk_activity_unsealed,"
            " ADD CONSTRAINT pk_activity_unsealed PRIMARY KEY (activity_id)"
        ),
    }
    for table, key in keys.items():
        _run(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_line, {key}, DROP COLUMN region_code")
    _run("ALTER SEQUENCE activity_number RENAME TO activity_id_seq")
    _run(
        "ALTER TABLE activity ALTER COLUMN id SET DEFAULT nextval('activity_id_seq'),"
        " DROP CONSTRAINT pk_activity, ADD CONSTRAINT pk_activity PRIMARY KEY (id),"
        " DROP COLUMN region_code"
    )
    for table in keys:
        op.create_foreign_key(f"fk_{table}_activity_id", table, "activity", ["activity_id"], ["id"])
