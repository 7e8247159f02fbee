"""What is sealed at rest stands in the decision about it, column by column."""

import re
from pathlib import Path

from siweb.reseal.tables import sealed_columns

DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "0027-data-at-rest.md"


def test_the_decision_names_every_sealed_column_and_no_other():
    section = DECISION.read_text("utf-8").partition("## Sealed by field")[2].partition("\n## ")[0]
    named = [
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", line.split("|")[1])
    ]

    assert sorted(named) == sorted(of.name for of in sealed_columns())
