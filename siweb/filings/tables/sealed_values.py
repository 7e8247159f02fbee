"""What a row of a filing keeps, with the ID number that it gives sealed wherever it stands."""

from typing import Any

from siweb.db.sealing.columns import PartlySealed, seal_text, unseal_text

NUMBER = "id_number"


class RowValues(PartlySealed):
    """By field what a row gives; its number is text of its filer, which may be no number at all."""

    cache_ok = True

    def sealed(self, value: dict[str, Any]) -> dict[str, Any]:
        typed = value.get(NUMBER)
        return {**value, NUMBER: seal_text(str(typed))} if typed else value

    def unsealed(self, kept: dict[str, Any]) -> dict[str, Any]:
        typed = kept.get(NUMBER)
        return {**kept, NUMBER: unseal_text(typed)} if typed else kept


class RowFindings(PartlySealed):
    """Findings, with what stood where a number could not be read."""

    cache_ok = True

    def sealed(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [_about_number(found, seal_text) for found in value]

    def unsealed(self, kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [_about_number(found, unseal_text) for found in kept]


def _about_number(found: dict[str, Any], change: Any) -> dict[str, Any]:
    facts = found["facts"]
    if facts.get("field") != NUMBER or not facts.get("text"):
        return found
    return {**found, "facts": {**facts, "text": change(facts["text"])}}
