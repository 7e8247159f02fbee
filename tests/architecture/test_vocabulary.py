"""One word per thing: names that say less than the field's own words do not come back."""

import ast
import re

from tests.architecture.sources import MIGRATIONS, PACKAGE, ROOT, files, shown, tree

CODE = [path for path in files(PACKAGE, ".py") if path.parent != MIGRATIONS]
# What was once called so, and what stands for it now (docs/architecture.md, "Words").
RETIRED = {
    "said": "row value, typed text, stated",
    "taken": "claimed, accepted, used",
    "known": "registered, snapshot, existing",
    "told": "notified",
    "wish": "job request",
    "wished": "requested",
    "deed": "action",
    "deeds": "actions",
    "given_words": "row labels",
    "leave_rest": "split off refused",
    "may_differ": "stale rows",
    "left_out": "not billed",
    "look": "access log entry",
    "looks": "access log entries",
    "one": "the noun of what it is",
}
ROW = re.compile(r"^\| ([a-z][a-z ,()/&-]*?) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def names_in(path):
    """Every name that a file defines: functions, classes, arguments, variables, its own."""
    yield path.stem, 1
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def words_of(name):
    whole = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")
    # A "one" among other words is a number: one_person, at_least_one.
    return {whole, *whole.split("_")} - ({"one"} if whole != "one" else set())


def test_no_retired_word_names_anything():
    offenders = [
        f"{shown(path)}:{line} {name}: {RETIRED[word]}"
        for path in CODE
        for name, line in names_in(path)
        for word in sorted(words_of(name) & RETIRED.keys())
    ]

    assert not offenders


def test_the_table_of_words_names_what_the_code_names():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    terms = [
        term.strip()
        for row in ROW.findall(text.partition("## Words")[2])
        if "in the code" not in row
        for term in row.split(",")
    ]
    named = {
        name.lower().strip("_")
        for path in CODE
        for whole, _line in names_in(path)
        for name in (re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", whole), path.parent.name)
    }
    joined = "\n".join(sorted(named))

    missing = [term for term in terms if term.replace(" ", "_") not in joined]

    assert terms
    assert not missing
