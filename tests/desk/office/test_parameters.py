"""Packs of parameters at the desk: looked at, handed in, put in force by two."""

import ast
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Function
from siweb.desk.staff.parameters.sentences import SENTENCES
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.rules.parameters import values
from siweb.rules.parameters.load import SHIPPED
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.architecture.sources import PACKAGE
from tests.conftest import NOW
from tests.papers import paper
from tests.rules.packs import limits, pack_text
from tests.second_person import check_all
from tests.sign_in import appoint, sign_in

PAGE, REGION = "/desk/parameters", "320100"


@pytest.fixture
def clerk(client, session):
    factories.make_region(session, REGION)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), [Function.PARAMETERS])
        yield client


def hand_in(client, text, **more):
    file = (BytesIO(text if isinstance(text, bytes) else text.encode()), "pack.toml")
    return client.post(PAGE, data={"file": file, **paper("because", "人社发〔2026〕9号"), **more})


def count(session, table):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(table))


def test_a_look_shows_every_row_and_keeps_nothing(clerk, session):
    page = hand_in(clerk, pack_text(limits()), dry_run="y")

    assert page.status_code == 200
    assert "What the pack of 320100 would change" in page.text
    assert "base_floor 5000.00, base_ceiling 25000.00" in page.text
    assert (count(session, ParameterPack), count(session, Task)) == (0, 0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (pack_text(limits(base_flor='"1"')), "did you mean base_floor?"),
        (b"\xff\xfe", "this is not UTF-8"),
        (b"#" * 400_001, "this is too long for a pack"),
        ("nothing = [", "line 1 is not TOML, from column 12"),
        ("a = " + "[" * 900 + "]" * 900, "this is nested too deeply for a pack"),
    ],
)
def test_what_is_wrong_in_a_pack_is_named(clerk, session, text, sentence):
    page = hand_in(clerk, text)

    assert (page.status_code, sentence in page.text) == (422, True)
    assert count(session, Task) == 0


def test_rows_that_were_in_force_change_only_when_it_is_meant(clerk, session):
    hand_in(clerk, pack_text(limits()))
    check_all(session)
    changed = pack_text(limits(base_floor='"5001"'))

    refused = hand_in(clerk, changed)
    assert refused.status_code == 422
    assert 'href="#rewrite"' in refused.text
    assert "base_floor 5001.00" in refused.text
    assert 'href="#file"' in hand_in(clerk, pack_text(limits())).text
    assert hand_in(clerk, changed, rewrite="y").status_code == 303
    check_all(session)

    assert count(session, ParameterPack) == 2
    shown = clerk.get(PAGE).text
    assert "24 November 2026" in shown
    assert "shipped with siweb, for demonstration" in shown


def test_a_regions_staff_hand_in_their_own_pack_alone(client, session):
    agency = factories.make_agency(session, REGION)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    clerk = factories.make_person(session)
    appoint(session, clerk, Function.PARAMETERS, agency_id=agency.id)
    sign_in(client, session, clerk)

    for text in ((SHIPPED / "cn.toml").read_text("utf-8"), pack_text(limits(), region="330100")):
        page = hand_in(client, text)
        assert (page.status_code, "of a region that is not yours" in page.text) == (422, True)
    assert count(session, Task) == 0
    assert hand_in(client, pack_text(limits())).status_code == 303


def test_what_is_wrong_stands_beside_its_row_in_the_readers_language(clerk):
    text = pack_text(limits(base_flor='"1"'))

    clerk.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    page = hand_in(clerk, text).text

    assert '<th scope="row">limits row 1</th><td>base_flor</td>' in page
    assert "没有这个名称；是不是base_floor？" in page


def test_every_sentence_of_the_rules_about_a_pack_can_be_shown():
    used = {
        argument.value
        for path in (PACKAGE / "rules" / "parameters").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Sentence"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }

    assert len(used) > 45
    assert used <= SENTENCES
    assert {values._NO_MONEY, values._NO_RATE} <= SENTENCES
    assert {values._NO_FRACTION_OF_MONEY, values._NO_FRACTION_OF_RATE} <= SENTENCES


def test_a_pack_that_this_version_reads_no_more_is_refused_on_its_page(clerk, session):
    hand_in(clerk, pack_text(limits()))
    task = session.scalars(select(Task)).one()
    # As if an update of siweb had renamed a column since it was handed in.
    task.change = {**task.change, "text": pack_text(limits(base_flor='"1"'))}
    session.commit()
    sign_in(clerk, session, factories.make_person(session), [Function.PARAMETERS])

    page = clerk.get(f"/desk/tasks/{task.reference}")
    assert (page.status_code, "The pack can no longer be read" in page.text) == (200, True)
    sent = clerk.post(f"/desk/tasks/{task.reference}/refuse", data={"answer": "重新提交"})

    assert sent.status_code == 303
    session.refresh(task)
    assert task.state is TaskState.REFUSED
