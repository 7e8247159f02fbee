"""Everything that waits at the desk stands in one table: by its last day, for whom it is the work."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event

from siweb.audit.access_log.read import access_page
from siweb.auth.staff.duties import Duty
from siweb.auth.tables.appointment import Function
from siweb.collection.tables.bank_account import BankAccount
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.complaints.tables.complaint import Complaint, ComplaintKind, ComplaintState
from siweb.desk.home.queues import QUEUES
from siweb.desk.home.views import FORMER
from siweb.desk.home.waiting import (
    PAGE,
    Asked,
    Order,
    View,
    count_waiting,
    find_waiting,
    list_waiting,
)
from siweb.desk.levy.actions import ADJUST
from siweb.desk.payments.actions import REFUND
from siweb.desk.payments.payouts.actions import RELEASE
from siweb.desk.staff.parameters.actions import PUT_IN_FORCE
from siweb.desk.staff.programs.actions import GIVE_PROGRAM
from siweb.desk.statements.actions import ACCOUNT
from siweb.desk.tasks.limits.actions import AMOUNT_LIMIT
from siweb.registry.codes import Insurance
from siweb.rules.parameters.read import NATIONAL
from siweb.tasks.tables.task import Task
from tests import factories
from tests.collection.make_cases import find, make_staff
from tests.desk.assessments.test_assessments import NOON
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in

ON = date(2026, 8, 20)
EVERYTHING = [Duty(function, None, None) for function in Function]


@pytest.fixture
def desk(client, session):
    """The list as somebody sees it, by whose matter each line is."""

    def look(query="", functions=EVERY_FUNCTION, person=None):
        person = person or factories.make_person(session, name="沈经办")
        sign_in(client, session, person, functions)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client.get(f"/desk?{query}").text

    with time_machine.travel(NOON, tick=False):
        yield look


def listed(page):
    return re.findall(r'<tr><th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def complain(session, name, days, *, region="310000", lodged=1):
    """Somebody's complaint, to be answered so many days from now."""
    person = factories.make_person(session, name=name, region_code=region)
    session.add(
        Complaint(
            reference=f"TS-{name}", source_key=name, region_code=region, person_id=person.id,
            kind=ComplaintKind.TOO_LITTLE, state=ComplaintState.OPEN, employer_named="甲公司",
            from_month="2026-03", about_decision="", words="少报", evidence="工资单",
            lodged_at=datetime(2026, 8, lodged, 20, 0, tzinfo=UTC), answer_by=ON + timedelta(days=days),
        )
    )  # fmt: skip
    session.commit()
    return person


def make_task(session, maker, **values):
    """What somebody made and another checks."""
    given = {
        "reference": "DB1", "kind": ACCOUNT.kind, "function": Function.FINANCE, "region_code": None,
        "subject": "account:1", "change": {}, "because": "申请", "due_on": ON + timedelta(days=5),
        "made_by_account_id": factories.make_account(session, maker).id, "made_at": factories.AT,
    }  # fmt: skip
    session.add(Task(**(given | values)))
    session.commit()


def test_every_queue_lists_what_it_counts(session):
    """Also the types of their columns, which PostgreSQL compares."""
    complain(session, "王芳", 4)
    make_task(session, factories.make_person(session, name="沈经办"))
    make_staff(session)
    find(session)
    counted = {each.queue.name: each.count for each in count_waiting(session, ON, EVERYTHING)}

    lines, has_more = list_waiting(session, Asked(), ON, EVERYTHING, 1)

    of_lines = [QUEUES[line.queue].name for line in lines]
    assert not has_more
    assert {name: of_lines.count(name) for name in counted} == counted
    assert {name: count for name, count in counted.items() if count} == {
        "complaints": 1, "check-finance": 1, "assessments-found": 1,
    }  # fmt: skip
    # The same keys find the same lines again: what is chosen on the page is what is given.
    chosen = [(QUEUES[line.queue].name, line.key) for line in lines]
    assert sorted(find_waiting(session, chosen, ON, EVERYTHING)) == sorted(
        line[:12] + (None,) * 6 for line in lines
    )
    for view in View:
        for order in Order:
            list_waiting(session, Asked(view=view, order=order), ON, EVERYTHING, 1)


def test_the_nearest_last_day_comes_first_and_what_has_none_last(desk, session):
    employer, _person = make_staff(session)
    find(session)
    for name, days in (("四天", 4), ("逾期", -2), ("今天", 0), ("三天", 3), ("八天", 8)):
        complain(session, name, days)

    page = desk()

    assert listed(page) == ["逾期", "今天", "三天", "四天", "八天", employer.name]
    assert re.findall(r'<span class="tag[^>]*>[^<]+', page) == [
        '<span class="tag bad">2 days late',
        '<span class="tag warn">due today',
        # ON is a Thursday: of three days to Sunday one is a working day.
        '<span class="tag warn">1 working day left',
        '<span class="tag warn">2 working days left',
        '<span class="tag">6 working days left',
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("view=late", ["逾期"]),
        ("view=week", ["今天", "三天"]),
        ("view=made", []),
        ("view=mine", []),
        ("view=nobodys", ["逾期", "今天", "三天", "四天"]),
        ("kind=complaints", ["逾期", "今天", "三天", "四天"]),
        ("kind=payouts", []),
        ("function=finance", []),
        ("function=review&view=late", ["逾期"]),
        ("sort=since", ["今天", "逾期", "四天", "三天"]),
        # What the address cannot mean narrows nothing.
        ("kind=x&function=y&view=z&sort=q&page=w", ["逾期", "今天", "三天", "四天"]),
    ],
)
def test_it_is_narrowed_and_sorted_by_its_address(desk, session, query, expected):
    for name, days, lodged in (("四天", 4, 3), ("逾期", -2, 2), ("今天", 0, 1), ("三天", 3, 4)):
        complain(session, name, days, lodged=lodged)

    page = desk(query)

    assert listed(page) == expected
    assert ("Nothing waits here." in page) is (expected == [])


def test_its_parts_are_counted_as_they_are_narrowed(desk, session):
    for name, days in (("逾期", -2), ("今天", 0), ("四天", 4)):
        complain(session, name, days)

    def counts(query):
        return re.findall(r"<b>(\d+)</b></a>", desk(query, person=clerk))

    clerk = factories.make_person(session, name="沈经办")
    assert counts("") == ["3", "1", "1", "0", "3", "0"]
    assert counts("view=late") == ["3", "1", "1", "0", "3", "0"]
    assert counts("function=finance") == ["0"] * 6


def test_what_one_made_oneself_is_found_and_its_maker_named(desk, session):
    clerk, other = (factories.make_person(session, name=name) for name in ("沈经办", "郑复核"))
    make_task(session, clerk)
    make_task(session, other, reference="DB2", subject="account:2")

    assert desk("view=made", person=clerk).count('"Made by">沈经办<') == 1
    assert desk(person=clerk).count('"Made by">郑复核<') == 1
    assert '"Made by">郑复核<' not in desk("view=made", person=clerk)


def test_a_page_shows_so_many_and_leads_on(desk, session):
    for number in range(PAGE + 1):
        complain(session, f"第{number:02}", number)

    first, second = desk("kind=complaints"), desk("kind=complaints&page=2")

    assert (len(listed(first)), listed(second)) == (PAGE, [f"第{PAGE:02}"])
    assert 'href="/desk?kind=complaints&amp;page=2" rel="next"' in first


def test_only_ones_own_regions_and_insurances_are_listed(desk, session):
    agency = factories.make_agency(session, "330100")
    agency.insurances = frozenset({Insurance.MEDICAL})
    clerk = factories.make_person(session, name="沈经办")
    appoint(session, clerk, Function.REVIEW, agency_id=agency.id)
    pensioner = factories.make_person(session, name="退休", region_code="330100")
    factories.make_pension_application(session, pensioner)
    complain(session, "这里", 4, region="330100")
    complain(session, "别处", 4)

    assert listed(desk(functions=(), person=clerk)) == ["这里"]


def test_who_is_listed_can_see_that_they_were(app, desk, session):
    person = complain(session, "王芳", 4)
    desk()

    (day,) = access_page(app.extensions["siweb_access_log"], [person.id]).days
    assert [entry.reason for entry in day.entries] == ["work_list"]


def test_the_head_says_who_works_where_and_as_what(desk, session):
    agency = factories.make_agency(session, "330100")
    agency.name_en = "Hangzhou Agency"
    clerk = factories.make_person(session, name="沈经办")
    appoint(session, clerk, Function.REVIEW, Function.FINANCE, agency_id=agency.id)

    page = desk(functions=(), person=clerk)

    assert "Hangzhou Agency · Desk" in page
    assert "沈经办<small>Accounts and finance, Reviews and benefits</small>" in page
    head = desk(person=factories.make_person(session)).partition("</header>")[0]
    assert "Whole office · Desk" in head
    assert f"<small>{len(Function)} functions</small>" in head


def test_what_is_of_nobody_in_the_register_is_called_by_what_it_is_about(desk, session):
    maker = factories.make_person(session, name="申经办")
    program = {"office": "市民政局", "program": "殡葬系统"}
    given = {"kind": GIVE_PROGRAM.kind, "function": Function.ADMINISTRATION, "change": program}
    make_task(session, maker, reference="DB2", subject="program:1", **given)
    region = factories.make_region(session, "310000").code
    payment = Payment(
        region_code=region, kind=PaymentKind.TRANSFER, amount_fen=1, unallocated_fen=1,
        received_on=ON, payer_name="来款单位", entry_key="1", recorded_at=factories.AT,
    )  # fmt: skip
    session.add(payment)
    session.flush()
    refund = {"kind": REFUND.kind, "change": {"payment_id": payment.id}}
    make_task(session, factories.make_person(session), reference="DB3", subject="p:1", **refund)

    assert listed(desk("kind=task")) == ["市民政局 · 殡葬系统", "来款单位"]


def test_what_is_about_a_whole_region_is_called_by_it_and_by_what_tells_it_apart(desk, session):
    region = factories.make_region(session, "310000")
    account = BankAccount(number="31001", bank="建设银行", added_at=factories.AT)
    session.add(account)
    session.flush()
    for number, (action, change) in enumerate(
        (
            (ADJUST, {"first_month": "2026-01", "last_month": "2026-03"}),
            (AMOUNT_LIMIT, {"region_code": region.code, "above_fen": None}),
            (RELEASE, {"account_id": account.id}),
            (PUT_IN_FORCE, {"region": NATIONAL}),
        )
    ):
        is_nations = action is PUT_IN_FORCE
        make_task(
            session, factories.make_person(session), reference=f"DC{number}", subject=f"s:{number}", kind=action.kind,
            function=action.function, change=change,
            region_code=None if is_nations else region.code,
        )  # fmt: skip

    assert sorted(listed(desk("kind=task"))) == sorted(
        [f"{region.name_zh} · 2026-01–2026-03", region.name_zh, "建设银行 · 31001", NATIONAL]
    )


def test_a_full_page_costs_few_statements(desk, session, engine):
    clerk = factories.make_person(session, name="沈经办")
    for number in range(PAGE + 1):
        complain(session, f"第{number:02}", number)
    desk(person=clerk)
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    desk(person=clerk)

    asked = [one for one in statements if one.lstrip().startswith(("SELECT", "WITH"))]
    assert len([one for one in asked if "line" in one]) <= 2


@pytest.mark.parametrize(("former", "kind"), FORMER.items())
def test_a_list_that_this_one_took_in_leads_to_its_part(client, session, former, kind):
    sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)

    answer = client.get(f"/desk/{former}")

    assert (answer.status_code, answer.location) == (308, f"/desk?kind={kind}")


def test_a_part_is_headed_by_its_kind_and_all_checks_are_one_part(desk, session):
    clerk = factories.make_person(session, name="沈经办")
    make_task(session, factories.make_person(session))

    assert "<h1>Complaints</h1>" in desk("kind=complaints", person=clerk)
    page = desk("kind=task", person=clerk)
    assert ("<h1>To check</h1>" in page, len(listed(page))) == (True, 1)
    assert "Lists of other offices</a>" in desk("kind=signs", person=clerk)
