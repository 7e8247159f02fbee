"""Complete the list of what siweb ships (CycloneDX), and write its licences: `make sbom` runs it.

    python requirements/sbom.py LIST LICENCES

The list comes from the installed packages; what stands in the repository itself is added here.
"""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]


class Vendored(NamedTuple):
    """Work of others that the repository carries, with the file that says on what terms."""

    name: str
    version: str
    licence: str
    terms: str


VENDORED = (
    Vendored("htmx", "4.0.1", "0BSD", "static/vendor/htmx-LICENSE.txt"),
    Vendored("tabler-icons", "", "MIT", "static/icons-LICENSE.txt"),
    Vendored("source-han-sans", "", "OFL-1.1", "siweb/documents/typesetting/fonts/OFL.txt"),
    Vendored(
        "common-passwords",
        "",
        "MIT AND BSD-3-Clause",
        "siweb/auth/credentials/common_passwords.LICENSE",
    ),
    Vendored("pinyin-readings", "", "MIT", "siweb/rules/names/readings-LICENSE.txt"),
)

# Their packages carry the text of a licence and do not name it: read there.
NAMED_BY_ITS_TEXT = {"pyrage": "MIT"}


def main(file: Path, licences: Path) -> None:
    """Add what is vendored to the list; write name, version and licence of each, a line each."""
    found = json.loads(file.read_text("utf-8"))
    components: list[dict[str, Any]] = found.setdefault("components", [])
    # siweb itself stands above its components.
    components[:] = [each for each in components if each["name"] != "siweb"]
    for each in components:
        if each["name"] in NAMED_BY_ITS_TEXT and not each.get("licenses"):
            each["licenses"] = _licences(NAMED_BY_ITS_TEXT[each["name"]])
    components.extend(_component(each) for each in VENDORED)
    lines = [
        f"{each['name']} {each.get('version', '')}".strip() + f": {licence_of(each)}"
        for each in components
    ]
    if without := [line for line in lines if line.endswith(": ")]:
        raise SystemExit(f"No licence is known of {without[0].rstrip(': ')}: look for it.")
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    licences.write_text("\n".join(sorted(lines, key=str.lower)) + "\n", "utf-8")
    sys.stdout.write(f"{len(lines)} components: {file}, {licences}\n")


def licence_of(component: dict[str, Any]) -> str:
    """Return a component's licences as its maker gave them, "" for none."""
    given = []
    for each in component.get("licenses", ()):
        licence = each.get("license", {})
        given.append(each.get("expression") or licence.get("id") or licence.get("name", ""))
    return ", ".join(sorted({text.splitlines()[0] for text in given if text}))


def _licences(named: str) -> list[dict[str, Any]]:
    return [{"expression": named}] if " " in named else [{"license": {"id": named}}]


def _component(vendored: Vendored) -> dict[str, Any]:
    component = {
        "type": "library",
        "bom-ref": f"vendored:{vendored.name}",
        "name": vendored.name,
        "licenses": _licences(vendored.licence),
        "properties": [{"name": "siweb:terms", "value": vendored.terms}],
    }
    return component | ({"version": vendored.version} if vendored.version else {})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
