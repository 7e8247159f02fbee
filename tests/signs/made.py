"""Signs and lists as tests need them."""

from datetime import date
from io import BytesIO

from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.files.store import FileStore
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.tables.sign import Sign, SignKind, SignState
from siweb.signs.hand_in import hand_in
from tests import factories
from tests.conftest import NOW

DAY = NOW.date()


def make_benefit(session, person, state=BenefitState.ACTIVE):
    """A pension of somebody; a second call finds it."""
    found = session.scalar(select(Benefit).where(Benefit.person_id == person.id))
    if found is not None:
        return found
    benefit = Benefit(
        person_id=person.id, region_code=person.region_code, kind=BenefitKind.PENSION,
        monthly_fen=300_000, from_month="2020-01", state=state, certified_on=date(2026, 11, 1),
    )  # fmt: skip
    session.add(benefit)
    session.flush()
    return benefit


def make_list(session, region_code, text, kind):
    """A list that somebody handed in and whose first two columns are number and day."""
    person = factories.make_person(session)
    actor = Actor(factories.make_account(session, person).id, person.id)
    listed = hand_in(
        session, FileStore(), BytesIO(text.encode()), file_name="list.csv", kind=kind,
        region_code=region_code, office="监狱管理局", actor=actor, at=NOW,
    )  # fmt: skip
    listed.layout = {"heading_row": 1, "columns": {"id_number": 0, "seen_on": 1}}
    session.flush()
    return listed


def make_sign(session, person, kind=SignKind.PRISON, **values):
    """A sign that waits for a look, of somebody who draws a pension."""
    make_benefit(session, person)
    listed = make_list(session, person.region_code, "号,日\n", kind)
    sign = Sign(
        region_code=person.region_code, person_id=person.id, kind=kind, seen_on=date(2026, 9, 1),
        list_id=listed.id, row_number=2, name_agrees=True, due_on=DAY, recorded_at=NOW,
        **{"state": SignState.OPEN, **values},
    )  # fmt: skip
    session.add(sign)
    session.flush()
    return sign


def make_stopped(session, person):
    """A sentence that stopped a benefit."""
    sign = make_sign(
        session, person, state=SignState.CONFIRMED, examined_at=NOW, stopped_from_month="2026-10"
    )
    benefit = make_benefit(session, person)
    benefit.state, benefit.suspended_from_month = BenefitState.SUSPENDED, "2026-10"
    benefit.stop_sign_id = sign.id
    session.flush()
    return sign
