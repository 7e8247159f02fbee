"""What is written once: who is signed in, refusals, readers of contacts and pages, normal forms."""

import ast
import re

from tests.architecture.sources import PACKAGE, files, shown, tree

SOURCES = files(PACKAGE, ".py")
# Each of these stands in one place only, and everybody else asks it.
ONLY = {
    r"\bflask_login\b": {"siweb/web/visitor.py"},
    r"\bunicodedata\.normalize\(": {"siweb/rules/identifiers/typed_text.py"},
    r"request\.args(?:\.get\(|\[)\s*[\"']page[\"']": {
        "siweb/web/paging.py",
        "siweb/filings/api/views.py",  # a program is told that its page is none
    },
    # Mobile numbers and e-mail addresses.
    r"1\[3-9\]": {
        "siweb/rules/identifiers/contact.py",
        "siweb/filings/api/schemas.py",  # says to programs what is taken
        "siweb/auth/credentials/common_passwords.py",  # passwords that look like one
        "siweb/monitoring/json_log.py",  # takes out of a log what looks like one
    },
    r"\[\^@": {"siweb/rules/identifiers/contact.py"},
    # WTForms takes a good beginning for the whole.
    r"\bRegexp\(": set(),
}
# Not what the office refuses to do, but what went wrong below it, or what a developer's file says.
FAULTS = {
    # A backup says in its message what is wrong with it, and what to do.
    "CannotCopy",
    "CannotRestore",
    "NotABackup",
    "WrongKey",
    "ApiProblem", "BenchFailed", "BodyTooLong", "BodyTooSlow", "CannotListen", "ClaimedElsewhere", "FileGone", "JobLost", "NoRoom",
    "OtherKey", "PackError", "PlaceRefused", "ReferenceMissing", "SecretFault", "SendingFailed", "SettingError",
    "Unreadable", "Unwatched", "ValueRefused",
    "VisitorGone", "WrongAnswer", "_DoubleKey",
}  # fmt: skip


def test_what_has_its_place_stands_nowhere_else():
    offenders = [
        f"{shown(path)}: {pattern}"
        for path in SOURCES
        for pattern, places in ONLY.items()
        if shown(path) not in places and re.search(pattern, path.read_text("utf-8"))
    ]

    assert not offenders


def test_every_refusal_has_a_code_and_facts():
    """One base for all of them: whoever shows one knows where its words are."""
    bases = {"Exception", "ValueError", "RuntimeError", "LookupError", "KeyError", "TypeError"}
    own = {
        node.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and {base.id for base in node.bases if isinstance(base, ast.Name)} & bases
    }

    assert own - {"Refusal"} == FAULTS


# Nothing was typed there: a button alone was pressed, so that a message loses nothing.
BUTTONS_ALONE = {
    # Whoever comes back from a provider typed what they typed there.
    "auth/pages/linked/views.py _linked",
    "auth/pages/linked/views.py _signed_in",
    "auth/pages/linked/views.py finish_linked",
    "auth/pages/passkeys/views.py remove_own_passkey",
    "complaints/views.py withdraw",
    "desk/statements/views.py _request",
    "desk/tasks/views.py _closed",
    "filings/employers/mandates/views.py revoke",
    "filings/views.py confirm",
    "ledgers/views.py issue",
    "flexible/views.py _send",
    "helping/views.py end",
    "pensions/views.py _send",
    "pensions/views.py withdraw_application",
    "transfers/views.py _send",
    "transfers/views.py withdraw_transfer",
}


def test_what_is_refused_stands_in_its_form():
    """A message on the next page would lose what was typed (siweb/web/forms/carry_out.py)."""
    flashed = {
        f"{path.relative_to(PACKAGE)} {function.name}"
        for path in files(PACKAGE, ".py")
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef)
        for handler in ast.walk(function)
        if isinstance(handler, ast.ExceptHandler)
        and any(
            isinstance(call, ast.Call) and ast.unparse(call.func) == "flash"
            for call in ast.walk(handler)
        )
    }

    assert flashed - BUTTONS_ALONE == set()
    assert BUTTONS_ALONE - flashed == set()
