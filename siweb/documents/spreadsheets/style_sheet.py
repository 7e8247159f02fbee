"""The styles of a sheet that is written anew: those of the one that came in, and marked ones.

Only what says how cells look is taken over, element by element; nothing else of the part.
"""

from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.xlsx.package import DAMAGED, MAIN_SPACES, Attributes

# Styles that programs left behind can outweigh the data; such a copy goes back plain.
MOST_BYTES = 4 << 20
"""A styles part that is larger is not taken over: some workbooks gather styles for years."""
_MOST_ELEMENTS = 200_000
_KEPT = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "colors",
)
_MAIN = MAIN_SPACES[0]
# Built-in formats (ECMA-376 part 1, 18.8.30): every program knows them without a definition.
TEXT_FORMAT, DAY_FORMAT, MOMENT_FORMAT = "49", "14", "22"
# The light red that Excel itself has for what is wrong.
_MARK = "FFFFC7CE"
_PLAIN = (
    "<styleSheet><fonts><font><sz val='11'/><name val='Calibri'/></font></fonts>"
    "<fills><fill><patternFill patternType='none'/></fill>"
    "<fill><patternFill patternType='gray125'/></fill></fills>"
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    "<cellStyleXfs><xf numFmtId='0' fontId='0' fillId='0' borderId='0'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0' fontId='0' fillId='0' borderId='0' xfId='0'/></cellXfs>"
    "<cellStyles><cellStyle name='Normal' xfId='0' builtinId='0'/></cellStyles></styleSheet>"
)


@dataclass(slots=True)
class _Element:
    name: str
    attributes: Attributes
    children: list["_Element"] = field(default_factory=list)

    def xml(self) -> str:
        attributes = "".join(f" {key}={quoteattr(text)}" for key, text in self.attributes.items())
        inside = "".join(child.xml() for child in self.children)
        return f"<{self.name}{attributes}>{inside}</{self.name}>"


class StyleSheet:
    """The styles of cells by number, and more of them where cells are marked."""

    def __init__(self, part: bytes | None) -> None:
        """Take over the styles of a part, or begin with plain ones where there is none."""
        root = _parsed(part) if part is not None else None
        self.is_taken_over = root is not None
        self.root = root or _plain()
        self._formats = self._list("cellXfs")
        self._variants: dict[tuple[int, str, bool, bool], int] = {}
        self._mark: int | None = None

    def style(self, number: str) -> int:
        """Return a style that came in, or the plain one for a number that there is not."""
        if number.isascii() and number.isdigit() and int(number) < self._count:
            return int(number)
        return 0

    @property
    def _count(self) -> int:
        return len(self._formats.children) - len(self._variants)

    def variant(
        self, base: int, *, number_format: str = "", is_marked: bool = False, wraps: bool = False
    ) -> int:
        """Return a style like another one, with a number format, a red ground or line breaks."""
        key = (base, number_format, is_marked, wraps)
        if key[1:] == ("", False, False):
            return base
        if key not in self._variants:
            found = self._formats.children[base]
            changed = _Element("xf", dict(found.attributes), list(found.children))
            if number_format:
                changed.attributes |= {"numFmtId": number_format, "applyNumberFormat": "1"}
            if is_marked:
                changed.attributes |= {"fillId": str(self._marking()), "applyFill": "1"}
            if wraps:
                aligned = _Element("alignment", {"wrapText": "1", "vertical": "top"})
                changed.children = [aligned]
                changed.attributes["applyAlignment"] = "1"
            self._formats.children.append(changed)
            self._variants[key] = len(self._formats.children) - 1
        return self._variants[key]

    def xml(self) -> str:
        """Return the part."""
        for element in self.root.children:
            if "count" in element.attributes:
                element.attributes["count"] = str(len(element.children))
        return self.root.xml().replace("<styleSheet", f'<styleSheet xmlns="{_MAIN}"', 1)

    def _marking(self) -> int:
        if self._mark is None:
            pattern = _Element("patternFill", {"patternType": "solid"})
            pattern.children = [
                _Element("fgColor", {"rgb": _MARK}),
                _Element("bgColor", {"indexed": "64"}),
            ]
            fills = self._list("fills").children
            fills.append(_Element("fill", {}, [pattern]))
            self._mark = len(fills) - 1
        return self._mark

    def _list(self, name: str) -> _Element:
        return next(element for element in self.root.children if element.name == name)


def _parsed(part: bytes) -> _Element | None:
    """Return the styles of a part, or None for one that is damaged or lacks what each style has."""
    try:
        root = _parse(part)
    except (*DAMAGED, SheetRefused):
        return None
    if root is None or root.name != "styleSheet":
        return None
    root.children = [element for element in root.children if element.name in _KEPT]
    filled = {element.name for element in root.children if element.children}
    if not {"fonts", "fills", "borders", "cellXfs"} <= filled:
        return None
    # Programs that write few styles leave out the named ones; spreadsheets want the first of them.
    plain = {element.name: element for element in _plain().children}
    root.children += [plain[name] for name in ("cellStyleXfs", "cellStyles") if name not in filled]
    root.children.sort(key=lambda element: _KEPT.index(element.name))
    return root


def _plain() -> _Element:
    root = _parse(_PLAIN.encode())
    assert root is not None
    return root


def _parse(part: bytes) -> _Element | None:
    """Return the elements of the spreadsheet's own namespace, without those of any other."""
    root: _Element | None = None
    parents: list[_Element | None] = []
    count = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal root, count
        count += 1
        space, _separator, local = name.rpartition("}")
        is_own = space in {"", *MAIN_SPACES} and (not parents or parents[-1] is not None)
        if count > _MOST_ELEMENTS:
            raise SheetRefused("bomb")
        if not is_own:
            parents.append(None)
            return
        own = {key: text for key, text in attributes.items() if "}" not in key}
        element = _Element(local, own)
        if not parents:
            root = element
        elif parents[-1] is not None:
            parents[-1].children.append(element)
        parents.append(element)

    def refuse(*_declaration: object) -> None:
        raise SheetRefused("bomb")

    parser = expat.ParserCreate(None, "}")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: parents.pop()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(part, True)
    return root
