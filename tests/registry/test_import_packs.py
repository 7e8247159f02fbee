"""Imported packs: every version kept, nothing that was known rewritten."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.registry.packs.import_packs import HistoryRefused, import_packs
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.row import PackError
from tests.rules.packs import limits, packs_of

JUNE = datetime(2025, 6, 30, 2, tzinfo=UTC)
SEPTEMBER = datetime(2025, 9, 20, 2, tzinfo=UTC)
OLD = limits(effective_from='"2024-07"', published_on="2024-06-28")
NEW = limits(effective_from='"2025-07"', published_on="2025-09-18", base_floor='"5500.00"')


def put_in_force(session, *rows, at=JUNE, **options):
    packs = packs_of(city=rows).packs.values()
    return import_packs(session, packs, actor=SYSTEM, at=at, **options)


def floor_of(packs, month, as_of=None):
    found = packs.parameters("320100", month, as_of=as_of).row("limits", "employee", "pension")
    return found.values["base_floor"]


def test_an_imported_pack_is_what_the_office_works_by(session):
    put_in_force(session, OLD)

    packs = packs_in_force(session)

    assert floor_of(packs, "2025-08") == 500000
    assert "110000" in packs.regions
    assert packs_in_force(session) is packs


def test_without_imports_the_shipped_packs_hold(session):
    assert packs_in_force(session) is load_packs()


def test_a_late_notice_is_added_and_makes_the_past_recomputable(session):
    put_in_force(session, OLD)
    (done,) = put_in_force(session, OLD, NEW, at=SEPTEMBER)

    packs = packs_in_force(session)

    assert [change.kind for change in done.changes] == ["added"]
    assert floor_of(packs, "2025-08") == 550000
    assert floor_of(packs, "2025-08", date(2025, 9, 17)) == 500000


def test_what_the_office_had_at_hand_at_an_instant(session):
    put_in_force(session, OLD)
    put_in_force(session, OLD, NEW, at=SEPTEMBER)

    assert floor_of(packs_in_force(session, at=JUNE), "2025-08") == 500000
    assert floor_of(packs_in_force(session, at=SEPTEMBER), "2025-08") == 550000
    before = packs_in_force(session, at=datetime(2025, 6, 30, 1, tzinfo=UTC))
    assert before is load_packs()


def test_the_same_text_twice_changes_nothing(session):
    (first,), (again,) = put_in_force(session, OLD), put_in_force(session, OLD, at=SEPTEMBER)

    assert first.pack_id is not None
    assert again.pack_id is None
    assert len(session.scalars(select(ParameterPack)).all()) == 1


@pytest.mark.parametrize("rows", [(NEW,), (limits(base_floor='"1"'),)])
def test_an_import_that_rewrites_is_refused_with_its_rows(session, rows):
    put_in_force(session, limits())

    with pytest.raises(HistoryRefused) as caught:
        put_in_force(session, *rows, at=SEPTEMBER)

    assert caught.value.facts["region"] == "320100"
    assert all(change.rewrites for change in caught.value.facts["changes"])


def test_a_slip_may_be_rewritten_and_the_old_version_stays(session):
    put_in_force(session, limits())
    put_in_force(session, limits(base_floor='"5001"'), at=SEPTEMBER, rewrite=True)

    versions = session.scalars(select(ParameterPack).order_by(ParameterPack.id)).all()

    assert [version.is_in_force for version in versions] == [False, True]
    assert versions[0].superseded_at == versions[1].imported_at == SEPTEMBER
    assert floor_of(packs_in_force(session, at=JUNE), "2025-08") == 500000


def test_an_import_is_in_the_activity_log(session):
    (done,) = put_in_force(session, OLD)

    activity = session.scalars(select(Activity).order_by(Activity.id.desc())).first()

    assert (activity.action, activity.subject_id) == ("parameter_pack.imported", str(done.pack_id))
    assert activity.facts["region"] == "320100"
    assert (activity.facts["added"], activity.facts["rewritten"]) == (1, 0)


def pack(**changes):
    given = {"region": "320100", "digest": "0" * 64, "content": "x", "imported_at": JUNE}
    return ParameterPack(**{**given, **changes})


@pytest.mark.parametrize(
    "changes",
    [{}, {"region": "3201", "digest": "1" * 64}, {"region": "CN", "digest": "1"},
     {"region": "CN", "superseded_at": datetime(2025, 6, 30, 1, tzinfo=UTC)}],
)  # fmt: skip
def test_the_database_refuses_what_cannot_be(session, changes):
    session.add(pack())
    session.flush()
    session.add(pack(**changes))

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_pack_that_cannot_be_read_any_more_is_named(session):
    session.add(pack(content="format = 2", digest="f" * 64))
    session.flush()

    with pytest.raises(PackError, match="this reads format 1 only"):
        packs_in_force(session)
