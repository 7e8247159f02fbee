"""Who holds which function: from and until which day, for which region, and what ends."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.appoint import AppointmentRefused, appoint, end_appointment
from siweb.auth.staff.duties import (
    EVERYWHERE,
    Duty,
    Scope,
    acts,
    read_duties,
    regions_in,
    scope_of,
    stands,
    written_duties,
)
from siweb.auth.staff.find import find_appointment, list_staff
from siweb.auth.staff.subject import Subject, is_own
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.second_factor import SecondFactor
from siweb.registry.codes import AgencyKind, Insurance
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.region import Region
from tests import factories
from tests.conftest import NOW

TODAY, YESTERDAY, TOMORROW = (date(2026, 11, day) for day in (24, 23, 25))
HERE, THERE = "310100", "320100"
ADMINISTRATION, FINANCE, REVIEW = Function.ADMINISTRATION, Function.FINANCE, Function.REVIEW


@pytest.fixture
def agencies(session):
    """An agency of each of two regions, by their codes."""
    found = {}
    for code in (HERE, THERE):
        factories.make_region(session, code)
        found[code] = Agency(
            region_code=code, kind=AgencyKind.HRSS, name_zh=f"经办机构{code}",
            name_en="", address_zh="", address_en="", phone="",
        )  # fmt: skip
        session.add(found[code])
    session.flush()
    return found


@pytest.fixture
def hold(session):
    """Let somebody hold a function, as a row of the table."""

    def make(person, function=REVIEW, agency=None, **values):
        given = {"from_on": date(2026, 1, 1), "made_at": NOW} | values
        row = Appointment(
            person_id=person.id, function=function, agency_id=agency and agency.id, **given
        )
        session.add(row)
        session.flush()
        return row

    return make


def give(session, person, function, agency=None, *, mixes=False):
    return appoint(
        session, person.id, function, agency and agency.id,
        makers=(None, None), mixes=mixes, on=TODAY, at=NOW,
    )  # fmt: skip


def end(session, appointment):
    end_appointment(session, appointment, actor=SYSTEM, on=TODAY, at=NOW)


def test_an_appointment_stands_from_its_first_to_its_last_day(session, hold):
    for name, values in {
        "since today": {"from_on": TODAY},
        "from tomorrow": {"from_on": TOMORROW},
        "until today": {"until_on": TODAY},
        "until yesterday": {"until_on": YESTERDAY},
        "ended": {"ended_at": NOW},
        "standing": {},
    }.items():
        hold(factories.make_person(session, name=name), **values)

    shown = list_staff(session, scope=EVERYWHERE, on=TODAY)

    assert [row.name for row in shown] == ["since today", "standing", "until today"]


def test_staff_are_listed_by_name_and_those_of_a_region_to_it_alone(session, agencies, hold):
    first, second = (factories.make_person(session, name=name) for name in ("甲", "乙"))
    # In another order than they are shown in.
    whole = hold(first, FINANCE)
    hold(first, REVIEW, agencies[HERE])
    hold(second, REVIEW, agencies[THERE])
    names = sorted(["甲", "甲", "乙"])

    everybody = list_staff(session, scope=EVERYWHERE, on=TODAY)
    here = list_staff(session, scope=Scope(frozenset({HERE})), on=TODAY)

    assert [row.name for row in everybody] == names
    assert [(row.name, row.agency) for row in here] == [("甲", f"经办机构{HERE}")]
    shown = find_appointment(session, whole.id)
    assert (shown.person_id, shown.name, shown.agency) == (first.id, "甲", None)
    assert find_appointment(session, 999_999) is None


def test_duties_are_read_as_they_are_written():
    assert read_duties(None) == read_duties("") == ()
    assert read_duties("review:0:000000,finance:7:310100") == (
        Duty(REVIEW, None, None),
        Duty(FINANCE, 7, HERE),
    )
    medical = frozenset({Insurance.MEDICAL, Insurance.MATERNITY})
    assert read_duties("review:7:310100:medical maternity") == (Duty(REVIEW, 7, "310100", medical),)
    assert read_duties("review:7:310100:") == (Duty(REVIEW, 7, "310100"),)
    assert read_duties("review:7:10000") == (Duty(REVIEW, 7, "010000"),)


def test_a_province_is_what_lies_in_it_today_and_never_the_whole_office(session, hold):
    person = factories.make_person(session)
    hold(person, Function.AUDIT, area_code="320000")
    asked = written_duties().where(Appointment.person_id == person.id, stands(TODAY))

    def scope():
        return scope_of(read_duties(session.scalar(asked)), (Function.AUDIT,))

    # Nothing lies there yet: that is nothing, and not everything.
    assert not scope().covers(None)
    assert not scope().covers(THERE)
    for code in (HERE, THERE, "320500", "330100"):
        factories.make_region(session, code)
        session.get_one(Region, code).is_hosted = code != "320500"
    session.flush()
    assert scope().regions == {THERE}
    session.get_one(Region, "320500").is_hosted = True
    session.flush()
    assert scope().regions == {THERE, "320500"}
    assert not scope().covers(None)
    # Another province besides, and an agency: each adds what is its own.
    hold(person, Function.AUDIT, area_code="330000")
    assert scope().regions == {THERE, "320500", "330100"}


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (REVIEW, {"area_code": "320000"}),
        (Function.AUDIT, {"area_code": "320100"}),
        (Function.AUDIT, {"area_code": "320000", "agency": True}),
    ],
)
def test_for_a_province_one_only_audits(session, hold, agencies, function, values):
    given = dict(values)
    agency = agencies[THERE] if given.pop("agency", False) else None
    with pytest.raises(IntegrityError):
        hold(factories.make_person(session), function, agency, **given)


def test_a_province_is_held_once(session):
    person = factories.make_person(session)
    given = {"makers": (None, None), "mixes": False, "on": TODAY, "at": NOW}
    area = {"area_code": "320000"}
    appoint(session, person.id, Function.AUDIT, None, **given, **area)
    with pytest.raises(AppointmentRefused, match="held_already"):
        appoint(session, person.id, Function.AUDIT, None, **given, **area)
    # The whole office is another place.
    appoint(session, person.id, Function.AUDIT, None, **given)
    with pytest.raises(AppointmentRefused, match="area_is_read"):
        appoint(session, person.id, REVIEW, None, **given, **area)


def test_a_function_is_held_where_its_agency_is_and_everywhere_without_one(session):
    here, there, whole = Duty(REVIEW, 1, HERE), Duty(REVIEW, 2, THERE), Duty(FINANCE, None, None)

    assert scope_of((here, there, whole), (REVIEW,)) == Scope(frozenset({HERE, THERE}))
    assert scope_of((here, whole), (REVIEW, FINANCE)) is EVERYWHERE
    assert scope_of((here, whole), (Function.AUDIT,)) is None
    assert [acts((here,), (REVIEW,), region) for region in (HERE, THERE, None)] == [
        True, False, False,
    ]  # fmt: skip
    assert acts((whole,), (FINANCE,), None)
    assert not acts((here,), (FINANCE,), HERE)

    for code in (HERE, THERE):
        factories.make_region(session, code)
    session.get_one(Region, THERE).is_hosted = True
    session.flush()
    assert [each.code for each in regions_in(scope_of((there,), (REVIEW,)), session)] == [THERE]


def test_nobody_holds_the_same_twice_or_what_does_not_go_together(session, agencies):
    clerk = factories.make_person(session)
    first = give(session, clerk, REVIEW, agencies[HERE])
    # The same elsewhere is another appointment, and others hold what they hold.
    give(session, clerk, REVIEW, agencies[THERE])
    give(session, factories.make_person(session), REVIEW, agencies[HERE])

    for mixes, function, code in ((True, REVIEW, "held_already"), (False, FINANCE, "incompatible")):
        with pytest.raises(AppointmentRefused) as refused:
            give(session, clerk, function, agencies[HERE], mixes=mixes)
        assert refused.value.code == code
    assert refused.value.facts == {"functions": ["review"]}
    assert give(session, clerk, FINANCE, agencies[HERE], mixes=True)

    # What ended is held no more.
    end(session, first)
    assert give(session, clerk, REVIEW, agencies[HERE], mixes=True)
    with pytest.raises(AppointmentRefused) as refused:
        end(session, first)
    assert refused.value.code == "ended"


def test_two_who_administer_the_whole_office_stay(session, agencies, hold):
    people = [factories.make_person(session) for _each in range(6)]
    first, second, third = (hold(person, ADMINISTRATION) for person in people[:3])
    # None of these administers the whole office today; the first counts once, and not for herself.
    hold(people[3], ADMINISTRATION, agencies[HERE])
    hold(people[4], ADMINISTRATION, until_on=YESTERDAY)
    hold(people[5], FINANCE)
    of_agency = hold(people[0], ADMINISTRATION, agencies[HERE])
    hold(people[1], FINANCE)

    end(session, third)
    for row in (first, second):
        with pytest.raises(AppointmentRefused) as refused:
            end(session, row)
        assert refused.value.code == "last_two"

    # Of one agency, or of another function, the last may go.
    end(session, of_agency)
    session.refresh(of_agency)
    assert of_agency.ended_at == NOW


def test_a_matter_lies_where_one_of_its_regions_is(session):
    factories.make_region(session, THERE)
    here, there = Scope(frozenset({HERE})), Scope(frozenset({THERE}))
    of_region = Region.__table__.select().with_only_columns(Region.__table__.c.code)
    more = of_region.where(Region.__table__.c.code == THERE)

    both = Subject(frozenset({HERE, THERE}))
    assert (both.lies_in(session, here), both.lies_in(session, there)) == (True, True)
    only = Subject(frozenset({HERE}))
    assert (only.lies_in(session, here), only.lies_in(session, there)) == (True, False)
    further = Subject(frozenset({HERE}), more_regions=more)
    assert (further.lies_in(session, there), further.lies_in(session, here)) == (True, True)
    # What has no region is the whole office's.
    none = Subject(frozenset())
    assert (none.lies_in(session, EVERYWHERE), none.lies_in(session, here)) == (True, False)


def test_ones_own_matter_is_that_of_oneself_or_of_a_firm_one_acts_for(session):
    person, other = factories.make_person(session), factories.make_person(session)
    firm, stranger = factories.make_employer(session), factories.make_employer(session)
    account = factories.make_account(session, person)
    factories.make_mandate(session, account, firm, "viewer", revoked_at=NOW)
    factories.make_mandate(session, factories.make_account(session, other), stranger, "owner")

    def own(people=(), firms=(), account_id=account.id):
        subject = Subject(
            frozenset({HERE}),
            person_ids=frozenset(each.id for each in people),
            employer_ids=frozenset(each.id for each in firms),
        )
        return is_own(session, subject, keys=(person.id,), account_id=account_id)

    assert own([person]) and own([other, person]) and own([other], [firm]) and own([], [firm])
    assert not own([other]) and not own([other], [stranger]) and not own()
    # Without an account no mandate is looked for.
    assert not own([other], [firm], account_id=None)


def test_rows_of_a_region_are_those_that_its_agency_runs_and_what_all_have_in_common(
    session, agencies
):
    for code in agencies:
        session.add(
            Agency(
                region_code=code, kind=AgencyKind.MEDICAL, name_zh=code, name_en="",
                address_zh="", address_en="", phone="",
            )
        )  # fmt: skip
    session.flush()
    medical, pension = {Insurance.MEDICAL}, {Insurance.PENSION}
    runs_pension = scope_of((Duty(REVIEW, 1, HERE, frozenset(pension)),), (REVIEW,))
    # As if these rows were about an insurance: those of medical agencies about one, the rest none.
    of_medical = (Agency.kind == AgencyKind.MEDICAL, medical)
    of_pension = (Agency.kind == AgencyKind.HRSS, pension)

    def shown(scope, *about):
        asked = select(Agency.kind, Agency.region_code).where(scope.has(Agency.region_code, *about))
        return sorted((kind.value, code) for kind, code in session.execute(asked))

    assert shown(runs_pension, of_medical) == [("hrss", HERE)]
    assert shown(runs_pension, of_pension) == [("hrss", HERE), ("medical_security", HERE)]
    assert shown(runs_pension, of_medical, of_pension) == [("hrss", HERE)]
    assert shown(Scope(frozenset({THERE})), of_medical) == [
        ("hrss", THERE),
        ("medical_security", THERE),
    ]
    assert len(shown(EVERYWHERE, of_medical)) == 4


def test_staff_are_listed_with_since_when_each_has_a_second_factor(session, hold):
    people = [factories.make_person(session, name=name) for name in ("甲", "乙", "丙")]
    for person in people:
        hold(person)
    accounts = [factories.make_account(session, person) for person in people[:2]]
    session.add(
        SecondFactor(account_id=accounts[0].id, secret="A" * 32, last_step=0, set_up_at=NOW)
    )
    session.flush()

    shown = list_staff(session, scope=EVERYWHERE, on=TODAY)

    assert {row.name: row.factor_since for row in shown} == {"甲": NOW, "乙": None, "丙": None}


def test_a_scope_knows_the_insurances_of_each_region():
    medical, pension = {Insurance.MEDICAL}, {Insurance.PENSION}
    one = Duty(REVIEW, 1, HERE, frozenset(medical))
    rest = Duty(REVIEW, 2, HERE, frozenset(Insurance) - medical)
    there = Duty(REVIEW, 3, THERE)

    scope = scope_of((one, there), (REVIEW,))
    assert scope.covers(HERE)
    assert scope.covers(HERE, medical)
    assert not scope.covers(HERE, pension)
    assert scope.covers(HERE, medical | pension)
    assert not scope.covers(HERE, medical | pension, wholly=True)
    assert scope.covers(THERE, medical | pension, wholly=True)
    assert scope.running(*pension).regions == {THERE}
    # Of none in particular it is what all have in common: nothing is left out.
    assert scope.running() is scope
    assert EVERYWHERE.running(*pension) is EVERYWHERE
    # What is about one of several stays told apart in the part.
    assert not scope.running(*medical).covers(HERE, pension)
    # Who holds it for both agencies has the whole region; so has who holds it for all.
    assert scope_of((one, rest), (REVIEW,)) == Scope(frozenset({HERE}))
    assert EVERYWHERE.covers(None, pension, wholly=True)


def test_what_ran_out_by_its_last_day_is_held_no_more(session, hold):
    """Nothing ends it by itself: the next appointment does, and the keys let it in."""
    clerk = factories.make_person(session)
    ran_out = hold(clerk, FINANCE, until_on=YESTERDAY)
    ended_before = hold(clerk, REVIEW, until_on=YESTERDAY)
    ended_before.ended_at = long_ago = NOW - timedelta(days=40)
    session.flush()
    until_today = factories.make_person(session)
    hold(until_today, FINANCE, until_on=TODAY)
    with pytest.raises(AppointmentRefused, match="incompatible"):
        give(session, until_today, REVIEW)

    assert give(session, clerk, REVIEW)
    assert give(session, clerk, FINANCE, mixes=True)

    session.refresh(ran_out)
    session.refresh(ended_before)
    assert (ran_out.ended_at, ended_before.ended_at) == (NOW, long_ago)
