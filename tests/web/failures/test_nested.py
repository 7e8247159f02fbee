"""What strangers send may be nested deeper than it can be read: each door says so in words."""

import json
from io import BytesIO

import cbor2
import pytest

from siweb.auth.credentials.passkeys.answer import read_made, read_used
from siweb.auth.credentials.passkeys.challenge import PasskeyRefused
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.statements.reading.read_camt import read_camt
from siweb.collection.statements.reading.read_status import read_status
from siweb.documents.proof.statement import NotProved, prove_statement
from siweb.filings.api.read_body import read_json
from siweb.reviews.kinds.questions import read_questions
from siweb.rules.parameters.load import read_folder
from siweb.rules.parameters.read import read_pack
from siweb.web.failures.problems import ApiProblem

# Some 950 is what the readers manage; the last is as long as a web form may be.
DEPTHS = (100, 300, 500, 900, 950, 990, 100_000)
NESTED = "this is nested too deeply for a pack"
SIGNED = b"\xd2\x84%s\xa0\x40\x40"


def brackets(depth):
    return "[" * depth + "]" * depth


def elements(depth):
    entry = f"<Ntry>{'<a>' * depth}{'</a>' * depth}</Ntry>"
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
    return (
        f'<Document xmlns="{space}"><BkToCstmrStmt><Stmt>{entry}</Stmt></BkToCstmrStmt></Document>'
    )


@pytest.mark.parametrize("depth", DEPTHS)
def test_no_body_for_programs_is_nested(app, depth):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        for body in (brackets(depth), '{"a":' * depth + "1" + "}" * depth):
            with pytest.raises(ApiProblem) as refused:
                read_json(body.encode(), "application/json")
            assert refused.value.status == 400
            assert refused.value.detail == "The body is nested too deeply."


def test_a_body_as_deep_as_any_that_is_asked_for_is_read(app):
    body = {"kind": "hire", "rows": [{"insurances": ["pension"]}]}

    with app.test_request_context():
        assert read_json(json.dumps(body).encode(), "application/json") == body


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(
    "text",
    [
        lambda depth: f"a = {brackets(depth)}",
        lambda depth: "a = " + "{a = " * depth + "1" + "}" * depth,
        lambda depth: f"a{'.a' * depth} = 1",
        lambda depth: f"[a{'.a' * depth}]",
        # What can be read, and is named in the sentence that refuses it.
        lambda depth: f"[[limits]]\neffective_from{'.a' * min(depth, 399)} = {brackets(depth)}",
    ],
)
def test_no_pack_is_nested(text, depth):
    found = read_pack(f"{text(depth)}\n", "x.toml")[1]

    assert NESTED in str(found) or depth < 500


def test_no_folder_of_packs_has_a_nested_one(tmp_path):
    (tmp_path / "x.toml").write_text(f"a = {brackets(900)}\n", "utf-8")

    assert [str(each) for each in read_folder(tmp_path)[1]] == [f"x.toml: {NESTED}"]


@pytest.mark.parametrize("depth", DEPTHS)
def test_no_file_or_hidden_field_is_nested(depth):
    message = b"\x81" * depth + b"\x00"
    for signed in (message, SIGNED % cbor2.dumps(message), b"\xd2" * depth + b"\x00"):
        with pytest.raises(NotProved):
            prove_statement(signed, [])
    for read in (read_used, read_made):
        with pytest.raises(PasskeyRefused):
            read(brackets(depth))
    assert read_questions(brackets(depth), None) == []
    content = elements(depth).encode()
    for read in (lambda file: list(read_camt(file, [])), read_status):
        with pytest.raises(StatementRefused):
            read(BytesIO(content))
