"""Terms, holds and destruction at the desk: two people, and a register that stays."""

import pytest
from sqlalchemy import func, select

from siweb.complaints.tables.complaint import Complaint
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.files.kept_file import KeptFile, KeptFilePiece
from siweb.keeping.destroy import list_digest
from siweb.keeping.refusal import KeepingRefused
from siweb.keeping.tables.destruction import Destruction, DestructionLine
from siweb.keeping.tables.keeping_hold import KeepingHold
from siweb.keeping.tables.keeping_term import KeepingTerm
from siweb.tasks.tables.task import Task, TaskState
from tests.bills import PACK_REGION
from tests.collection.assessments.test_pages import text_of
from tests.conftest import NOW
from tests.desk.tasks.test_once import desk  # noqa: F401 - fixture
from tests.keeping.old_scans import make_complaint, make_hold, make_old_scan, make_scan, make_term
from tests.papers import paper
from tests.second_person import check_all

PAGE = "/desk/keeping"
DUE = f"{PAGE}/due?region={PACK_REGION}&kept=complaints"
APPRAISAL = paper("because", "鉴定意见1号", kind="decision")


def count(session, table):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(table))


def test_two_people_set_a_term(desk, session):  # noqa: F811
    make_scan(session, make_complaint(session))
    make_term(session, years=100)
    session.commit()
    typed = {
        "term-region": PACK_REGION, "term-kept": "complaints", "term-years": "10",
        **paper("term-because", "归档目录2号", kind="rules"),
    }  # fmt: skip

    assert desk.post(f"{PAGE}/terms", data=typed).status_code == 303
    assert count(session, KeepingTerm) == 1
    check_all(session)

    assert count(session, KeepingTerm) == 2
    page = text_of(desk.get(PAGE))
    assert "10 years" in page
    assert "归档目录2号" in page
    assert "keeping/due?region=310000&amp;kept=complaints" in page
    again = desk.post(f"{PAGE}/terms", data=typed)
    assert (again.status_code, "It is so already." in text_of(again)) == (422, True)


def test_a_list_is_destroyed_by_two_and_stands_in_the_register(desk, session):  # noqa: F811
    scan = make_old_scan(session)
    reference, digest = scan.reference, scan.digest
    session.commit()
    assert reference in text_of(desk.get(DUE))

    assert desk.post(DUE, data=APPRAISAL).status_code == 303
    assert count(session, EvidenceFile) == 1
    task = session.scalars(select(Task)).one()
    shown = text_of(desk.get(f"/desk/tasks/{task.reference}"))
    assert "1 January 2016" in shown
    check_all(session)

    gone = (EvidenceFile, KeptFile, KeptFilePiece)
    assert [count(session, table) for table in gone] == [0, 0, 0]
    row = session.scalars(select(Destruction)).one()
    line = session.scalars(select(DestructionLine)).one()
    assert (row.scans, row.size, line.scan_number) == (1, 5, reference)
    assert row.digest == list_digest([(reference, line.case_number, digest)])
    assert task.reference in text_of(desk.get(PAGE))
    listed = text_of(desk.get(f"{PAGE}/destroyed?number={task.reference}"))
    assert reference in listed
    assert "鉴定意见1号" in listed
    assert "复核员" in listed
    assert "None of this is due." in text_of(desk.get(DUE))


def test_the_list_names_scans_and_opens_none(desk, session):  # noqa: F811
    scan = make_old_scan(session)
    session.commit()

    page = desk.get(DUE).text

    assert scan.reference in page
    assert "opened from its case, by those who work on it" in page
    # Administration decides about the term; what the paper shows is no matter of its own.
    assert "/evidence/" not in page


def test_a_content_that_another_case_has_stays(desk, session):  # noqa: F811
    make_old_scan(session)
    other = make_scan(session, make_complaint(session, closed_at=NOW))
    session.commit()

    desk.post(DUE, data=APPRAISAL)
    check_all(session)

    assert session.scalars(select(EvidenceFile.id)).all() == [other.id]
    assert count(session, KeptFile) == 1


def test_a_hold_between_the_two_people_keeps_the_whole_list(desk, session):  # noqa: F811
    scan = make_old_scan(session)
    session.commit()
    desk.post(DUE, data=APPRAISAL)
    make_hold(session, scan)
    session.commit()

    with pytest.raises(KeepingRefused, match="list_changed"):
        check_all(session)

    session.rollback()
    assert count(session, EvidenceFile) == 1
    assert session.scalars(select(Task.state)).all() == [TaskState.OPEN]


def test_one_holds_a_case_and_two_lift_it(desk, session):  # noqa: F811
    scan = make_old_scan(session)
    session.commit()
    number = session.scalars(select(Complaint.reference)).one()
    typed = {
        "hold-number": f" {number.lower()} ",
        **paper("hold-because", "法院函1号", kind="letter"),
    }

    assert desk.post(f"{PAGE}/holds", data=typed).status_code == 303
    assert "法院函1号" in text_of(desk.get(PAGE))
    assert desk.post(DUE, data=APPRAISAL).status_code == 404
    refused = desk.post(f"{PAGE}/holds", data=typed)
    assert (refused.status_code, "This case is held already." in text_of(refused)) == (422, True)
    lift = {"lift-number": number, **paper("lift-because", "法院函2号", kind="letter")}
    desk.post(f"{PAGE}/holds/lift", data=lift)
    assert session.scalars(select(KeepingHold.lifted_at)).all() == [None]
    check_all(session)

    assert session.scalars(select(KeepingHold.lifted_at)).one() is not None
    assert scan.reference in text_of(desk.get(DUE))


def test_a_number_of_nothing_is_refused(desk, session):  # noqa: F811
    make_term(session)
    session.commit()
    typed = {"hold-number": "C9999999", **paper("hold-because", "法院函1号", kind="letter")}

    refused = desk.post(f"{PAGE}/holds", data=typed)

    assert (refused.status_code, count(session, KeepingHold)) == (422, 0)
    assert "has this number" in text_of(refused)


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGE}/due?region={PACK_REGION}&kept=never",
        f"{PAGE}/due?region=530000&kept=complaints",
        f"{PAGE}/destroyed?number=X",
    ],
)
def test_what_is_not_there_is_not_found(desk, session, address):  # noqa: F811
    make_old_scan(session)
    session.commit()

    assert desk.get(address).status_code == 404


def test_half_an_address_leads_to_where_it_is_chosen(desk):  # noqa: F811
    for half in ("due", "destroyed"):
        assert desk.get(f"{PAGE}/{half}").location == PAGE
