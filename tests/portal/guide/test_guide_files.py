"""The guides say what the product does: its commands, its addresses, the words on its pages."""

import re
import shlex

import click
import pytest

from siweb.cli import main
from tests.architecture.sources import ROOT
from tests.architecture.test_readme_chinese import typed
from tests.portal.guide.guide_files import (
    EVERY,
    FOLDER,
    NAMES,
    QUOTED,
    SPAN,
    commands_in,
    prose_of,
    quoted_in,
    sentences,
    text_of,
)

HEADING = re.compile(r"^#+ .+$", re.MULTILINE)
# Folders of a server and answers of the API, not pages.
ELSEWHERE = ("/srv/", "/etc/")


def each(language):
    return "\n".join(text_of(*name) for name in EVERY if name[0] == language)


def test_every_file_is_a_page_and_every_page_a_file():
    there = {tuple(path.relative_to(FOLDER).with_suffix("").parts) for path in FOLDER.rglob("*.md")}

    assert there == set(EVERY)


@pytest.mark.parametrize(("audience", "page"), NAMES)
def test_both_languages_say_the_same_in_the_same_order(audience, page):
    chinese, english = (text_of(language, audience, page) for language in ("zh", "en"))

    # An address leads to a heading of either by its English words, found by its place.
    assert len(HEADING.findall(chinese)) == len(HEADING.findall(english))
    assert typed(chinese) == typed(english)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_in_quotation_marks_stands_on_a_page(language):
    quoted = quoted_in(language, each(language))

    assert len(quoted) > 100
    assert quoted - sentences(language) == set()


def test_the_readme_in_chinese_quotes_what_pages_say():
    text = prose_of((ROOT / "README.zh-CN.md").read_text("utf-8"))

    assert {*QUOTED["en"].findall(text)} - sentences("zh") == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_address_is_one_of_the_office(client, language):
    spans = SPAN.findall(prose_of(each(language)))
    named = {span for span in spans if span.startswith("/") and not span.startswith(ELSEWHERE)}
    addresses = client.application.url_map.bind("localhost")

    assert len(named) > 25
    assert not [
        address
        for address in sorted(named)
        if not any(addresses.test(address.partition("?")[0], sent) for sent in ("GET", "POST"))
    ]


@pytest.mark.parametrize(("language", "audience", "page"), EVERY)
def test_every_command_is_taken(language, audience, page):
    for line, is_whole in commands_in(text_of(language, audience, page)):
        words = shlex.split(re.sub(r"\$\w+", "310101198803078014", line.partition("|")[0]))
        command, context = main, click.Context(main, info_name="siweb")
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            name, found, words = command.resolve_command(context, words)
            command, context = found, click.Context(found, parent=context, info_name=name)
        # An option that prints something and ends needs nothing beside it.
        ends = {each for one in command.params if one.is_eager for each in one.opts} | {"--help"}
        if words and words[-1] in ends:
            continue
        options, rest, _order = command.make_parser(context).parse_args(words)
        assert not rest or isinstance(command, click.Group), line
        if is_whole:
            missing = [
                parameter.name
                for parameter in command.params
                if parameter.required and not options.get(parameter.name)
            ]
            assert not missing, line


@pytest.mark.parametrize(("language", "readme"), [("zh", "README.zh-CN.md"), ("en", "README.md")])
def test_the_first_office_is_that_of_the_readme_which_is_run(language, readme):
    block = re.compile(r"^```sh\nZHANG=.*?^```$", re.MULTILINE | re.DOTALL)
    run = block.search((ROOT / readme).read_text("utf-8"))[0]

    assert run in text_of(language, "administrator", "first-office")
