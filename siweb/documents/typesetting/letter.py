"""A letter of the office: to whom, what it says, and what stands out in it. It is not kept."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from siweb.documents.typesetting.drawn_text import drawable
from siweb.documents.typesetting.paper import LANGUAGES, compile_pdf
from siweb.web.language.locale import preferences


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a letter, in the reader's language."""

    sender: str
    recipient: list[str]
    day: str
    title: str
    paragraphs: list[str]
    highlighted: str
    notes: list[str]


def render_letter(letter: Letter, *, at: datetime) -> bytes:
    """Return the PDF of a letter in the language that its words have been written in."""
    language, region = LANGUAGES[preferences().locale]
    texts, needs_machine_fonts = drawable(asdict(letter) | {"language": language, "region": region})
    return compile_pdf(
        "letter.typ",
        {"letter": json.dumps(texts, ensure_ascii=False)},
        needs_machine_fonts=needs_machine_fonts,
        at=at,
    )
