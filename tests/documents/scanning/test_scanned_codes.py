"""The codes on papers, worn and askew, are read by a reader of others and prove the paper offline."""

import os
import random
from datetime import date

import pytest
import zxingcpp

from siweb.documents.payload import receipt_payload
from siweb.documents.proof.base64url import decoded
from siweb.documents.proof.statement import prove_statement
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.typesetting.paper import render_paper
from tests.conftest import NOW
from tests.documents.proof.signing import SIGNER, proof_for
from tests.documents.scanning.camera import blurred, faded, printed, rotated, speckled

# `make scanned-codes` reads 200; here it is a sample of each way to wear them.
NUMBER = int(os.environ.get("SIWEB_SCANNED_CODES", "8"))
NAMES = ("欧阳娜娜", "买买提·艾力·阿不都热合曼", "王\u3402", "Anna O’Hara")
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"


def a_paper(chance):
    """Some paper: short and long names, few and many amounts, so that codes of each size are read."""
    facts = [
        (
            {"zh_Hans": f"第{place}项合计金额", "en": f"Total {place}"},
            {"fen": chance.randrange(10**10)},
        )
        for place in range(chance.randrange(1, 9))
    ]
    receipt = receipt_payload(
        name=chance.choice(NAMES),
        id_number="31010119850305123X",
        matter={"zh_Hans": "权益对账", "en": "Record check"},
        outcome={"zh_Hans": "通过", "en": "Passed"},
        outcome_code="passed",
        decided_on=date(2026, 11, 24),
        facts=facts,
    )
    return Document(
        reference="".join(chance.choices(ALPHABET, k=10)),
        kind=chance.choice(list(DocumentKind)),
        version=1,
        payload={**receipt, "region": {"zh_Hans": "示范市", "en": "Shifan"}, "tables": []},
        issued_at=NOW,
        valid_until_on=chance.choice((None, date(2027, 2, 22))),
    )


def worn(pdf, seed, chance):
    """The code of a paper as somebody's phone sees it: another wear for each seed."""
    image = printed(pdf, (300, 200, 300, 450)[seed % 4])
    ways = (
        lambda: rotated(image, chance.uniform(-45, 45)),
        lambda: blurred(image),
        lambda: faded(image, 70, 150),
        lambda: speckled(image, 0.01, seed),
        lambda: blurred(rotated(image, chance.uniform(-20, 20))),
        lambda: faded(rotated(image, chance.uniform(-20, 20)), 60, 170),
        lambda: blurred(speckled(image, 0.005, seed)),
        lambda: rotated(image, 90 * chance.randrange(1, 4)),
    )
    return ways[seed % len(ways)]()


@pytest.mark.parametrize("seed", range(NUMBER))
def test_a_worn_code_is_read_and_proves_its_paper(app, seed):
    chance = random.Random(seed)
    document = a_paper(chance)
    with app.app_context():
        address = "https://si.example.cn/verify"
        pdf = render_paper(document, "zh_Hans", address, "34679ACDEF" * 2, proof_for(document))

    read = zxingcpp.read_barcodes(worn(pdf, seed, chance).view())

    assert len(read) == 1
    statement = prove_statement(decoded(read[0].text.partition("#")[2]), [SIGNER.public])
    assert statement.reference == document.reference
    assert statement.name == document.payload["name"]
