"""siweb signs import, as a clerk types it: tried, handed in, checked, taken in."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.activity import Activity
from siweb.auth.tables.appointment import Function
from siweb.cli.settings import command_access_log
from siweb.db.engine import make_engine
from siweb.files.kept_file import KeptFile
from siweb.reviews.tables.sign import Sign, SignKind, SignList
from siweb.settings import Settings
from tests import factories
from tests.conftest import NOW
from tests.migrated import lay_schema
from tests.sign_in import appoint
from tests.signs.made import make_benefit

BECAUSE = ("--because", "函〔2026〕3号")


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office of one region with two clerks of reviews and somebody who draws a pension."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(Settings(var_dir=tmp_path).engine_url)
    lay_schema(engine)
    with time_machine.travel(NOW, tick=False), Session(engine, expire_on_commit=False) as session:
        factories.make_region(session, "310000")
        session.clerks = []
        for _ in range(2):
            person = factories.make_person(session, region_code="310000")
            factories.make_account(session, person)
            appoint(session, person, Function.REVIEW)
            session.clerks.append(person.id_number)
        drawing = factories.make_person(session, region_code="310000", name="王秀英")
        make_benefit(session, drawing)
        # Plain values: to read an expired row would hold the database against the command.
        session.drawing_id, session.drawing_number = drawing.id, drawing.id_number
        session.commit()
        yield session
    engine.dispose()


@pytest.fixture
def hand_in(run, office, tmp_path):
    def hand_in(content, *words, region="310000", operator=0):
        file = tmp_path / "list.csv"
        file.write_text(content, "utf-8")
        return run(
            "signs", "import", file, "--region", region, "--office", "殡葬管理所",
            "--operator", office.clerks[operator], *words,
        )  # fmt: skip

    return hand_in


def text(office, head="身份证号,姓名,死亡日期"):
    return f"{head}\n{office.drawing_number},王秀英,2026-10-03\n310101,钱二,2026-10-03\n"


def count(office, table):
    found = len(office.scalars(select(table)).all())
    office.rollback()
    return found


def test_a_list_is_tried_handed_in_checked_and_then_there(run, office, hand_in):
    tried = hand_in(text(office), "--kind", "death", "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "Row 2: Somebody looks at it. The number is in the register. The name" in tried.stdout
    assert "Row 3: Cannot be read." in tried.stdout
    assert "A dry run: nothing was changed." in tried.stdout
    assert "王秀英" not in tried.stdout
    assert [count(office, table) for table in (SignList, KeptFile, Sign)] == [0, 0, 0]
    # Who saw that somebody draws a benefit leaves a trace, on a terminal as on a page.
    assert "sign_list.tried" in office.scalars(select(Activity.action)).all()
    office.rollback()
    with command_access_log(Settings.load()).session() as log:
        assert log.scalars(select(AccessLogEntry.person_id)).all() == [office.drawing_id]

    handed_in = hand_in(text(office), "--kind", "death", *BECAUSE)
    assert handed_in.exit_code == 0, handed_in.output
    reference = handed_in.stdout.split()[-1]
    assert "Cannot be read: — -> 1" in run("tasks", "list").stdout
    own = run("tasks", "approve", reference, "--operator", office.clerks[0])
    assert "another person checks it" in own.output
    assert count(office, Sign) == 0
    done = run("tasks", "approve", reference, "--operator", office.clerks[1])

    assert done.exit_code == 0, done.output
    office.rollback()
    (sign,) = office.scalars(select(Sign))
    assert (sign.kind, sign.seen_on) == (SignKind.DEATH, date(2026, 10, 3))
    office.rollback()
    again = hand_in(text(office), "--kind", "death", *BECAUSE)
    assert (again.exit_code, "Nothing in this list is new" in again.stdout) == (0, True)


def test_columns_are_named_once_and_remembered_by_the_office(run, office, hand_in):
    odd = text(office, "号,人,何时")
    lacking = hand_in(odd, "--kind", "prison", *BECAUSE)
    assert lacking.exit_code == 2
    assert "which column is: id_number, seen_on. It has: A 号, B 人, C 何时." in lacking.stderr

    named = ("--column", "id_number=A", "--column", "seen_on=何时")
    assert hand_in(odd, "--kind", "prison", *named, *BECAUSE).exit_code == 0
    later = hand_in(odd.replace("10-03", "10-04"), "--kind", "prison", "--dry-run")

    assert "Somebody looks at it: 1" in later.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--kind", "death"), "Name in --because the letter"),
        (BECAUSE, "which column is: kind."),
        (("--column", "age=A", *BECAUSE), "--column takes: id_number, name, kind, seen_on, remark"),
        (("--column", "name=H", *BECAUSE), "The list has no column 'H'."),
        (("--kind", "death", "--column", "name=A", *BECAUSE), "named twice"),
        (("--region", "110000", *BECAUSE), "does not work for that region"),
        (("--operator", "absent", *BECAUSE), "Nobody is signed in"),
    ],
)
def test_a_command_that_lacks_something_says_what(office, hand_in, words, sentence):
    told = hand_in(text(office), *words)

    assert (told.exit_code, told.stdout) == (2, "")
    assert sentence in told.stderr
    assert count(office, SignList) == 0
