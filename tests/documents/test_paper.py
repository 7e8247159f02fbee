"""What a paper says is found again in its text, whatever the characters."""

import io
import time

import pytest
from pypdf import PdfReader

from siweb.documents.typesetting import drawn_text
from siweb.documents.typesetting.paper import decided_label, render_paper
from siweb.reviews.tables.review import ReviewState
from tests.conftest import NOW
from tests.documents.proof.signing import proof_for

ADDRESS = "https://si.example.cn/verify"
RARE = "\U00030edd\u3402\U00020bb7"  # biang, two of the first extensions


@pytest.fixture
def paper(app, issue, paper_of):
    """The text of a receipt in one language."""

    def paper(locale="zh_Hans", name=None, **values):
        issued = issue(**values)
        document = paper_of(issued)
        if name is not None:
            document.payload = {**document.payload, "name": name}
        with app.app_context():
            made = render_paper(document, locale, ADDRESS, issued.code, proof_for(document))
        return made, text_of(made), issued

    return paper


def text_of(made):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def test_a_chinese_receipt_says_all_it_was_given(paper):
    _, text, issued = paper()

    for said in ("年审回执", "欧阳娜娜", "权益对账", "通过", "不用再做什么。", "2026年11月24日",
                 "12,345.67 元", "示范市", issued.reference, "si.example.cn/verify"):  # fmt: skip
        assert said in text


def test_an_english_receipt_says_the_same_in_english(paper):
    _, text, _ = paper("en")

    for said in ("Receipt of an annual review", "欧阳娜娜", "Record check", "Passed",
                 "Nothing more to do.", "24 November 2026", "CNY 12,345.67", "Shifan"):  # fmt: skip
        assert said in text


def test_the_code_is_printed_in_groups(paper):
    _, text, issued = paper()

    assert "-".join(issued.code[at : at + 5] for at in range(0, 20, 5)) in text


def test_only_the_end_of_the_id_number_is_printed(paper, person):
    _, text, _ = paper()

    assert person.id_number not in text
    assert f"尾号 {person.id_number[-4:]}" in text


def test_the_same_document_gives_the_same_bytes_and_is_tagged(paper):
    first, _, _ = paper()
    again, _, _ = paper()

    assert first == again
    assert "/StructTreeRoot" in PdfReader(io.BytesIO(first)).trailer["/Root"]


@pytest.mark.parametrize("char", RARE)
def test_a_rare_character_is_drawn_or_named(paper, char):
    _, text, _ = paper(name=f"张{char}")

    assert f"张{char}" in text or f"张[U+{ord(char):04X}]" in text


def test_a_character_that_no_font_has_is_named(paper, monkeypatch):
    monkeypatch.setattr(drawn_text, "machine_draws", lambda char: False)
    _, text, _ = paper(name="张\U0001f642")

    assert "张[U+1F642]" in text


def test_a_character_of_private_use_is_named_whatever_the_fonts(paper):
    _, text, _ = paper(name="张\ue815")

    assert "张[U+E815]" in text


def test_a_long_name_is_broken_into_lines_and_kept_whole(paper):
    _, text, _ = paper(name="买买提·" * 25)

    assert text.replace("\n", "").count("买买提") == 25


def test_a_statement_that_runs_out_says_until_when(paper):
    _, text, _ = paper(valid_days=90)

    assert "可查验至2027年2月22日" in text


def test_an_instant_of_issue_to_the_microsecond_is_fine(paper):
    assert paper(at=NOW.replace(microsecond=123456))[0].startswith(b"%PDF")


def test_a_warm_compiler_takes_a_moment(app, issue, paper_of):
    issued = issue()
    document = paper_of(issued)
    given = (document, "en", ADDRESS, issued.code, proof_for(document))
    with app.app_context():
        render_paper(*given)
        started = time.perf_counter()
        for _ in range(5):
            render_paper(*given)

    assert (time.perf_counter() - started) / 5 < 0.25  # 15 ms on an idle machine


@pytest.mark.parametrize("state", ReviewState)
def test_only_a_decision_has_a_day_on_which_it_was_decided(app, issue, paper_of, state):
    """A receipt of what waits for the employer or the agency says how things stood that day."""
    document = paper_of(issue())
    document.payload = {**document.payload, "outcome_code": state.value}

    with app.test_request_context(headers={"Accept-Language": "en"}):
        label = decided_label(document)

    assert label == ("Decided on" if state.is_decided else "As of")
