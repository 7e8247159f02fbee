"""What may be done with a filing while it is a draft, read, and one's own; else there is no page."""

from collections import Counter

import pytest
from sqlalchemy import select

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.uploads.views import _heading_row
from siweb.filings.views import _code_asked, _state_asked
from siweb.filings.withdrawal.views import _sentence
from siweb.filings.withdrawal.withdraw import Withdrawn
from tests import factories
from tests.conftest import NOW

REGION = "310000"
NUMBER = factories.make_id_number(serial=7301)
HIRE = {
    "id_number": NUMBER, "name": "陈新", "hired_on": "2026-11-02", "start_month": "2026-11",
    "wage_fen": 900_000, "insurances": ["pension"],
}  # fmt: skip


@pytest.fixture
def engine(sqlite_engine):
    """Which pages there are is the same on either database."""
    return sqlite_engine


@pytest.fixture
def home(employer, act_as):
    act_as("filer")
    return f"/employer/{employer.uscc}"


@pytest.fixture
def filed(session, employer):
    def filed(state=FilingState.DRAFT, *, is_read=True, origin="sheet", of=employer, **values):
        number = next(numbers)
        filing = Filing(
            reference=f"FILING{number}", employer_id=of.id, kind=FilingKind.HIRE, state=state,
            origin=origin, opened_at=NOW, read_at=NOW if is_read else None, file_name="f",
            confirmed_at=NOW if state is FilingState.CONFIRMED else None,
            totals={"codes": {}}, **values,
        )  # fmt: skip
        session.add(filing)
        session.flush()
        session.add(
            FilingRow(
                filing_id=filing.id, position=1, region_code=REGION, row_values=HIRE, findings=[],
                row_key=f"k{number}", number_digest="d", state=RowState.REFUSED,
            )
        )  # fmt: skip
        session.commit()
        return f"/filings/{filing.reference}"

    numbers = iter(range(1, 99))
    return filed


PLACES = [
    ("/rows/1", "get"), ("/rows/1", "post"), ("/check", "post"), ("/draft", "get"),
    ("/draft", "post"), ("/columns", "get"), ("/returned.xlsx", "get"), ("/refused.xlsx", "get"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "opens"),
    [
        ({}, {"/rows/1 get", "/rows/1 post", "/check post", "/draft get", "/draft post"}),
        ({"is_read": False}, set()),
        ({"state": FilingState.CONFIRMED}, set()),
        ({"deleted_at": NOW}, set()),
        ({"of": "another"}, set()),
    ],
    ids=["draft", "not_read", "sent", "deleted", "of_another"],
)
def test_only_a_draft_that_was_read_is_worked_on(browser, session, home, filed, case, opens):
    if "of" in case:
        case = {"of": factories.make_employer(session)}
    address = home + filed(**case)

    found = {
        f"{place} {method}"
        for place, method in PLACES
        if getattr(browser, method)(address + place, **({"data": {"title": "年度"}} if
           method == "post" else {})).status_code != 404
    }  # fmt: skip

    assert found == opens
    if opens:
        assert browser.get(f"{address}/rows/2").status_code == 404
        assert "年度" in browser.get(f"{address}/draft").text


def test_a_name_that_is_too_long_is_refused_and_none_is_none(browser, session, home, filed):
    address = f"{home}{filed()}/draft"
    refused = browser.post(address, data={"title": "长" * 61})
    assert (refused.status_code, "at most 60" in refused.text) == (422, True)
    assert browser.post(address, data={"title": "长" * 60}).status_code == 303
    assert browser.post(address, data={"title": ""}).status_code == 303
    assert session.scalars(select(Filing.title)).all() == [""]


@pytest.mark.parametrize(
    ("state", "status"), [(FilingState.DRAFT, 404), (FilingState.CONFIRMED, 200)]
)
def test_only_what_was_sent_is_withdrawn(browser, home, filed, state, status):
    address = f"{home}{filed(state, origin='form')}/withdraw"
    assert browser.get(address).status_code == status
    if status == 200:
        # Nothing of it counts any more: pressed again it says so.
        again = browser.post(address, data={}, follow_redirects=True)
        assert "withdrawn before" in again.text


def test_what_is_not_read_yet_is_not_sent(browser, session, home, filed):
    address = home + filed(is_read=False)
    assert browser.post(f"{address}/confirm").location == address
    assert session.scalars(select(Filing.state)).all() == [FilingState.DRAFT]
    assert browser.post(f"{home}/filings/NONE/confirm").status_code == 404


def test_filings_are_listed_by_kind(browser, home, filed):
    address = filed()
    for asked, is_listed in (("hire", True), ("leave", False), ("other", True), ("", True)):
        page = browser.get(f"{home}/filings?kind={asked}").text
        assert (address in page) is is_listed, asked


@pytest.mark.parametrize(
    ("asked", "state"), [("refused", RowState.REFUSED), ("other", None), ("", None)]
)
def test_a_state_that_is_none_is_not_asked_for(app, asked, state):
    with app.test_request_context(f"/?state={asked}"):
        assert _state_asked() is state


@pytest.mark.parametrize(
    ("code", "is_one"),
    [("id_length", True), ("name_differs", True), ("nothing", False), ("", False)],
)
def test_only_a_code_that_rows_can_have_is_asked_for(app, code, is_one):
    with app.test_request_context(f"/?code={code}"):
        assert _code_asked() is is_one


@pytest.mark.parametrize(
    ("typed", "row"),
    [("7", 7), ("0", 0), ("1048576", 1_048_576), ("12345678", None), ("x", None), ("", None),
     ("７", None), ("-1", None)],
)  # fmt: skip
def test_a_heading_row_is_a_number_of_a_row(app, typed, row):
    with app.test_request_context("/", query_string={"row": typed}):
        assert _heading_row() == row


@pytest.mark.parametrize(
    ("rows", "left", "is_replaced", "words"),
    [
        (0, {}, False, ["This was withdrawn before"]),
        (1, {}, False, ["1 row is withdrawn"]),
        (2, {"applied": 3}, False, ["2 rows are withdrawn", "3 rows stay."]),
        (1, {}, True, ["1 row is withdrawn", "Correct the draft"]),
    ],
)
def test_what_was_withdrawn_is_told_with_what_stays(app, rows, left, is_replaced, words):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = _sentence(Withdrawn(rows, Counter(left)), is_replaced=is_replaced)
        assert all(each in said for each in words)
        assert ("stay" in said) is bool(left) and ("Correct the draft" in said) is is_replaced


@pytest.fixture
def declared(session, filer, filed, browser):
    """What was declared about the visitor."""

    def declared(state=RowState.APPLIED, whose=filer):
        filed(FilingState.CONFIRMED, origin="form")
        row = session.scalars(select(FilingRow).order_by(-FilingRow.filing_id)).first()
        row.state, row.person_id = state, whose.id
        session.commit()
        return f"/declared/{row.filing_id}/{row.position}"

    return declared


@pytest.mark.parametrize("case", ["holds", "withdrawn", "another's"])
def test_one_objects_to_what_holds_and_is_ones_own(browser, session, declared, case):
    if case == "another's":
        address = declared(whose=factories.make_person(session))
    else:
        address = declared(RowState.WITHDRAWN if case == "withdrawn" else RowState.APPLIED)

    statuses = (
        browser.get(f"{address}/object").status_code,
        browser.post(f"{address}/object", data={"words": ""}).status_code,
        browser.post(f"{address}/object", data={"words": "少了"}).status_code,
        browser.post(f"{address}/agree").status_code,
    )
    assert statuses == ((200, 422, 303, 303) if case == "holds" else (404, 404, 404, 404))
