"""What commands count is one or many, never '1 entries'."""

import ast
import re

import pytest

from siweb.cli.collection.queued import queued_line
from siweb.cli.counted import are, counted, were
from tests.architecture.sources import PACKAGE, files, shown, tree

NOUNS = "accounts|adjustments|bases|benefits|bills|cases|employers|entries|lines|months|notices"
PLURAL = re.compile(rf"^ (?:{NOUNS}|payments|people|problems|records|regions|reviews|rows)\b")


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (0, "bill", "0 bills"),
        (1, "person", "1 person"),
        (2, "person", "2 people"),
        (1_000, "entry", "1,000 entries"),
        (1, "uploaded list", "1 uploaded list"),
        (3, "uploaded list", "3 uploaded lists"),
    ],
)
def test_a_number_goes_with_its_noun(number, noun, words):
    assert counted(number, noun) == words


def test_the_verb_goes_with_the_number():
    assert [(were(number), are(number)) for number in (0, 1, 2)] == [
        ("were", "are"), ("was", "is"), ("were", "are"),
    ]  # fmt: skip
    assert queued_line(1) == "New notices for 1 region: its adjustment waits at the desk."
    assert queued_line(2) == "New notices for 2 regions: their adjustments wait at the desk."


def test_no_command_counts_by_itself():
    """The measurements of `siweb bench` count thousands."""
    offenders = [
        f"{shown(path)}:{node.lineno}"
        for path in files(PACKAGE / "cli", ".py")
        if path.name != "bench.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
        for before, after in zip(node.values, node.values[1:], strict=False)
        if isinstance(before, ast.FormattedValue)
        and isinstance(after, ast.Constant)
        and PLURAL.match(str(after.value))
    ]

    assert not offenders
