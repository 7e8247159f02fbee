"""Write a sheet anew as XLSX, row by row, in the look of the one that came in.

An own writer: others load a sheet whole, or write all columns up to the last one of any row, which
one stray cell in XFD makes 16,384 for each.
"""

import zipfile
from collections.abc import Iterable, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from siweb.documents.spreadsheets.reading.xlsx.appearance import Appearance, Range
from siweb.documents.spreadsheets.style_sheet import StyleSheet

Written = tuple[int, str, bool, int]
"""A cell: its column from 0, its text, whether it is a number, its style."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
}
# Excel refuses files whose tabs have longer names.
_LONGEST_NAME = 31
_PIECE = 500


def column_letters(place: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def write_copy(
    target: IO[bytes],
    name: str,
    rows: Iterable[tuple[int, Sequence[Written]]],
    appearance: Appearance,
    styles: StyleSheet,
    *,
    begins_1904: bool,
) -> None:
    """Write the rows under their numbers; the filter ends with the last of them."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in _PARTS.items():
            archive.writestr(part, _HEAD + content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + _before(appearance)).encode())
            last, lines = 1, []
            for number, cells in rows:
                last = number
                lines.append(_row(number, cells))
                if len(lines) == _PIECE:
                    sheet.write("".join(lines).encode())
                    lines = []
            sheet.write(("".join(lines) + _behind(appearance, last)).encode())
        # Last, since styles and the end of the filter are found while rows are written.
        workbook = _workbook(name, appearance, last, begins_1904=begins_1904)
        archive.writestr("xl/workbook.xml", _HEAD + workbook)
        archive.writestr("xl/styles.xml", _HEAD + styles.xml())


def _workbook(name: str, appearance: Appearance, last: int, *, begins_1904: bool) -> str:
    plain = "".join(char for char in name if char not in "[]:*?/\\'")[:_LONGEST_NAME] or "1"
    defined = ""
    if appearance.filter is not None:
        # LibreOffice knows a filter by this name alone, Excel keeps it as well (18.2.5).
        left, first, right, end = _filter(appearance.filter, last)
        area = escape(f"'{plain}'!${left}${first}:${right}${end}")
        defined = (
            '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
            f"{area}</definedName></definedNames>"
        )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<workbookPr{' date1904=' + quoteattr('1') if begins_1904 else ''}/><sheets>"
        f'<sheet name={quoteattr(plain)} sheetId="1" r:id="rId1"/></sheets>{defined}</workbook>'
    )


def _filter(given: Range, last: int) -> Range:
    left, first, right, _end = given
    return left, first, right, max(first, last)


def _before(appearance: Appearance) -> str:
    pane = "" if appearance.pane is None else f"<pane{_attributes(appearance.pane)}/>"
    columns = "".join(
        f'<col min="{first}" max="{last}"{_attributes(attributes)}/>'
        for first, last, attributes in sorted(appearance.columns, key=lambda column: column[0])
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView>'
        f"</sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _behind(appearance: Appearance, last: int) -> str:
    found = "</sheetData>"
    if appearance.filter is not None:
        found += f'<autoFilter ref="{_reference(_filter(appearance.filter, last))}"/>'
    if appearance.merged:
        cells = "".join(f'<mergeCell ref="{_reference(merged)}"/>' for merged in appearance.merged)
        found += f'<mergeCells count="{len(appearance.merged)}">{cells}</mergeCells>'
    return found + "</worksheet>"


def _row(number: int, cells: Sequence[Written]) -> str:
    inside = "".join(
        f'<c r="{column_letters(place)}{number}" s="{style}"><v>{text}</v></c>'
        if is_number
        else f'<c r="{column_letters(place)}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_text(text)}</t></is></c>'
        for place, text, is_number, style in cells
    )
    return f'<row r="{number}">{inside}</row>'


def _text(text: str) -> str:
    # What looks like an escape of the format is escaped itself; XML keeps no carriage return.
    return escape(text.replace("_x", "_x005F_x")).replace("\r", "_x000D_")


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())


def _reference(merged: Range) -> str:
    left, first, right, last = merged
    return f"{left}{first}:{right}{last}"
