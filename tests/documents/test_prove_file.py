"""The PDF of a paper is proved without the office; whoever changes it is found out."""

import json
import re
import zlib
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, StreamObject

from siweb.cli.operation.verify import verify
from siweb.documents.proof.keys import SoftSigner, published
from siweb.documents.proof.paper_proof import paper_proof
from siweb.documents.proving.drawn_code import is_code_of, read_modules
from siweb.documents.proving.prove_file import NotProved, prove_file
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

    def made(locale="zh_Hans", proof=None, is_large=False, **payload):
        proof = proof or proof_for(document)
        document.payload = {**document.payload, **payload}
        with app.app_context():
            given = (document, locale, VERIFY, "ABCDEFGHJKMNPQRSTVWX", proof)
            return render_paper(*given, is_large=is_large)

    return made


def attachments(content):
    return {name: files[0] for name, files in PdfReader(BytesIO(content)).attachments.items()}


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_a_paper_proves_its_data_and_its_figures(make, document, locale, is_large):
    found = prove_file(make(locale, is_large=is_large), KEYS)

    assert found.statement.reference == document.reference
    assert found.figures == 2
    assert found.is_code_read


def sizes(content):
    """Of each letter on the first page, how large it is set, in points."""
    found = []
    PdfReader(BytesIO(content)).pages[0].extract_text(
        visitor_text=lambda text, _cm, tm, _font, size: found.append(round(abs(tm[3]) * size, 1))
        if text.strip() else None
    )  # fmt: skip
    return found


def test_large_type_on_the_screen_is_large_type_on_paper(make):
    """As large as the figures of twelve months allow; what it says is the same."""
    small, large = sizes(make()), sizes(make(is_large=True))

    assert (10.5 in small, 14.7 in large) == (True, True)
    assert max(large) == pytest.approx(max(small) * 1.4, abs=0.2)


@pytest.mark.parametrize("kind", ["issue", "issue_notice"])
@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_receipts_and_notices_are_proved_word_by_word(app, request, paper_of, kind, locale):
    document = paper_of(request.getfixturevalue(kind)())
    proof = proof_for(document)

    def pdf(**other):
        document.payload = {**document.payload, **other}
        with app.app_context():
            return render_paper(document, locale, VERIFY, "ABCDEFGHJKMNPQRSTVWX", proof)

    assert prove_file(pdf(), KEYS).is_code_read
    with pytest.raises(NotProved) as refused:
        prove_file(pdf(outcome={"zh_Hans": "另一个", "en": "Another"}), KEYS)
    assert refused.value.code == "not_printed"


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


@pytest.mark.parametrize(
    "change",
    [
        # A row called otherwise, a column called otherwise, two cells that changed places.
        {"rows": [[{"zh_Hans": "医疗保险", "en": "Medical"}, "11", {"amount": 800_000}]]},
        {"columns": [{"zh_Hans": name, "en": "A"} for name in ("险种", "未缴月数", "基数")]},
        {"rows": [["11", {"zh_Hans": "养老保险", "en": "Pension"}, {"amount": 800_000}]]},
        {"title": {"zh_Hans": "多年缴费", "en": "Contributions"}},
    ],
)
def test_a_table_that_says_something_else_is_found_out(make, document, change):
    proof = proof_for(document)
    (table,) = document.payload["tables"]

    with pytest.raises(NotProved) as refused:
        prove_file(make(proof=proof, tables=[table | change]), KEYS)
    assert refused.value.code == "not_printed"


def test_rows_that_changed_places_are_found_out(make, document):
    (table,) = document.payload["tables"]
    rows = [[{"month": f"2025-{number:02}"}, str(number), ""] for number in range(1, 90)]
    rows = [[f"甲公司{number}" * 9, *row[1:]] for number, row in enumerate(rows)]
    document.payload = {**document.payload, "tables": [table | {"rows": rows}]}
    proof = proof_for(document)
    other = [rows[1], rows[0], *rows[2:]]

    assert prove_file(make(proof=proof), KEYS).figures == 1
    with pytest.raises(NotProved):
        prove_file(make(proof=proof, tables=[table | {"rows": other}]), KEYS)


def test_a_code_of_another_paper_is_found_out(make, document):
    proof = proof_for(document)
    other = proof_for(document)._replace(qr_text=f"{ADDRESS}#{'0oRDoQEn' * 30}")

    assert prove_file(make(proof=proof), KEYS).is_code_read
    with pytest.raises(NotProved) as refused:
        prove_file(make(proof=other), KEYS)
    assert refused.value.code == "other_code"


def test_a_single_module_that_was_changed_is_found_out(make):
    content = make()
    page = PdfReader(BytesIO(content)).pages[0]
    modules = read_modules(page)
    statement, text = attachments(content)["statement.cose"], page.extract_text()

    assert is_code_of(modules, statement, text)
    assert not is_code_of(modules - {min(modules)}, statement, text)


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
    assert "every line and table of it stands on the pages, with all 2 figures" in by_file.output
    assert "The QR code on the page is this statement." in by_file.output
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
        ("https://si.example.cn/v", SIGNER.public.text, 1, "from https:// to the last sign"),
        ("papr.pdf", SIGNER.public.text, 1, "There is no such file here"),
        ("34679-ACDEF-GHJKM-NPQRT", SIGNER.public.text, 1, "a code to type"),
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


def test_a_hostile_file_is_refused_within_its_room(tmp_path):
    """Too large to be read; gigabytes behind small streams; more pages than any paper has."""
    large, bomb, long = tmp_path / "large.pdf", tmp_path / "bomb.pdf", tmp_path / "long.pdf"
    with large.open("wb") as file:
        file.truncate(1 << 30)
    for path, pages, content in ((bomb, 50, zlib.compress(b"0 " * 30_000_000)), (long, 61, b"")):
        writer = PdfWriter()
        for _ in range(pages):
            page = writer.add_blank_page(100, 100)
            if content:
                stream = StreamObject()
                stream._data = content
                stream[NameObject("/Filter")] = NameObject("/FlateDecode")
                page[NameObject("/Contents")] = writer._add_object(stream)
        writer.write(path)

    answers = [run(path, "--key", SIGNER.public.text) for path in (large, long, bomb)]

    assert {(answer.exit_code, answer.output.count("\n")) for answer in answers} == {(1, 1)}
    assert ["more room or time" in answer.output for answer in answers[:2]] == [True, True]


def test_an_expired_paper_is_told_so(document):
    document.valid_until_on = LONG_PAST

    answer = run(proof_for(document).qr_text, "--key", SIGNER.public.text)

    assert answer.exit_code == 1
    assert f"EXPIRED on {LONG_PAST}" in answer.output
