"""The PDF of a paper is proved without the office; whoever changes it is found out."""

import json
import re
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from siweb.cli.operation.verify import verify
from siweb.documents.proof.keys import SoftSigner, published
from siweb.documents.proof.paper_proof import paper_proof
from siweb.documents.prove_file import NotProved, prove_file
from siweb.documents.typesetting.paper import render_paper
from tests.documents.proof.signing import ADDRESS, SIGNER, proof_for

KEYS = [SIGNER.public]
LONG_PAST = date(2020, 1, 1)
VERIFY = "https://si.example.cn/verify"


@pytest.fixture
def document(issue_statement, paper_of):
    return paper_of(issue_statement())


@pytest.fixture
def make(app, document):
    """The PDF of the document, or of what somebody made of it under its proof."""

    def made(locale="zh_Hans", proof=None, **payload):
        proof = proof or proof_for(document)
        document.payload = {**document.payload, **payload}
        with app.app_context():
            return render_paper(document, locale, VERIFY, "ABCDEFGHJKMNPQRSTVWX", proof)

    return made


def attachments(content):
    return {name: files[0] for name, files in PdfReader(BytesIO(content)).attachments.items()}


@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_a_paper_proves_its_data_and_its_figures(make, document, locale):
    found = prove_file(make(locale), KEYS)

    assert found.statement.reference == document.reference
    assert found.figures == 2


def test_the_code_on_the_paper_is_the_statement_in_it(make, document):
    content = make()

    assert attachments(content)["statement.cose"] == proof_for(document).statement
    assert proof_for(document).qr_text.startswith(f"{ADDRESS}#")


def test_a_printed_figure_that_was_changed_is_found_out(make, document):
    proof = proof_for(document)
    label, _ = document.payload["facts"][0]

    content = make(proof=proof, facts=[(label, {"fen": 1_987_654})])

    with pytest.raises(NotProved) as refused:
        prove_file(content, KEYS)
    assert refused.value.code == "not_printed"


def test_a_holder_who_was_changed_is_found_out(make, document):
    content = make(proof=proof_for(document), name="王芳")

    with pytest.raises(NotProved) as refused:
        prove_file(content, KEYS)
    assert refused.value.code == "not_printed"


@pytest.mark.parametrize("name", ["王\U00030edd", "王\ue000", "Anna O’Hara"])
def test_a_rare_name_is_found_however_it_is_drawn(make, document, name):
    document.payload = {**document.payload, "name": name}

    assert prove_file(make(), KEYS).statement.name == name


def test_a_true_figure_hidden_beside_a_changed_one_helps_nobody(make, document):
    proof = proof_for(document)
    label, true = document.payload["facts"][0]

    content = make(proof=proof, facts=[(label, {"fen": 1_987_654}), (label, true)])

    with pytest.raises(NotProved) as refused:
        prove_file(content, KEYS)
    assert refused.value.code == "not_printed"


def test_a_remark_laid_over_a_page_is_found_out(make):
    laid_over = BytesIO()
    writer = PdfWriter(BytesIO(make()))
    writer.add_annotation(0, FreeText(text="19,876.54", rect=(50, 550, 200, 650)))
    writer.write(laid_over)

    with pytest.raises(NotProved) as refused:
        prove_file(laid_over.getvalue(), KEYS)
    assert refused.value.code == "not_printed"


def test_attached_data_that_was_changed_are_found_out(make, document):
    proof = proof_for(document)
    data = proof.data.replace(b"987654", b"987655")

    with pytest.raises(NotProved) as refused:
        prove_file(make(proof=proof._replace(data=data)), KEYS)
    assert refused.value.code == "data_changed"


def test_a_paper_that_somebody_else_signed_is_not_genuine(make, document):
    stranger = paper_proof(document, SoftSigner("somebody else"), ADDRESS)

    with pytest.raises(NotProved) as refused:
        prove_file(make(proof=stranger), KEYS)
    assert refused.value.code == "unknown_key"


def test_what_is_no_paper_is_refused():
    blank = BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(blank)

    for content, code in (
        (b"", "no_pdf"),
        (b"%PDF-1.7", "no_pdf"),
        (blank.getvalue(), "no_attachment"),
    ):
        with pytest.raises(NotProved) as refused:
            prove_file(content, KEYS)
        assert refused.value.code == code


def test_a_paper_is_small_and_of_the_kind_that_archives_keep(make):
    content = make()

    assert len(content) <= 60 * 1024
    metadata = re.sub(rb"\s+", b" ", PdfReader(BytesIO(content)).xmp_metadata.stream.get_data())
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata


def run(*arguments):
    return CliRunner().invoke(verify, [str(each) for each in arguments])


def test_the_command_proves_a_file_and_a_code(make, document, tmp_path):
    paper, keys = tmp_path / "paper.pdf", tmp_path / "keys.json"
    paper.write_bytes(make())
    keys.write_text(json.dumps(published([SIGNER])), "utf-8")

    by_file = run(paper, "--key", keys)
    by_code = run(proof_for(document).qr_text, "--key", SIGNER.public.text)

    assert (by_file.exit_code, by_code.exit_code) == (0, 0)
    assert "all 2 figures of it stand on the pages" in by_file.output
    for output in (by_file.output, by_code.output):
        for part in (document.reference, document.payload["name"], "余额: 9,876.54 yuan"):
            assert part in output


@pytest.mark.parametrize(
    ("paper", "key", "code", "says"),
    [
        ("https://si.example.cn/v#AAAA", SIGNER.public.text, 1, "no signed statement"),
        ("no code", SIGNER.public.text, 1, "no signed statement"),
        ("0oRDoQEngEBA", SIGNER.public.text, 1, "no signed statement"),  # headers: an empty list
        ("x" * 5000, SIGNER.public.text, 1, "no signed statement"),
        ("AAAA", "not a key", 2, "no public key"),
    ],
)
def test_the_command_says_what_is_wrong(paper, key, code, says):
    answer = run(paper, "--key", key)

    assert answer.exit_code == code
    assert says in answer.output


def test_of_a_damaged_file_one_line_is_told(make, tmp_path, caplog):
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(make()[:-200])

    answer = run(paper, "--key", SIGNER.public.text)

    assert answer.exit_code == 1
    assert answer.output.count("\n") == 1
    assert not caplog.records


def test_an_expired_paper_is_told_so(document):
    document.valid_until_on = LONG_PAST

    answer = run(proof_for(document).qr_text, "--key", SIGNER.public.text)

    assert answer.exit_code == 1
    assert f"EXPIRED on {LONG_PAST}" in answer.output
