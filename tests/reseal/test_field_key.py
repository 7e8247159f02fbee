"""`siweb field-key`: another key for all that is sealed, while the office runs."""

import io
import stat

import pytest
from sqlalchemy import LargeBinary, func, select, text, type_coerce

from siweb.cli.operation import field_key
from siweb.cli.operation.restore import wrong_books
from siweb.db.engine import make_engine, make_sessions
from siweb.db.sealing import field_keys as held
from siweb.db.sealing.columns import seal_text
from siweb.db.sealing.field_keys import FieldKeys
from siweb.files.folder import Folder
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.registry.number_keys import hold_number_keys
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.reseal import tables
from siweb.reseal.tables import sealed_columns
from siweb.reseal.values import json_anew
from siweb.settings import Settings
from tests import factories
from tests.cli.conftest import run
from tests.conftest import NOW
from tests.demonstration import make_demonstration
from tests.office_secrets import SECRETS

__all__ = ["run"]
OLD = SECRETS["field_key"]


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A demonstration whose field key stands in its file, with a list that was handed in."""
    folder = tmp_path / "office"
    make_demonstration(folder)
    monkeypatch.setenv("SIWEB_VAR_DIR", str(folder))
    monkeypatch.delenv("SIWEB_FIELD_KEY")
    (folder / "field_key").write_text(OLD)
    (folder / "field_key").chmod(0o600)
    settings = Settings.load()
    settings.make_secrets()
    # In portions, as of a large office.
    monkeypatch.setattr(tables, "_ROWS", 7)
    waited = []
    monkeypatch.setattr(field_key.time, "sleep", waited.append)
    engine = make_engine(settings.engine_url)
    with make_sessions(engine).begin() as session:
        FileStore().keep(session, FileKind.EVIDENCE, io.BytesIO(b"a scan" * 400_000), at=NOW)
    engine.dispose()
    yield settings
    hold_number_keys(Settings(**SECRETS))


def marks(settings):
    """How many values lie under which key, by column; of those that are sealed as a whole."""
    found = {}
    engine = make_engine(settings.engine_url)
    with engine.connect() as connection:
        for of in sealed_columns():
            if not of.is_json:
                mark = func.substr(type_coerce(of.column, LargeBinary), 1, 2)
                asked = select(mark, func.count()).where(
                    type_coerce(of.column, LargeBinary).is_not(None)
                )
                if rows := connection.execute(asked.group_by(mark)).all():
                    found[of.name] = {bytes(row[0]): row[1] for row in rows}
    engine.dispose()
    return found


def mark_of(key):
    return FieldKeys([key], "x").seal_bytes(b"")[:2]


def numbers(settings):
    engine = make_engine(settings.engine_url)
    with make_sessions(engine)() as session:
        found = {row.person_id: row.number for row in session.scalars(select(PersonIdentity))}
    engine.dispose()
    return found


def test_everything_is_under_the_new_key_and_says_what_it_said(run, office):
    before, said = marks(office), numbers(office)
    assert {mark_of(OLD)} == {mark for each in before.values() for mark in each}

    done = run("field-key", "rotate")

    assert done.exit_code == 0, done.output
    new, old = (office.var_dir / "field_key").read_text().split(",")
    assert old == OLD != new
    after = marks(office)
    assert after == {name: {mark_of(new): sum(each.values())} for name, each in before.items()}
    assert {"person_identity.number", "kept_file_piece.content"} <= set(after)
    assert f"person_identity.number: {len(said)} sealed anew" in done.stdout
    assert numbers(office) == said
    assert wrong_books(office) == []
    # Again there is nothing left to do.
    again = run("field-key", "rotate", "--again")
    assert "sealed anew" not in again.stdout.replace("Everything", "")


def test_the_old_key_goes_only_when_nothing_lies_under_it(run, office):
    run("field-key", "rotate")
    sealed = FieldKeys([OLD], "x").seal(numbers(office)[1])
    engine = make_engine(office.engine_url)
    with engine.begin() as connection:  # a process that did not know the new one yet
        connection.execute(
            text("UPDATE person_identity SET number = :sealed WHERE person_id = 1"),
            {"sealed": sealed},
        )
    engine.dispose()

    done = run("field-key", "forget-old")

    assert done.exit_code == 0, done.output
    assert "1 value still lay under an old key" in done.stdout
    (apart,) = office.var_dir.glob("field_key.before-*")
    assert apart.read_text() == OLD
    assert stat.S_IMODE(apart.stat().st_mode) == 0o600
    assert "," not in (office.var_dir / "field_key").read_text()
    assert len(numbers(office)) > 40
    assert "There is one key alone" in run("field-key", "forget-old").stdout


def test_a_key_from_outside_is_changed_there(run, office, monkeypatch):
    monkeypatch.setenv("SIWEB_FIELD_KEY", f"a-new-one,{OLD}")

    refused = run("field-key", "rotate")
    done = run("field-key", "rotate", "--again")

    assert refused.exit_code == 1 and "comes from outside (SIWEB_FIELD_KEY)" in refused.stderr
    assert done.exit_code == 0, done.output
    assert {mark_of("a-new-one")} == {mark for each in marks(office).values() for mark in each}


def test_files_in_a_folder_are_sealed_anew(tmp_path, session):
    store = FileStore(Folder(tmp_path))
    content = b"a list" * 400_000
    digest = store.keep(session, FileKind.SHEET, io.BytesIO(content), at=NOW)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with held.other_field_keys():
        held.hold_field_keys(lambda: FieldKeys(["new", OLD], SECRETS["digest_key"]))

        assert (store.reseal(), store.reseal()) == (1, 0)

        with store.opened(session, FileKind.SHEET, digest) as path:
            assert path.read_bytes() == content
    assert before.keys() == {path for path in tmp_path.rglob("*") if path.is_file()}
    assert all(path.read_bytes() != kept for path, kept in before.items())


def test_both_databases_seal_anew_in_portions(engine, monkeypatch):
    monkeypatch.setattr(tables, "_ROWS", 2)
    of = next(each for each in sealed_columns() if each.name == "person_identity.number")
    with make_sessions(engine)() as session:
        region = factories.make_region(session, "310000")
        made = [factories.make_person(session, region_code=region.code).id for _time in range(5)]
        session.commit()
    try:
        keys = FieldKeys(["new", OLD], SECRETS["digest_key"])
        assert tables.reseal_column(engine, of, keys) == 5
        assert tables.reseal_column(engine, of, keys) == 0
    finally:
        with engine.begin() as connection:
            for table in ("search_key", "person_identity", "person", "region"):
                connection.execute(text(f"DELETE FROM {table}"))
    assert made


def test_sealed_texts_within_json_are_found_wherever_they_stand():
    keys, old = FieldKeys(["new", OLD], "x"), FieldKeys([OLD], "x")
    with held.other_field_keys():
        held.hold_field_keys(lambda: old)
        sealed = seal_text("11010519491231002X")
    like_one = sealed[:8] + "A" * (len(sealed) - 8)
    given = {
        "was": {"number": sealed},
        "list": [sealed, 1, None],
        "words": "abcd",
        "like": like_one,
        # A short word that begins as what a key sealed.
        "short": sealed[:4],
    }

    anew = json_anew(keys)(given)

    assert anew["was"]["number"] != sealed
    assert anew["list"][1:] == [1, None] and anew["words"] == "abcd" and anew["like"] == like_one
    assert anew["short"] == sealed[:4]
    with held.other_field_keys():
        held.hold_field_keys(lambda: FieldKeys(["new"], "x"))
        from siweb.db.sealing.columns import unseal_text

        assert unseal_text(anew["was"]["number"]) == "11010519491231002X"
        assert unseal_text(anew["list"][0]) == "11010519491231002X"


def test_a_running_process_knows_a_new_key_in_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(held.time, "monotonic", lambda: now[0])
    keys = [FieldKeys([OLD], "x"), FieldKeys(["new", OLD], "x")]
    with held.other_field_keys():
        held.hold_field_keys(lambda: keys[0] if now[0] < 1 else keys[1])
        first = held.field_keys()
        now[0] = held.KEY_SECONDS - 1
        assert held.field_keys() is first
        now[0] = held.KEY_SECONDS
        assert held.field_keys() is keys[1]
    assert field_key._WAIT_SECONDS > held.KEY_SECONDS


def test_a_running_process_goes_on_with_its_keys_when_they_are_gone(monkeypatch):
    from siweb.secret_keys import SecretFault

    now = [0.0]
    monkeypatch.setattr(held.time, "monotonic", lambda: now[0])

    def read():
        if now[0] > 1:
            raise SecretFault("gone")
        return FieldKeys([OLD], "x")

    with held.other_field_keys():
        held.hold_field_keys(read)
        first = held.field_keys()
        now[0] = 100.0

        assert held.field_keys() is first
