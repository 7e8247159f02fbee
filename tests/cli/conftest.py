import json

import pytest
from click.testing import CliRunner

from siweb.cli import main
from tests.auth.operator_file import proved


@pytest.fixture
def run():
    """Run `siweb` with these words; the result has exit_code, stdout and stderr."""
    return lambda *words: CliRunner().invoke(main, proved(words))


@pytest.fixture
def calc(run):
    """Run `siweb calc … --json` and return what it answers."""

    def answer(*words):
        found = run("calc", *words, "--json")
        assert (found.exit_code, found.stderr) == (0, "")
        return json.loads(found.stdout)

    return answer


@pytest.fixture
def ask(calc):
    """Hand over the inputs as one object, as the worked cases stand in their file."""
    return lambda area, **inputs: calc(area, "--inputs", json.dumps(inputs))["result"]


@pytest.fixture
def refusal(run):
    """Run `siweb calc …` with a wrong input and return its sentence."""

    def sentence(*words):
        found = run("calc", *words)
        assert (found.exit_code, found.stdout) == (2, "")
        (line,) = found.stderr.splitlines()
        return line.removeprefix("Error: ")

    return sentence
