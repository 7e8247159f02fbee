"""The code on a paper is proved in the browser: what is genuine is shown, everything else is named."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from siweb.documents.proof.base64url import encoded
from siweb.documents.proof.keys import SoftSigner
from siweb.documents.proof.statement import signed_statement
from siweb.documents.tables.document import Document, DocumentKind
from tests.conftest import NOW


def paper(until: date | None = None) -> Document:
    payload = {
        "name": "欧阳娜娜",
        "id_last4": "063X",
        "region": {"zh_Hans": "上海市", "en": "Shanghai"},
        "facts": [({"zh_Hans": "余额", "en": "Balance"}, {"fen": 7_678_430})],
    }
    return Document(
        reference="ABCDEFGHJKMN",
        kind=DocumentKind.RIGHTS_RECORD,
        version=1,
        payload=payload,
        issued_at=NOW,
        valid_until_on=until,
    )


@pytest.fixture
def signer(office):
    return office.extensions["siweb_paper_signers"][0]


def show(page, statement):
    page.goto("/v")
    page.goto(f"/v#{encoded(statement)}")
    page.reload()


def test_what_the_office_signed_is_shown_and_nothing_is_sent(page, signer):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    statement = signed_statement(paper(NOW.date()), signer)

    show(page, statement)

    expect(page.get_by_text("真实", exact=True)).to_be_visible()
    for part in ("欧阳娜娜", "063X", "上海市", "ABCDEFGHJKMN", "76,784.30 元", "余额"):
        expect(page.locator("#proof")).to_contain_text(part)
    assert not [
        address for address in asked if encoded(statement)[:20] in address.partition("#")[0]
    ]


def test_what_is_not_genuine_is_named(page, signer):
    statement = bytearray(signed_statement(paper(), signer))
    changed = bytes(statement).replace(b"063X", b"0630")
    stranger = signed_statement(paper(), SoftSigner("somebody else"))
    expired = signed_statement(paper(NOW.date() - timedelta(days=1)), signer)

    for message, says in (
        (changed, "这不是本机构签发的"),
        (stranger, "这不是本机构签发的"),
        (bytes(statement[:-5]), "二维码没有读全"),
        (b"\xff", "二维码没有读全"),
        (expired, "已过有效期"),
    ):
        show(page, message)
        expect(page.get_by_text(says)).to_be_visible()
        expect(page.locator("#proof")).not_to_contain_text("欧阳娜娜")


def test_without_scripts_the_page_leads_to_the_code(new_page, signer):
    page = new_page(javascript=False)

    page.goto(f"/v#{encoded(signed_statement(paper(), signer))}")

    expect(page.get_by_role("link", name="输入查验码")).to_be_visible()
    expect(page.get_by_text("真实", exact=True)).to_be_hidden()
