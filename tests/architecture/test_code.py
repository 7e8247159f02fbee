"""Habits that neither a type nor an import rule can hold."""

import ast

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
TESTS = ROOT / "tests"
MONEY_ROOMS = ("rules", "collection", "ledgers")
MONEY = [path for room in MONEY_ROOMS for path in files(PACKAGE / room, ".py")]
# Where a request, a command or a job enters; only these decide that what was done is kept.
COMMITTERS = (
    "siweb/auth/pages/fresh_password.py",  # that a password was tried, before it is compared
    "siweb/auth/sign_in/browser.py",  # the device of a sign-in, after the answer
    "siweb/auth/sign_in/proof.py",  # the form that is asked for a fresh proof
    "siweb/auth/sign_in/unauthorized.py",  # the form that met an ended sign-in
    "siweb/db/migrations/env.py",
    "siweb/evidence/drafts.py",
    "siweb/helping/guard.py",  # the scans of a form that is shown again, after the answer
    "siweb/evidence/open_scan.py",  # that a scan was opened, before it is handed out
    "siweb/web/forms/carry_out.py",  # what a view does for its form
)
COMMITTING_ROOMS = ("siweb/cli/", "siweb/jobs/", "siweb/bench/")
# Who may look at the request: views, and what pages share.
REQUEST_READERS = (
    "siweb/auth/access.py",
    "siweb/auth/blueprint.py",
    "siweb/auth/pages/",
    "siweb/auth/sign_in/browser.py",
    "siweb/auth/sign_in/proof.py",
    "siweb/auth/sign_in/relying_party.py",
    "siweb/auth/sign_in/unauthorized.py",
    "siweb/disclosures/bills.py",
    "siweb/disclosures/desk.py",
    "siweb/disclosures/employers.py",
    "siweb/disclosures/install.py",
    "siweb/disclosures/overviews.py",
    "siweb/desk/checking/once.py",
    "siweb/desk/people/standing.py",
    "siweb/evidence/drafts.py",
    "siweb/helping/guard.py",
    "siweb/portal/asked_region.py",
    "siweb/portal/recent_cities.py",
    "siweb/portal/services.py",
    "siweb/wizard/pages.py",
    "siweb/monitoring/",  # counts and logs each
)
REQUEST = {
    ("flask", "request"), ("flask", "g"), ("flask", "session"), ("flask_login", "current_user"),
}  # fmt: skip
CLOCKS = (
    "date.today", "datetime.today", "datetime.now", "datetime.utcnow",
    "datetime.date.today", "datetime.datetime.now", "time.time",
)  # fmt: skip


def at(path, line, what):
    return f"{shown(path)}:{line} {what}"


def calls_of(paths, names):
    return [(path, name, line) for path in paths for name, line in calls(path) if name in names]


def is_entry_point(path):
    return path.name == "views.py"


def test_no_float_comes_near_money():
    called = [at(path, line, name) for path, name, line in calls_of(MONEY, {"float", "round"})]
    literals = [
        at(path, node.lineno, node.value)
        for path in MONEY
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]

    assert not called + literals


def test_only_the_clock_asks_for_the_time():
    others = [path for path in CODE if shown(path) != "siweb/clock.py"]

    assert not [at(path, line, name) for path, name, line in calls_of(others, CLOCKS)]


def test_only_entry_points_commit():
    below = [
        path
        for path in CODE
        if not is_entry_point(path) and not shown(path).startswith((*COMMITTING_ROOMS, *COMMITTERS))
    ]

    assert not [
        at(path, line, name)
        for path in below
        for name, line in calls(path)
        if name.endswith(".commit")
    ]


def test_only_entry_points_ask_which_packs_are_in_force():
    """What is below is told: one deed goes by one set of figures from its beginning to its end."""
    below = [
        path
        for path in CODE
        if not is_entry_point(path)
        and not shown(path).startswith((*COMMITTING_ROOMS, "siweb/disclosures/"))
    ]

    assert not [at(path, line, name) for path, name, line in calls_of(below, {"packs_in_force"})]


def test_only_pages_know_the_request():
    below = [
        path
        for path in CODE
        if not is_entry_point(path) and not shown(path).startswith(("siweb/web/", *REQUEST_READERS))
    ]

    assert not [shown(path) for path in below if REQUEST & set(imported_names(path))]


def test_no_file_is_too_long_to_read():
    paths = [*CODE, *files(ROOT / "tests", ".py")]

    assert not [shown(path) for path in paths if len(path.read_text("utf-8").splitlines()) > 400]


def test_no_function_is_too_long_to_read():
    assert not [
        at(path, node.lineno, node.name)
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 50
    ]


def test_every_public_rule_is_documented():
    assert not [
        at(path, node.lineno, node.name)
        for path in files(PACKAGE / "rules", ".py")
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_every_package_says_what_is_in_it():
    packages = [path for path in CODE if path.name == "__init__.py"]

    assert packages
    assert not [shown(path) for path in packages if not ast.get_docstring(tree(path))]


def test_no_file_is_a_catch_all():
    names = {"utils", "helpers", "manager", "common", "misc", "models", "words"}

    assert not [shown(path) for path in CODE if path.stem in names]


def test_no_listing_is_too_long_to_read():
    listings = {path.parent: 0 for path in CODE if path.parent != PACKAGE}
    for folder in listings:
        listings[folder] = len([path for path in folder.iterdir() if is_listed(path)])

    assert not [f"{shown(folder)}: {number}" for folder, number in listings.items() if number > 16]


def test_no_listing_of_tests_is_too_long_to_read():
    # What tests share, and the rooms: the listing of all tests is as long as the office is wide.
    rooms = {path.parent for path in files(TESTS, ".py")} - {TESTS}
    listings = {room: len([path for path in room.iterdir() if is_listed(path)]) for room in rooms}

    assert not [f"{shown(folder)}: {number}" for folder, number in listings.items() if number > 18]


def is_listed(path):
    return path.name not in {"__pycache__", "__init__.py"}


def test_importing_a_module_hashes_and_opens_nothing():
    """What is worked out at import is worked out again by every command and every worker."""
    costly = {"open", "hash_password", "create_engine", "PasswordHasher().hash"}

    assert not [
        at(path, node.lineno, ast.unparse(node.func))
        for path in CODE
        for statement in tree(path).body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and (ast.unparse(node.func) in costly or ast.unparse(node.func).endswith(".hash"))
    ]


def test_a_migration_does_not_change_when_the_code_does():
    migrations = files(MIGRATIONS, ".py")

    assert migrations
    assert not [
        shown(path)
        for path in migrations
        if any(module.startswith("siweb") for module, _ in imported_names(path))
    ]


def test_migrations_are_one_chain_in_the_order_of_their_numbers():
    names = [path.name for path in files(MIGRATIONS, ".py")]
    heads = [
        {
            target.id: statement.value.value
            for statement in tree(path).body
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
            for target in statement.targets
        }
        for path in files(MIGRATIONS, ".py")
    ]
    numbers = [f"{number:04d}" for number in range(1, len(names) + 1)]

    assert [name[:4] for name in names] == numbers
    assert [head["revision"] for head in heads] == numbers
    assert [head["down_revision"] for head in heads] == [None, *numbers[:-1]]
