"""Small packs written as text, so that a test shows the row it is about."""

from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.read import read_pack

HEAD = 'format = 1\nregion = "{region}"\nname_zh = "某地"\nname_en = "Somewhere"\n'
LIMITS = {"scheme": '"employee"', "insurance": '"pension"',
          "base_floor": '"5000.00"', "base_ceiling": '"25000.00"'}  # fmt: skip
RATES = {"scheme": '"employee"', "insurance": '"pension"', "employer": '"16"', "employee": '"8"'}
DATING = {"effective_from": '"2025-07"', "published_on": "2025-06-30",
          "notice": '"notice"', "confidence": '"official"'}  # fmt: skip


def row(table, values, **changes):
    """A row of TOML; a change of None leaves the key out, other changes are TOML text."""
    cells = {**DATING, **values, **changes}
    lines = [f"{key} = {value}" for key, value in cells.items() if value is not None]
    return "\n".join((f"[[{table}]]", *lines, ""))


def limits(**changes):
    return row("limits", LIMITS, **changes)


def rates(**changes):
    return row("rates", RATES, **changes)


def pack_text(*rows, region="320100"):
    return "\n".join((HEAD.format(region=region), *rows))


def problems_of(*rows, **head):
    """What is wrong with a pack, as the lines that a person reads."""
    pack, problems = read_pack(pack_text(*rows, **head), "nanjing.toml")
    assert (pack is None) == bool(problems)
    return [str(problem) for problem in problems]


def packs_of(**texts):
    """A set of packs from the rows of each: CN=…, city=…"""
    found = []
    for region, rows in texts.items():
        code = "320100" if region == "city" else region
        pack, problems = read_pack(pack_text(*rows, region=code), f"{region}.toml")
        assert problems == []
        found.append(pack)
    return PackSet(found)
