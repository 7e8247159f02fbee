"""Another office's list: columns named, every row explained, taken in by two, once."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Function
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.files.kept_file import FileKind, KeptFile
from siweb.files.store import FileStore
from siweb.registry.tables.agency import Agency, AgencyKind
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState, LifeSign
from siweb.reviews.tables.sign import Sign, SignKind, SignList, SignState
from siweb.signs.forget import forget_signs
from siweb.tasks.tables.task import Task
from tests import factories
from tests.conftest import NOW
from tests.evidence.scans import png, upload
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import appoint, sign_in

LISTS, LETTER = "/desk/signs/lists", "函〔2026〕3号"
REGION = "310000"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def recipient(session, name="王秀英", state=BenefitState.ACTIVE):
    person = factories.make_person(session, region_code=REGION, name=name)
    session.add(
        Benefit(
            person_id=person.id, region_code=REGION, kind=BenefitKind.PENSION, monthly_fen=300000,
            from_month="2020-01", state=state, certified_on=date(2026, 5, 1),
        )
    )  # fmt: skip
    session.commit()
    return person


@pytest.fixture
def person(session):
    factories.make_region(session, REGION)
    return recipient(session)


@pytest.fixture
def desk(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    clerk = factories.make_person(session, name="经办员")
    sign_in(client, session, clerk, functions=[Function.REVIEW])
    return client


def hand_in(desk, text, *, kind="death", office="殡葬管理所"):
    told = {"region": REGION, "office": office, "kind": kind}
    sent = desk.post(LISTS, data=told | {"file": (BytesIO(text.encode()), "list.csv")})
    assert sent.status_code == 303
    return sent.location


def columns(*names):
    return {f"column_{name}": str(place) for place, name in enumerate(names)} | {"heading_row": "1"}


def taken_in(desk, session, text, *named, **more):
    place = hand_in(desk, text, **more)
    page = desk.post(place, data=columns(*named))
    assert page.status_code == 200, page.text
    sent = desk.post(f"{place}/send", data=paper("paper", LETTER))
    check_all(session)
    session.expire_all()
    return page, sent


def signs(session):
    return session.scalars(select(Sign).order_by(Sign.id)).all()


def test_each_row_says_why_it_comes_to_what_it_comes_to(desk, session, person):
    ended = recipient(session, "张国强", BenefitState.TERMINATED)
    none = factories.make_person(session, region_code=REGION, name="李明")
    stranger = factories.make_id_number()
    rows = [
        ("号", "人", "何时"),
        (person.id_number, "王秀英", "2026-10-03"),
        (ended.id_number, "张国强", "2026-10-03"),
        (none.id_number, "李明", "2026-10-03"),
        (stranger, "赵六", "2026-10-03"),
        ("310101", "孙七", "2026-10-03"),
        (person.id_number, "别人", "2099-01-01"),
        (person.id_number, "别人", "0001-01-01"),
        (person.id_number, "别人", "2026-10-04"),
        (person.id_number, "王秀英", "2026-10-03"),
    ]
    place = hand_in(desk, "\n".join(",".join(row) for row in rows))

    page = desk.post(place, data=columns("id_number", "name", "seen_on"))

    assert "The number is in the register. The name agrees. Benefit: is paid." in page.text
    assert "The name differs: it may be somebody else." in page.text
    assert "The register has nobody with this number." in page.text
    assert "No benefit here." in page.text
    assert "The benefit has ended" in page.text
    assert "is no valid ID number" in page.text
    assert page.text.count("This date is impossible") == 2
    assert "Here already" in page.text
    assert stranger not in page.text
    assert "Saw the rows" in desk.get(place).text
    assert not signs(session)


def test_a_death_is_looked_at_and_stops_nothing(desk, session, person):
    text = f"身份证号,姓名,死亡日期\n{person.id_number},王秀英,2026-10-03\n"
    taken_in(desk, session, text, "id_number", "name", "seen_on")

    (sign,) = signs(session)
    assert (sign.kind, sign.state, sign.name_agrees) == (SignKind.DEATH, SignState.OPEN, True)
    assert session.scalar(select(Benefit.state)) is BenefitState.ACTIVE
    assert "王秀英" in desk.get("/desk?kind=signs").text
    so = desk.post(f"/desk/signs/{sign.id}", data={"verdict": "yes", "words": "家属来电"})
    assert so.status_code == 422
    assert "Register it first: two people do that." in so.text

    person.died_on = date(2026, 10, 3)
    session.commit()
    desk.post(f"/desk/signs/{sign.id}", data={"verdict": "yes", "words": "家属来电"})
    session.expire_all()
    assert sign.state is SignState.CONFIRMED
    assert "王秀英" not in desk.get("/desk?kind=signs").text


def test_what_nobody_confirms_ends_with_words(desk, session, person):
    text = f"身份证号,死亡日期\n{person.id_number},2026-10-03\n"
    taken_in(desk, session, text, "id_number", "seen_on")
    (sign,) = signs(session)

    assert desk.post(f"/desk/signs/{sign.id}", data={"verdict": "no"}).status_code == 422
    desk.post(f"/desk/signs/{sign.id}", data={"verdict": "no", "words": "本人接电话"})

    session.expire_all()
    assert sign.state is SignState.UNFOUNDED
    again = desk.post(f"/desk/signs/{sign.id}", data={"verdict": "no", "words": "本人接电话"})
    assert again.status_code == 422


def test_the_letter_and_its_scan_wait_for_the_second_person(desk, session, person):
    place = hand_in(desk, f"身份证号,死亡日期\n{person.id_number},2026-10-03\n")
    desk.post(place, data=columns("id_number", "seen_on"))

    without = desk.post(f"{place}/send", data=paper("paper", " "))

    assert without.status_code == 422
    assert 'href="#paper-number"' in without.text
    assert person.name in without.text
    assert session.scalar(select(func.count(Task.id))) == 0
    sent = desk.post(f"{place}/send", data={**paper("paper", LETTER), "scans": upload(png())})
    assert sent.status_code == 303
    task = session.scalars(select(Task)).one()
    assert LETTER in task.because
    assert session.scalar(select(func.count(EvidenceFile.id))) == 1


def test_the_same_list_again_adds_nothing(desk, session, person):
    text = f"身份证号,死亡日期\n{person.id_number},2026-10-03\n"
    taken_in(desk, session, text, "id_number", "seen_on")

    page, sent = taken_in(desk, session, text, "id_number", "seen_on")

    assert "Nothing in this list is new" in page.text
    assert sent.status_code == 422
    assert len(signs(session)) == 1


def test_a_visit_counts_where_the_pack_says_so_and_the_name_agrees(desk, session, person):
    other = recipient(session, "张国强")
    text = f"身份证号,姓名,日期\n{person.id_number},王秀英,2026-10-03\n{other.id_number},张某,2026-10-03\n"
    taken_in(desk, session, text, "id_number", "name", "seen_on", kind="medical")

    assert [sign.state for sign in signs(session)] == [SignState.COUNTED, SignState.NOTED]
    assert session.execute(select(LifeSign.person_id, LifeSign.source)).all() == [
        (person.id, "medical")
    ]


def test_a_column_may_say_what_a_row_is_and_headings_are_remembered(desk, session, person):
    head = "号码,类型,何时\n"
    text = f"{head}{person.id_number},火化,2026-10-03\n"
    place = hand_in(desk, text, kind="")
    assert desk.post(place, data=columns("id_number", "seen_on")).status_code == 422
    desk.post(place, data=columns("id_number", "kind", "seen_on"))

    later = desk.get(hand_in(desk, f"{head}{person.id_number},服刑,2026-10-05\n", kind=""))

    assert '<option selected value="2">' in later.text


def test_a_list_that_cannot_be_read_says_so(desk):
    place = hand_in(desk, "")
    assert desk.get(place).status_code == 422


def test_files_go_after_a_month_and_what_came_to_nothing_after_years(desk, session, person):
    text = f"身份证号,死亡日期\n{person.id_number},2026-10-03\n"
    taken_in(desk, session, text, "id_number", "seen_on")
    draft = hand_in(desk, text + " ")
    (sign,) = signs(session)
    files = FileStore()

    def count(table):
        return session.scalar(select(func.count()).select_from(table))

    forget_signs(session, files, at=NOW + timedelta(days=31))
    assert session.scalar(select(func.count()).where(KeptFile.kind == FileKind.SIGNS)) == 0
    assert (count(SignList), count(Sign)) == (1, 1)
    session.commit()
    assert desk.get(draft).status_code == 404
    # What is open stays, however old.
    forget_signs(session, files, at=NOW + timedelta(days=1200))
    assert count(Sign) == 1
    desk.post(f"/desk/signs/{sign.id}", data={"verdict": "no", "words": "本人接电话"})
    session.expire_all()
    forget_signs(session, files, at=NOW + timedelta(days=1200))
    assert (count(SignList), count(Sign)) == (0, 0)


def test_nobody_of_another_region_opens_a_list_or_a_sign(desk, session, person, client):
    text = f"身份证号,死亡日期\n{person.id_number},2026-10-03\n"
    taken_in(desk, session, text, "id_number", "seen_on")
    (sign,) = signs(session)
    factories.make_region(session, "110000")
    agency = Agency(
        region_code="110000", kind=AgencyKind.HRSS, name_zh="机构", name_en="Agency",
        address_zh="", address_en="", phone="12333",
    )  # fmt: skip
    session.add(agency)
    session.flush()
    clerk = factories.make_person(session)
    appoint(session, clerk, Function.REVIEW, agency_id=agency.id)
    sign_in(client, session, clerk)

    assert client.get(f"/desk/signs/{sign.id}").status_code == 404
    assert client.get(f"{LISTS}/{sign.list_id}").status_code == 404
