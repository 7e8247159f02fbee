"""Whatever an action of two people may be refused for has its sentence, in both languages."""

import ast
import re
from functools import cache

import pytest
from flask_babel import force_locale

from siweb.desk.checking.sentences import OF_TASKS, why
from siweb.desk.people.actions import HEIRS
from siweb.desk.tasks.actions import ACTIONS
from siweb.rules.errors import Refusal, RuleError
from siweb.rules.parameters.parameter_set import ParameterMissing
from tests.architecture.sources import ROOT

RAISES = re.compile(r":raises (\w+):")


@cache
def raised():
    """Every code with which the code refuses, and its facts, by the name of the class raised."""
    codes = {}
    for path in sorted((ROOT / "siweb").rglob("*.py")):
        source = path.read_text("utf-8")
        if "Refused(" not in source:
            continue
        for call in ast.walk(ast.parse(source)):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            if call.func.id.endswith("Refused") and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant):
                    key = (call.func.id, str(path.relative_to(ROOT)))
                    facts = tuple(sorted(fact.arg for fact in call.keywords))
                    codes.setdefault(key, set()).add((first.value, facts))
    return codes


def codes_of(refusal):
    """The codes that a class is raised with, where it is that class and not a namesake."""
    found = set()
    for (name, path), codes in raised().items():
        module = path.removesuffix(".py").replace("/", ".")
        if name != refusal.__name__:
            continue
        source = __import__(module, fromlist=["_"])
        if getattr(source, name, None) is refusal:
            found |= codes
    return found


def refusals_in(action):
    """The refusals that an action, or what it calls, says of itself that it raises."""
    found = set()
    called = [action.do.__globals__.get(name) for name in action.do.__code__.co_names]
    for function in (action.do, *called):
        for raises in RAISES.findall(getattr(function, "__doc__", None) or ""):
            refusal = function.__globals__.get(raises)
            if isinstance(refusal, type) and issubclass(refusal, Refusal):
                found.add(refusal)
    return found


@pytest.mark.parametrize("kind", ACTIONS)
def test_every_code_of_an_actions_refusals_has_a_sentence(app, kind):
    action = ACTIONS[kind]
    for refusal in {**OF_TASKS, **action.sentences}:
        codes = codes_of(refusal)
        assert codes
        with app.test_request_context():
            for code, facts in codes:
                refused = refusal(code, **dict.fromkeys(facts, "x"))
                with force_locale("en"):
                    english = why(refused, action)
                with force_locale("zh_Hans"):
                    chinese = why(refused, action)
                assert english != chinese
                assert "%(" not in english


@pytest.mark.parametrize("kind", ACTIONS)
def test_every_refusal_that_an_action_can_meet_is_among_them(kind):
    met = {one for one in refusals_in(ACTIONS[kind]) if not issubclass(one, RuleError)}

    assert met <= set(ACTIONS[kind].sentences)


def test_the_walk_finds_what_actions_may_be_refused_for():
    """An action that calls nothing which refuses would be one that nothing can stand against."""
    assert all(refusals_in(action) for action in ACTIONS.values())


def test_a_figure_that_is_missing_has_its_sentence(app):
    with app.test_request_context(), force_locale("en"):
        assert "no figure for this" in why(
            ParameterMissing("310000", "account_rate", "2026-01"), HEIRS
        )
