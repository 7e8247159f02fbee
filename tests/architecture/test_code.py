"""Habits that neither a type nor an import rule can hold."""

import ast

import pytest

from tests.architecture.sources import (
    MIGRATIONS,
    PACKAGE,
    ROOT,
    calls,
    files,
    imported_names,
    shown,
    tree,
)

CODE = [path for path in files(PACKAGE, ".py") if path.parent != MIGRATIONS]
MONEY_ROOMS = ("rules", "collection", "ledgers")
MONEY = [path for room in MONEY_ROOMS for path in files(PACKAGE / room, ".py")]
# Where a request, a command or a job enters; only these decide that what was done is kept.
COMMITTERS = (
    "siweb/auth/sign_in/browser.py",  # the device of a sign-in, after the answer
    "siweb/auth/sign_in/unauthorized.py",  # the form that met an ended sign-in
    "siweb/demo/seed.py",
    "siweb/db/migrations/env.py",
)
COMMITTING_ROOMS = ("siweb/cli/", "siweb/jobs/", "siweb/bench/")
# Who may look at the request: views, and what pages share.
REQUEST_READERS = (
    "siweb/auth/access.py",
    "siweb/auth/sign_in/browser.py",
    "siweb/auth/sign_in/unauthorized.py",
    "siweb/portal/asked_region.py",
    "siweb/portal/recent_cities.py",
    "siweb/portal/services.py",
    "siweb/wizard/pages.py",
)
REQUEST = {
    ("flask", "request"), ("flask", "g"), ("flask", "session"), ("flask_login", "current_user"),
}  # fmt: skip
CLOCKS = (
    "date.today", "datetime.today", "datetime.now", "datetime.utcnow",
    "datetime.date.today", "datetime.datetime.now", "time.time",
)  # fmt: skip


def is_entry_point(path):
    return path.name == "views.py"


@pytest.mark.parametrize("path", MONEY, ids=shown)
def test_no_float_comes_near_money(path):
    called = [f"line {line}: {name}" for name, line in calls(path) if name in {"float", "round"}]
    literals = [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]

    assert not called + literals


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_only_the_clock_asks_for_the_time(path):
    if shown(path) == "siweb/clock.py":
        return

    assert not [f"line {line}: {name}" for name, line in calls(path) if name in CLOCKS]


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_only_entry_points_commit(path):
    if is_entry_point(path) or shown(path).startswith((*COMMITTING_ROOMS, *COMMITTERS)):
        return

    assert not [f"line {line}: {name}" for name, line in calls(path) if name.endswith(".commit")]


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_only_pages_know_the_request(path):
    if is_entry_point(path) or shown(path).startswith(("siweb/web/", *REQUEST_READERS)):
        return

    assert not REQUEST & set(imported_names(path))


@pytest.mark.parametrize("path", [*CODE, *files(ROOT / "tests", ".py")], ids=shown)
def test_no_file_is_too_long_to_read(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_no_function_is_too_long_to_read(path):
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]

    assert not [one.name for one in functions if one.end_lineno - one.lineno + 1 > 50]


@pytest.mark.parametrize("path", files(PACKAGE / "rules", ".py"), ids=shown)
def test_every_public_rule_is_documented(path):
    public = [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]

    assert not [function.name for function in public if not ast.get_docstring(function)]


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_no_file_is_a_catch_all(path):
    assert path.stem not in {"utils", "helpers", "manager", "common", "misc", "models"}


@pytest.mark.parametrize("path", files(MIGRATIONS, ".py"), ids=shown)
def test_a_migration_does_not_change_when_the_code_does(path):
    assert not [module for module, _ in imported_names(path) if module.startswith("siweb")]
