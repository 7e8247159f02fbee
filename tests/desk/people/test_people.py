"""Accounts move between regions with their months, and go to the heirs of whoever died."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.access_log.read import access_page
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import EVERY_FUNCTION, sign_in

CERTIFIED = {
    "other_region": "南京市",
    "from_month": "2019-03",
    "through_month": "2021-12",
    "months": "30",
    "amount": "12,345.60",
    **paper("certificate", "南京市转移信息表〔2026〕8号"),
}
HEIRS = paper("succession", "公证书〔2026〕7号")


# The form of a page that was opened later: sent twice, the first would be one action.
SENT_OUT = {"to_region": "成都市", **paper("letter", "成都市联系函〔2026〕5号")}
SECOND = SENT_OUT | {"form_key": "second"}


@pytest.fixture
def desk(client, session):
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


@pytest.fixture
def person(session):
    """Somebody with two paid months of pension here and no open enrolment."""
    person = factories.make_person(session, born_on=date(1980, 5, 1))
    employer = factories.make_employer(session)
    for month in ("2025-01", "2025-02"):
        record = factories.make_record(
            session,
            person,
            month,
            employer=employer,
            paid_on=date(2025, 3, 10),
            account_fen=80_000,
        )
        session.add(
            AccountEntry(
                person_id=person.id,
                year=2025,
                kind=EntryKind.CREDIT,
                contribution_month=month,
                amount_fen=80_000,
                posted_on=date(2025, 3, 10),
                **factories.about(record),
            )
        )
    session.commit()
    return person


@pytest.fixture
def done(desk, session):
    """Send a form of the desk, and let a second person do what waits then."""

    def send(address, data, **more):
        answer = desk.post(address, data=data, **more)
        check_all(session)
        return answer

    return send


def text_of(answer):
    return answer.get_data(as_text=True)


def balance(session, person):
    return session.scalar(
        select(func.sum(AccountEntry.amount_fen)).where(AccountEntry.person_id == person.id)
    )


def test_staff_find_a_person_without_the_number_in_an_address(app, desk, session, person):
    answer = desk.post("/desk/people", data={"id_number": person.id_number})

    assert answer.location == f"/desk/people/{person.id}"
    assert person.name in text_of(desk.get(answer.location))
    (day,) = access_page(app.extensions["siweb_access_log"], [person.id]).days
    assert [entry.reason for entry in day.entries] == ["person"]


def test_nobody_is_found_with_a_sentence(desk):
    answer = desk.post("/desk/people", data={"id_number": factories.make_id_number()})

    assert answer.status_code == 422
    assert "nobody with this ID number" in text_of(answer)


def test_an_account_is_brought_in_with_its_months(done, desk, session, person):
    answer = done(f"/desk/people/{person.id}/bring-in", data=CERTIFIED)

    assert answer.status_code == 303
    segment = session.scalars(select(TransferSegment)).one()
    assert (segment.direction, segment.months, segment.amount_fen) == (Direction.IN, 30, 1_234_560)
    assert balance(session, person) == 160_000 + 1_234_560
    assert "from 南京市: March 2019 to December 2021 · 30 months" in text_of(
        desk.get(answer.location)
    )
    assert not list(check_books(session, packs_in_force(session), Scope()).lines())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"through_month": "2018-01"}, "is before the first"),
        ({"through_month": "2027-01"}, "has not begun yet"),
        ({"months": "35"}, "fewer months than that"),
        ({"through_month": "2025-01", "months": "1"}, "count here already"),
        ({"amount": "0"}, "nothing in the account"),
        ({"amount": ""}, "Enter the amount transferred."),
    ],
)
def test_what_cannot_be_brought_in_is_refused_beside_its_field(
    done, desk, session, person, changed, said
):
    answer = done(f"/desk/people/{person.id}/bring-in", data=CERTIFIED | changed)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "南京市" in text_of(answer)
    assert session.scalar(select(func.count(TransferSegment.id))) == 0


def test_the_same_months_are_not_brought_in_twice(done, desk, session, person):
    done(f"/desk/people/{person.id}/bring-in", data=CERTIFIED)

    again = done(f"/desk/people/{person.id}/bring-in", data=CERTIFIED | {"form_key": "other"})

    assert "count here already" in text_of(again)
    assert session.scalar(select(func.count(TransferSegment.id))) == 1


def test_an_account_is_sent_out_with_the_months_paid_here(done, session, person):
    done(f"/desk/people/{person.id}/send-out", data=SENT_OUT)

    segment = session.scalars(select(TransferSegment)).one()
    assert (segment.direction, segment.other_region) == (Direction.OUT, "成都市")
    assert (segment.from_month, segment.through_month, segment.months) == ("2025-01", "2025-02", 2)
    assert segment.amount_fen > 160_000
    assert balance(session, person) == 0


def test_months_that_went_along_with_somebody_else_are_still_this_persons(done, session, person):
    other = factories.make_person(session)
    session.add(
        TransferSegment(
            person_id=other.id,
            direction=Direction.OUT,
            other_region="成都市",
            from_month="2025-01",
            through_month="2026-01",
            months=13,
            amount_fen=1,
            transferred_on=date(2026, 2, 1),
            recorded_at=factories.AT,
        )
    )
    session.commit()

    done(f"/desk/people/{person.id}/send-out", data=SENT_OUT)

    segment = session.scalars(
        select(TransferSegment).where(TransferSegment.person_id == person.id)
    ).one()
    assert (segment.from_month, segment.through_month, segment.months) == ("2025-01", "2025-02", 2)


@pytest.mark.parametrize(
    "stretch",
    [
        ("2021-12", "2021-12", "1"),
        ("2019-03", "2021-12", "34"),
        ("2024-11", "2024-12", "2"),
        ("2025-03", "2025-04", "2"),
        ("2026-10", "2026-11", "2"),
    ],
    ids=["one month", "every month", "up to what is here", "from what is here", "up to now"],
)
def test_what_just_fits_is_brought_in(done, session, person, stretch):
    names = ("from_month", "through_month", "months")
    changed = dict(zip(names, stretch, strict=True))

    answer = done(f"/desk/people/{person.id}/bring-in", data=CERTIFIED | changed)

    assert answer.status_code == 303
    segment = session.scalars(select(TransferSegment)).one()
    assert (segment.from_month, segment.through_month, str(segment.months)) == stretch


@pytest.mark.parametrize("first", ["2024-12", "2025-02"])
def test_months_that_count_here_are_not_brought_in_from_either_end(desk, session, person, first):
    through = {"2024-12": "2025-01", "2025-02": "2025-03"}[first]
    changed = {"from_month": first, "through_month": through, "months": "2"}

    answer = desk.post(f"/desk/people/{person.id}/bring-in", data=CERTIFIED | changed)

    assert "count here already" in text_of(answer)


@pytest.mark.parametrize(("last", "is_sent"), [("2026-10", True), ("2026-11", False)])
def test_whoever_took_part_until_last_month_can_be_sent_out(done, session, person, last, is_sent):
    factories.make_enrolment(session, person, insurance=Insurance.PENSION, to_month=last)
    session.commit()

    done(f"/desk/people/{person.id}/send-out", data=SENT_OUT)

    assert session.scalar(select(func.count(TransferSegment.id))) == int(is_sent)


def test_who_still_takes_part_cannot_be_sent_out(done, session, person):
    factories.make_enrolment(session, person, insurance=Insurance.PENSION)
    session.commit()

    answer = done(f"/desk/people/{person.id}/send-out", data=SENT_OUT)

    assert "is still insured here" in text_of(answer)


def test_a_death_ends_enrolments_and_benefits_and_the_heirs_are_paid(done, desk, session, person):
    enrolment = factories.make_enrolment(session, person, insurance=Insurance.MEDICAL)
    benefit = Benefit(
        person_id=person.id,
        region_code=person.region_code,
        kind=BenefitKind.SURVIVOR,
        monthly_fen=100_000,
        from_month="2025-01",
        state=BenefitState.ACTIVE,
        certified_on=date(2026, 1, 1),
    )
    session.add(benefit)
    session.commit()

    done(
        f"/desk/people/{person.id}/death",
        data={"died_on": "2026-10-30", **paper("proof", "死亡证明1号")},
    )
    done(f"/desk/people/{person.id}/heirs", HEIRS)

    session.expire_all()
    assert enrolment.to_month == "2026-10"
    assert session.get(Benefit, benefit.id).state is BenefitState.TERMINATED
    assert balance(session, person) == 0
    kinds = session.scalars(select(AccountEntry.kind).where(AccountEntry.amount_fen < 0)).all()
    assert kinds == [EntryKind.INHERITANCE]


@pytest.mark.parametrize(
    ("died_on", "said"),
    [
        ("2026-12-01", "lies in the future"),
        ("1970-01-01", "before the date of birth"),
        ("", "Enter the date"),
    ],
)
def test_a_day_that_cannot_be_is_refused(done, desk, person, died_on, said):
    answer = done(
        f"/desk/people/{person.id}/death",
        data={"died_on": died_on, **paper("proof", "死亡证明1号")},
    )

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_heirs_are_paid_once_and_only_of_the_dead(done, desk, session, person):
    alive = done(f"/desk/people/{person.id}/heirs", HEIRS, follow_redirects=True)
    assert "Register the death first." in text_of(alive)
    done(
        f"/desk/people/{person.id}/death",
        data={"died_on": "2026-10-30", **paper("proof", "死亡证明1号")},
    )
    done(f"/desk/people/{person.id}/heirs", HEIRS)

    again = done(f"/desk/people/{person.id}/heirs", HEIRS, follow_redirects=True)

    assert "This was done already" in text_of(again)
    account = desk.get(f"/desk/people/{person.id}/account")
    assert "There is nothing in the account." in text_of(account)


def test_what_was_to_begin_after_a_death_is_never_billed(done, desk, session, person):
    stays = factories.make_enrolment(session, person, Insurance.MEDICAL, from_month="2026-10")
    factories.make_enrolment(session, person, from_month="2026-11", to_month="2026-12")
    session.commit()

    done(
        f"/desk/people/{person.id}/death",
        data={"died_on": "2026-10-30", **paper("proof", "死亡证明1号")},
    )

    session.expire_all()
    assert session.scalars(select(Enrolment)).all() == [stays]
    assert stays.to_month == "2026-10"


def pay_late(session, person, month, kind=RecordKind.REGULAR):
    """A month that was paid after everything that is in the account by now."""
    record = factories.make_record(
        session, person, month, kind=kind, employer=factories.make_employer(session),
        paid_on=date(2025, 3, 1),
    )  # fmt: skip
    factories.make_account_entry(
        session, person, 2025, EntryKind.CREDIT, 80_000,
        contribution_month=month, **factories.about(record),
    )  # fmt: skip
    session.commit()


def test_an_older_month_that_was_paid_late_follows(done, session, person):
    done(f"/desk/people/{person.id}/send-out", data=SENT_OUT)
    pay_late(session, person, "2024-12")

    done(f"/desk/people/{person.id}/send-out", data=SECOND)

    first, second = session.scalars(select(TransferSegment).order_by(TransferSegment.id)).all()
    assert (first.from_month, first.months) == ("2025-01", 2)
    assert (second.from_month, second.through_month, second.months) == ("2024-12", "2024-12", 1)
    assert balance(session, person) == 0


def test_a_change_of_a_month_that_went_along_sends_no_month_again(done, session, person):
    done(f"/desk/people/{person.id}/send-out", data=SENT_OUT)
    pay_late(session, person, "2025-02", RecordKind.ADJUSTMENT)

    answer = done(f"/desk/people/{person.id}/send-out", data=SECOND)

    assert "No month of pension was paid here" in text_of(answer)
