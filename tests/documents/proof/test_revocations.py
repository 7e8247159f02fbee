"""Revoked papers are listed by kind and month of issue, and the list is proved like a paper."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner

from siweb.cli.operation.verify import verify
from siweb.documents.proof.keys import SoftSigner, read_keys
from siweb.documents.proof.revocations import prove_revocations, signed_revocations
from siweb.documents.proof.statement import NotProved, prove_statement, signed_statement
from siweb.documents.tables.document import DocumentKind
from tests.conftest import NOW
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
