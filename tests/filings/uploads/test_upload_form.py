"""What the form of a list asks for all its rows, with what usually counts, before anything is sent."""

from datetime import date
from types import SimpleNamespace

import pytest

from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.uploads.forms import UploadForm

ALL = list(CHOICES["insurance"])
PARAMETERS = SimpleNamespace(payment_year=lambda: SimpleNamespace(first_month=7))


@pytest.fixture
def engine(sqlite_engine):
    """The form is the same on either database."""
    return sqlite_engine


@pytest.fixture
def form(app):
    def form(kind, **sent):
        method = "POST" if sent else "GET"
        with app.test_request_context(method=method, data=sent):
            made = UploadForm(meta={"csrf": False})
            made.prepare(FilingKind(kind), PARAMETERS, date(2026, 8, 1))
            return made, made.answers()

    return form


def test_before_it_is_sent_it_has_what_usually_counts(form):
    base, answers = form("base")
    assert (base.month.data, base.asked, answers) == (
        "2026-07",
        {"month"},
        {"start_month": "2026-07"},
    )
    assert (base.insurances.choices, base.insurances.data) == ([], [])
    hire, answers = form("hire")
    assert (hire.insurances.data, answers) == (ALL, {"insurances": ALL})
    assert [code for code, _words in hire.insurances.choices] == ALL
    leave, answers = form("leave")
    assert (leave.asked, answers, leave.month.data) == ({"month", "choice"}, {}, None)
    assert [code for code, _words in leave.choice.choices] == ["", *CHOICES["is_voluntary"]]
    change, answers = form("change")
    assert (change.asked, answers) == (set(), {})


def test_what_is_sent_counts_and_what_the_kind_does_not_ask_counts_for_nothing(form):
    sent = {"month": "2025-07", "choice": "yes", "insurances": ["pension"]}

    assert form("base", **sent)[1] == {"start_month": "2025-07"}
    month = {"start_month": "2025-07"}
    assert form("hire", **sent)[1] == {"insurances": ["pension"]} | month
    assert form("leave", **sent)[1] == {"is_voluntary": "yes", "stop_month": "2025-07"}
    assert form("change", **sent)[1] == {}
    # Empty: what usually counts does so.
    assert form("base", month="")[1] == {"start_month": "2026-07"}
    assert form("hire", month="2025-07")[1] == {"insurances": ALL} | month
