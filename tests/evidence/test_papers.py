"""What a deed rests on is asked for, kept and shown in its parts: kind, number, day."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.auth.tables.appointment import Function
from siweb.evidence.papers.field import EARLIEST
from siweb.evidence.tables.evidence_paper import EvidencePaper, PaperKind
from siweb.tasks.tables.task import Task
from tests import factories
from tests.conftest import NOW
from tests.papers import forms_of_desk, paper, paper_fields
from tests.sign_in import sign_in

TODAY = NOW.date()
GOOD = paper("proof", "沪死证8号", kind="death_certificate", on="2026-10-30")


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def clerk(app, session):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, factories.make_person(session), (Function.REGISTRATION,))
    return client


@pytest.fixture
def address(session):
    person = factories.make_person(session, region_code="310100")
    session.commit()
    return f"/desk/people/{person.id}/death"


def test_every_kind_is_offered_by_some_form_and_another_paper_by_all():
    kinds = [
        set(field.args[1]) | {PaperKind.OTHER}
        for form in forms_of_desk()
        for field in paper_fields(form).values()
    ]

    assert set(PaperKind) == set.union(*kinds)


@pytest.mark.parametrize(
    ("wrong", "part", "said"),
    [
        ({"kind": ""}, "kind", "Choose what paper it is."),
        ({"kind": "payslip"}, "kind", "Choose what paper it is."),
        ({"kind": "other"}, "called", "Enter what the paper is called."),
        ({"called": "火化证"}, "called", "Leave this empty, or choose “Another paper”."),
        ({"number": " "}, "number", "Enter the number of the paper; without one"),
        ({"number": "8" * 81}, "number", "Use at most 80 characters."),
        ({"number": factories.make_id_number()}, "number", "not an ID number"),
        ({"issued_on": ""}, "issued_on", "Enter the date of the paper."),
        ({"issued_on": "2026-02-30"}, "issued_on", "is not a date"),
        ({"issued_on": f"{TODAY + timedelta(days=1)}"}, "issued_on", "lies in the future"),
        ({"issued_on": f"{EARLIEST - timedelta(days=1)}"}, "issued_on", "Check the year."),
    ],
)
def test_what_is_wrong_with_it_is_said_beside_its_part_and_nothing_is_lost(
    clerk, session, address, wrong, part, said
):
    typed = GOOD | {f"proof-{name}": value for name, value in wrong.items()}

    refused = clerk.post(address, data={"died_on": "2026-10-29", **typed})

    assert refused.status_code == 422
    beside = re.search(rf'id="proof-{part}-error">([^<]+)<', refused.text)
    assert beside is not None
    assert said in beside[1]
    assert f'href="#proof-{part}"' in refused.text
    kept = {name: value for name, value in typed.items() if value.strip()}
    for name, value in kept.items():
        if not name.endswith("-kind"):
            assert f'name="{name}"' in refused.text
            assert f'value="{value}"' in refused.text
    assert session.scalars(select(EvidencePaper)).all() == []


@pytest.mark.parametrize("on", [EARLIEST, TODAY])
def test_its_parts_are_kept_and_read_by_the_checker_in_either_language(clerk, session, address, on):
    typed = GOOD | {"proof-issued_on": on.isoformat()}
    assert clerk.post(address, data={"died_on": "2026-10-29", **typed}).status_code == 303

    task = session.scalars(select(Task)).one()
    kept = session.scalars(select(EvidencePaper)).one()
    assert (kept.task_id, kept.kind, kept.called) == (task.id, "death_certificate", "")
    assert (kept.number, kept.issued_on) == ("沪死证8号", on)
    # Letters and notices quote it in the office's language, whatever its maker reads.
    assert task.because == f"死亡证明 沪死证8号，{on.year}年{on.month}月{on.day}日"
    made = select(Activity.facts).where(Activity.action == "task.made")
    named = {"paper": "death_certificate", "number": "沪死证8号", "on": on.isoformat()}
    assert session.scalars(made).one()["rests_on"] == [named]
    page = clerk.get(f"/desk/tasks/{task.reference}").text
    assert "Death certificate" in page
    assert "沪死证8号" in page
    assert task.because not in page
    chinese = clerk.get(f"/desk/tasks/{task.reference}", headers={"Accept-Language": "zh"}).text
    assert "死亡证明" in chinese
    assert "材料编号" in chinese


def test_another_paper_has_its_name(clerk, session, address):
    typed = GOOD | {"proof-kind": "other", "proof-called": "村委会证明"}

    clerk.post(address, data={"died_on": "2026-10-29", **typed})

    task = session.scalars(select(Task)).one()
    assert task.because.startswith("村委会证明 沪死证8号")
    assert "村委会证明" in clerk.get(f"/desk/tasks/{task.reference}").text


def test_words_from_before_papers_had_parts_are_still_read(clerk, session, address):
    clerk.post(address, data={"died_on": "2026-10-29", **GOOD})
    task = session.scalars(select(Task)).one()
    session.delete(session.scalars(select(EvidencePaper)).one())
    task.because = "死亡医学证明书，居委会盖章"
    session.commit()

    assert "死亡医学证明书，居委会盖章" in clerk.get(f"/desk/tasks/{task.reference}").text
