"""A binary workbook (XLSB, MS-XLSB) of hand-made records, as no library writes one."""

import struct
import zipfile

_BEGIN_BOOK, _END_BOOK, _BEGIN_SHEETS, _END_SHEETS, _SHEET = 131, 132, 143, 144, 156
_BEGIN_SHEET, _END_SHEET, _SIZE, _BEGIN_DATA, _END_DATA = 129, 130, 148, 145, 146
_ROW, _NUMBER, _TEXT = 0, 5, 6
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _varied(number):
    found = b""
    while True:
        number, low = number >> 7, number & 0x7F
        found += bytes([low | (0x80 if number else 0)])
        if not number:
            return found


def _record(kind, data=b""):
    return _varied(kind) + _varied(len(data)) + data


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(place, value):
    head = struct.pack("<II", place, 0)
    if isinstance(value, str):
        return _record(_TEXT, head + _wide(value))
    return _record(_NUMBER, head + struct.pack("<d", value))


def _relations(kind, target):
    return (
        f'<Relationships xmlns="{_RELATIONSHIPS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def make_xlsb(path, rows):
    """Write rows of texts and numbers as the one sheet of a binary workbook."""
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    data = b"".join(
        _record(_ROW, struct.pack("<I", number) + bytes(21))
        + b"".join(_cell(place, value) for place, value in enumerate(row))
        for number, row in enumerate(rows)
    )
    sheet = [
        _record(_BEGIN_SHEET),
        _record(_SIZE, size),
        _record(_BEGIN_DATA),
        data,
        _record(_END_DATA),
        _record(_END_SHEET),
    ]
    book = [
        _record(_BEGIN_BOOK),
        _record(_BEGIN_SHEETS),
        _record(_SHEET, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("名单")),
        _record(_END_SHEETS),
        _record(_END_BOOK),
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", _relations("officeDocument", "xl/workbook.bin"))
        archive.writestr(
            "xl/_rels/workbook.bin.rels", _relations("worksheet", "worksheets/sheet1.bin")
        )
        archive.writestr("xl/workbook.bin", b"".join(book))
        archive.writestr("xl/worksheets/sheet1.bin", b"".join(sheet))
    return path
