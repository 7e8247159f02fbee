"""Revoked papers are listed by kind and month of issue, and the list is proved like a paper."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import insert, text

from siweb.cli.operation.verify import verify
from siweb.documents.proof.keys import SoftSigner, read_keys
from siweb.documents.proof.revocations import (
    prove_revocations,
    revoked_statement,
    signed_revocations,
)
from siweb.documents.proof.statement import NotProved, prove_statement, signed_statement
from siweb.documents.proof.views import MOST_FETCHED
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.tables.verification import VerificationWindow
from siweb.documents.verify import WINDOW, address_hash, window_start
from tests.conftest import NOW
from tests.documents.conftest import SECRET
from tests.documents.proof.signing import SIGNER, proof_for

KEYS = [SIGNER.public]
KIND = DocumentKind.REVIEW_RECEIPT
LIST = "/.well-known/siweb-revoked/review_receipt/2026-11.cose"


@pytest.fixture
def fetch(client, app):
    """The office's list of receipts of this month, proved with its published keys."""

    def fetched(address=LIST):
        with time_machine.travel(NOW, tick=False):
            answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/cose")
        assert len(answer.data) <= 4096
        return prove_revocations(
            answer.data, read_keys(client.get("/.well-known/siweb-paper-keys.json").json)
        )

    return fetched


def stated(document):
    return prove_statement(signed_statement(document, SIGNER), KEYS)


def test_a_paper_is_on_the_list_once_it_is_revoked(session, issue, paper_of, fetch):
    revoked, kept = (paper_of(issue(subject=("review", n))) for n in (1, 2))
    assert not fetch().names(stated(revoked))
    revoked.revoked_at = NOW
    session.commit()

    found = fetch()

    assert (found.as_of, found.length) == (NOW.date(), 8)
    assert found.names(stated(revoked))
    assert not found.names(stated(kept))


def test_a_paper_whose_last_day_is_past_drops_out(session, issue, paper_of, fetch):
    paper = paper_of(issue(valid_days=0))
    paper.revoked_at = NOW
    session.commit()
    assert fetch().names(stated(paper))

    paper.valid_until_on = NOW.date() - timedelta(days=1)
    session.commit()

    assert not fetch().entries


def test_a_month_is_the_offices_own(session, issue, paper_of, fetch):
    """The last evening of October in UTC is November at the office."""
    for n, at in enumerate((datetime(2026, 10, 31, 15, 59, tzinfo=UTC),
                            datetime(2026, 10, 31, 16, 0, tzinfo=UTC))):  # fmt: skip
        paper_of(issue(subject=("review", n), at=at)).revoked_at = NOW
    session.commit()

    assert len(fetch().entries) == 1
    assert len(fetch(LIST.replace("-11", "-10")).entries) == 1


def test_a_list_says_nothing_of_other_papers(issue_statement, paper_of):
    message = signed_revocations(KIND, "2026-11", [], SIGNER, at=NOW)

    with pytest.raises(NotProved) as refused:
        prove_revocations(message, KEYS).names(stated(paper_of(issue_statement())))
    assert refused.value.code == "other_list"


def test_a_list_is_no_statement_and_a_statement_no_list(issue, paper_of):
    with pytest.raises(NotProved):
        prove_statement(signed_revocations(KIND, "2026-11", [], SIGNER, at=NOW), KEYS)
    with pytest.raises(NotProved):
        prove_revocations(signed_statement(paper_of(issue()), SIGNER), KEYS)
    with pytest.raises(NotProved):
        prove_revocations(
            signed_revocations(KIND, "2026-11", [], SoftSigner("another"), at=NOW), KEYS
        )


@pytest.mark.parametrize(("count", "length"), [(495, 8), (496, 7), (990, 4), (1300, 3)])
def test_a_long_list_stays_small(count, length):
    numbers = [f"NUMBER{n:06}" for n in range(count)]

    message = signed_revocations(KIND, "2026-11", numbers, SIGNER, at=NOW)

    found = prove_revocations(message, KEYS)
    assert len(message) <= 4096
    assert (found.length, len(found.entries)) == (length, count)


@pytest.mark.parametrize("address", ["x/2026-11", "review_receipt/2026-13", "review_receipt/x"])
def test_lists_that_cannot_be_are_not_found(client, address):
    assert client.get(f"/.well-known/siweb-revoked/{address}.cose").status_code == 404


@pytest.mark.parametrize("is_revoked", [True, False])
def test_the_command_holds_a_paper_to_the_list(issue, paper_of, tmp_path, is_revoked):
    document = paper_of(issue())
    listed = [document.reference] if is_revoked else []
    path = tmp_path / "list.cose"
    path.write_bytes(signed_revocations(KIND, "2026-11", listed, SIGNER, at=NOW))
    given = [proof_for(document).qr_text, "--key", SIGNER.public.text, "--revoked", str(path)]

    answer = CliRunner().invoke(verify, given)

    assert answer.exit_code == int(is_revoked)
    assert (
        "REVOKED, as" if is_revoked else f"Not revoked up to {date(2026, 11, 24)}"
    ) in answer.output


@pytest.mark.parametrize("month", ["2026-12", "9999-12", "1999-12", "0001-01"])
def test_there_is_no_list_of_months_without_papers(client, month):
    """Not one made at the ends of the calendar either, where counting months fails."""
    with time_machine.travel(NOW, tick=False):
        answer = client.get(f"/.well-known/siweb-revoked/review_receipt/{month}.cose")

    assert answer.status_code == 404


@pytest.fixture
def get(client):
    """The list of this month as somebody gets it at an instant who may have kept an older one."""

    def get(at=NOW, *, address="9.9.9.9", where=LIST, **headers):
        with time_machine.travel(at, tick=False):
            return client.get(where, headers=headers, environ_overrides={"REMOTE_ADDR": address})

    return get


def test_a_list_may_be_kept_by_everybody_and_is_sent_again_only_when_it_changed(
    session, issue, paper_of, get
):
    paper_of(issue(subject=("review", 1))).revoked_at = NOW - timedelta(minutes=5)
    other = paper_of(issue(subject=("review", 2)))
    session.commit()
    first = get()
    kept = {"If-None-Match": first.headers["ETag"]}

    assert (first.cache_control.public, first.cache_control.max_age) == (True, 600)
    assert "no-store" not in first.headers["Cache-Control"]
    assert first.last_modified == NOW.replace(microsecond=0) - timedelta(minutes=5)
    assert "Set-Cookie" not in first.headers
    again = get(**kept)
    assert (again.status_code, again.data) == (304, b"")
    assert get(**{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304

    other.revoked_at = NOW
    session.commit()

    assert get(**kept).status_code == 200
    assert get(**{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200


def test_a_kept_list_is_another_one_on_the_next_day(get):
    """It says as of which day it is: whoever keeps yesterday's must not be told that it stands."""
    first, tomorrow = get(), NOW + timedelta(days=1)

    again = get(tomorrow, **{"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200
    assert get(tomorrow, **{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200


def test_keys_may_be_kept_by_everybody(get):
    where = "/.well-known/siweb-paper-keys.json"
    first = get(where=where)

    assert (first.cache_control.public, first.cache_control.max_age) == (True, 3600)
    again = get(where=where, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_who_fetches_too_many_lists_is_asked_to_wait_and_may_still_verify_a_paper(
    session, issue, get
):
    """Other addresses go on; lists are counted apart from codes, which people type."""
    code, start = issue().code, window_start(NOW)
    fetched = address_hash(SECRET, "9.9.9.9", "fetching lists")
    session.add(
        VerificationWindow(address_hash=fetched, started_at=start, verifications=MOST_FETCHED - 1)
    )
    session.commit()

    last, paused = get(), get()

    assert (last.status_code, paused.status_code) == (200, 429)
    assert paused.retry_after == start + WINDOW
    assert get(address="9.9.9.8").status_code == 200
    assert get(start + WINDOW).status_code == 200
    assert get(where=f"/verify/{code}").status_code == 200


def test_a_list_reads_what_was_revoked_and_none_of_what_was_issued(session, issue, paper_of):
    """Ten thousand papers of a kind and month are no more work than ten."""
    revoked = paper_of(issue())
    revoked.revoked_at = NOW
    session.commit()
    dialect = session.get_bind().dialect.name

    def work():
        session.execute(text("ANALYZE"))
        found = []
        asked = revoked_statement(KIND, "2026-11", on=NOW.date())
        written = asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        if dialect == "sqlite":
            driver = session.connection().connection.dbapi_connection
            driver.set_progress_handler(lambda: found.append(1), 1)
            try:
                assert len(session.execute(asked).all()) == 1
            finally:
                driver.set_progress_handler(None, 0)
            return len(found)
        plan = session.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {written}")).scalar_one()
        step = plan[0]["Plan"]
        return sum(each["Actual Rows"] + each.get("Rows Removed by Filter", 0)
                   for each in (step, *step.get("Plans", ())))  # fmt: skip

    few = work()
    like = {
        column.name: getattr(revoked, column.name)
        for column in Document.__table__.columns
        if column.name not in {"id", "revoked_at"}
    }
    session.execute(
        insert(Document),
        [
            like | {"reference": f"N{n:09}", "subject_id": f"s{n}", "code_hash": f"{n:064}"}
            for n in range(10_000)
        ],
    )

    assert work() <= few * 2
