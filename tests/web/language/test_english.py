"""English sentences are written with English marks; Chinese ones stand in titles of documents alone."""

import io
import re
from pathlib import Path

from babel.messages.pofile import read_po

import siweb

CATALOGUES = Path(siweb.__file__).parent / "translations" / "zh_Hans" / "LC_MESSAGES"
# A document's own number is quoted as it is printed: 国发〔2005〕38号.
NUMBER = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号")
FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
STYLE = Path(siweb.__file__).parents[1] / "static" / "siweb.css"


def test_no_english_sentence_has_a_full_width_mark():
    sentences = [
        each
        for path in sorted(CATALOGUES.glob("*.po"))
        for message in read_po(io.BytesIO(path.read_bytes()), locale="zh_Hans")
        for each in (message.id if isinstance(message.id, tuple | list) else [message.id])
    ]

    assert len(sentences) > 2_000
    assert [each for each in sentences if FULL_WIDTH.search(NUMBER.sub("", each))] == []


def test_english_pages_do_not_take_their_quotes_from_a_chinese_font():
    (families,) = re.findall(r"body:lang\(en\) \{ font-family: ([^;]+);", STYLE.read_text("utf-8"))

    assert not re.search(r"\bSC\b|YaHei|PingFang", families)
