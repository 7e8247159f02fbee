"""A pattern that reads a whole text reads its end: `$` lets a line break pass behind it."""

import ast
import re

from tests.architecture.sources import PACKAGE, ROOT, files, shown, tree

READERS = {"re.compile", "re.match", "re.search", "re.fullmatch", "re.sub", "re.split"}
# A dollar sign that is none of its own: escaped, or one of several characters.
NO_ANCHOR = re.compile(r"\\.|\[[^\]]*\]")


def patterns(path):
    for node in ast.walk(tree(path)):
        is_reader = isinstance(node, ast.Call) and ast.unparse(node.func) in READERS
        if (
            is_reader
            and node.args
            and not any(isinstance(part, ast.Call) for part in ast.walk(node.args[0]))
        ):
            yield (
                node,
                "".join(
                    part.value
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ),
            )


def test_the_end_of_a_text_is_its_end():
    found = [(path, *each) for path in files(PACKAGE, ".py") for each in patterns(path)]

    assert found
    assert not [
        f"{shown(path)}:{node.lineno} {pattern}"
        for path, node, pattern in found
        if "$" in NO_ANCHOR.sub("", pattern)
    ]


def test_a_beginning_is_not_taken_for_the_whole():
    assert not [
        f"{shown(path)}:{node.lineno}: fullmatch, or search where only a part is meant"
        for path in files(PACKAGE, ".py")
        for node, _pattern in patterns(path)
        if ast.unparse(node.func) == "re.match"
    ]


def test_cases_are_named_alike_in_every_process():
    """A set has another order in each process; xdist runs nothing where two differ."""
    named_by_sets = [
        f"{shown(path)}:{call.lineno}"
        for path in files(ROOT / "tests", ".py")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        and any(
            key.arg == "ids" and ast.unparse(key.value) in {"str", "repr"} for key in call.keywords
        )
        and any(isinstance(node, ast.Set) and len(node.elts) > 1 for node in ast.walk(call))
    ]

    assert not named_by_sets
