"""The guides as files: what stands in them, for the tests that hold them to the product."""

import io
import re
from functools import cache

from babel.messages.pofile import read_po

from siweb.portal.guide.contents import PAGES
from tests.architecture.sources import PACKAGE, ROOT, files

FOLDER = ROOT / "docs" / "guide"
NAMES = [(audience, page) for audience, pages in PAGES.items() for page in pages]
LANGUAGES = ("zh", "en")
EVERY = [(language, *name) for language in LANGUAGES for name in NAMES]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
# Words of the product stand in these, and nothing else does.
QUOTED = {"zh": re.compile("「([^」]+)」"), "en": re.compile("“([^”]+)”")}


def text_of(language, audience, page):
    return (FOLDER / language / audience / f"{page}.md").read_text("utf-8")


def prose_of(text):
    """The text without its blocks."""
    return BLOCK.sub("", text)


def quoted_in(language, text):
    return {" ".join(found.split()) for found in QUOTED[language].findall(prose_of(text))}


@cache
def sentences(language):
    """What pages may say in a language, as the catalogues have it."""
    found = set()
    for path in files(PACKAGE / "translations", ".po"):
        for message in read_po(io.BytesIO(path.read_bytes()), locale="zh_Hans"):
            said = message.string if language == "zh" else message.id
            found.update(said if isinstance(said, tuple | list) else [said])
    return found


def commands_in(text):
    """Each siweb command of a page: its words, and whether it is written out whole."""
    blocks = "\n".join(block for language, block in BLOCK.findall(text) if language == "sh")
    for line in blocks.replace("\\\n", " ").splitlines():
        if found := re.match(r"(?:\.venv/bin/)?siweb (.+)", line):
            yield found[1], True
    for span in SPAN.findall(prose_of(text)):
        if span.startswith("siweb "):
            yield span.removeprefix("siweb "), False
