"""Tell the rows of people from what stands around them: totals, examples, notes, signatures.

A row that is left out without reason is a person who is not insured, one too many is only a row
that cannot be sent: whoever has an ID number is always somebody.
"""

import re
from collections.abc import Mapping

from siweb.documents.spreadsheets.reading.cell import NOT_CALCULATED, Cell, CellKind
from siweb.filings.fields.field import FieldType
from siweb.filings.sheets import values
from siweb.filings.sheets.columns import NAME
from siweb.filings.sheets.headings import Header, folded

EXAMPLES = ("(示例)", "(example)", "示例", "例:", "(样例)", "(范例)", "样例", "填写示例")
_EXAMPLE_BEHIND = ("(示例)", "(样例)", "(范例)", "(example)")
# What stands first in a total, and in the lines below a list.
_NOBODY = re.compile(
    r"合计|总计|小计|共计|累计|人数合计|总人数|total|共\d+[人页]|第\d+页|以下空白|以下无正文|"
    r".{1,4}(合计|小计|总计|累计)([:(\d]|\Z)|制表人|填表人|"
    r"填[表报]日期|制表日期|(审核|复核|审批|批准|经办)[人员]?([:(]|\Z)|"
    r".{0,6}(盖章|公章|签字|签名|签章|审批意见|审核意见)([:()]|\Z)|"
    r"(.{0,4}(部门|人事|人力|人力资源|财务|行政|公司|单位|项目|分管|主管|总))?"
    r"(经理|主管|领导|总监|主任|专员|负责人)([:(]|\Z)|"
    r"(制表|填表|填报人?|报送人?|(单位|部门|企业)?(负责人|经办人)|法定代表人|联系人|联系电话|电话|"
    r"(填[表写报])?(备注|说明|须知)|注意事项|注|日期|"
    r"(申报|参保|用人)?单位(名称|编号)?|本[表人单]|以上|附)\d?[:(]|"
    # A numbered remark; a row's own number has nothing behind it.
    r"\d{1,2}[.、)]\D|\(\d{1,2}\)\D|[(※*]?(盖章|公章|签字)|"
    r"[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|"
    r"填[表写报](备注|说明|须知)\Z|[*★※]"
)
# What a row below the headings says of its columns: what must be filled in, and how.
_DESCRIBED = re.compile(
    r"[非选必]*(填|录)项?|文本(格式|型)?|字符(串|型)?|\d{2}位.{0,8}|(var)?char.*|string|text|"
    r"required|optional|[乙b]",
    re.IGNORECASE,
)
_FEWEST_NUMBERED = 4
# A line that parts a list: the department of whoever stands below it.
_GROUP = re.compile(r".{2,}(部|部门|科|处|室|组|车间|中心|门店|分店|厂|公司|班|队)")
_VALUES = frozenset({FieldType.MONEY, FieldType.DAY, FieldType.MONTH, FieldType.WHOLE})
_ENOUGH_VALUES = 2

# Most of a number at least, or one that a spreadsheet wrote short.
_NUMBER = re.compile(r"\D?\d[\s\dXx×]{8,}(\.0)?|\d(\.\d+)?[eE]\+?\d+")
_DAY = re.compile(r"(19|20)\d\d\D{1,2}\d{1,2}\D{1,2}\d{1,2}\D?")
# What no name has: sentences, labels, numbers. A full stop between words may be a name's dot.
_NOT_IN_NAMES = re.compile(r"[\d:;,。、!?=<>@#%&_/\\|~]")
_LONGEST_CHINESE_NAME, _LONGEST_NAME = 20, 60
# Tested first, since few names begin so.
_EXAMPLES_BEGIN, _EXAMPLES_END = frozenset("(（示例样填"), frozenset(")）")
_NOTHING = Cell(CellKind.TEXT, "")
_NAME_HEADINGS = frozenset(folded(heading) for heading in NAME.headings)


class Asides:
    """Tells which rows below the headings are nobody's."""

    def __init__(self, header: Header) -> None:
        places = {column.name: place for place, column in header.columns.items()}
        # A list may have no names: no cell stands before the first.
        self.id_place, self.name_place = places["id_number"], places.get("name", -1)
        self.places = frozenset({*header.columns, *header.insurances})
        self.value_places = [
            place for place, column in header.columns.items() if column.type in _VALUES
        ]

    def has(self, cells: Mapping[int, Cell]) -> bool:
        """Return whether a row is a total, an example, a note or a signature."""
        name = cells.get(self.name_place, _NOTHING)
        text = name.text
        if (text[:1] in _EXAMPLES_BEGIN or text[-1:] in _EXAMPLES_END) and _is_example(name):
            return True
        number = cells.get(self.id_place, _NOTHING)
        typed = number.text
        # Before anything else that a row may be:
        # whoever has a number is somebody, also below the signature.
        if _NUMBER.fullmatch(typed):
            return False
        return _describes_columns(typed, cells) or self._is_without_number(cells, name, number)

    def _is_without_number(self, cells: Mapping[int, Cell], name: Cell, number: Cell) -> bool:
        """Return whether a row whose ID number reads as none is nobody's."""
        if self._has_values(cells) and _is_numbered_name(name):
            return False
        if _names_nobody(cells[min(cells)]) or _names_nobody(name):
            return True
        typed = number.text
        if number == NOT_CALCULATED or (_has_digit(typed) and not _DAY.fullmatch(typed.strip())):
            return False
        return self._is_note(cells, name)

    def _is_note(self, cells: Mapping[int, Cell], name: Cell) -> bool:
        """Return whether a row without an ID number is nobody's."""
        # Formulas that were filled down beyond the list make nobody.
        there = [
            cell
            for place, cell in cells.items()
            if place in self.places and place != self.name_place and cell != NOT_CALCULATED
        ]
        if name == NOT_CALCULATED:
            return False
        if name is _NOTHING:
            # One value alone, or sums of columns, or the label of a signature: nobody is meant.
            return (
                len(there) <= 1
                or not any(_has_digit(cell.text) for cell in there)
                or all(cell.kind is CellKind.FORMULA for cell in there)
                or any(_names_nobody(cell) or ":" in values.plain(cell.text) for cell in there)
            )
        if not there and _GROUP.fullmatch("".join(name.text.split())):
            return True
        if self._has_values(cells):
            # A name with a sign too many, but a wage and a day: a person whose number is missing.
            return False
        return not _is_name(name.text) or folded(name.text) in _NAME_HEADINGS

    def _has_values(self, cells: Mapping[int, Cell]) -> bool:
        """Return whether days and amounts stand where a person has them."""
        filled = sum(_has_digit(cells.get(place, _NOTHING).text) for place in self.value_places)
        return filled >= _ENOUGH_VALUES


def _describes_columns(typed: str, cells: Mapping[int, Cell]) -> bool:
    """Return whether a row says what belongs into its columns, or only numbers them."""
    if _DESCRIBED.fullmatch("".join(values.plain(typed).split())):
        return True
    texts = [cells[place].text for place in sorted(cells)]
    numbers = [str(number) for number in range(1, len(texts) + 1)]
    return len(texts) >= _FEWEST_NUMBERED and texts in (
        numbers,
        list("甲乙丙丁戊己庚辛")[: len(texts)],
    )


def _is_numbered_name(name: Cell) -> bool:
    """Return whether a name has a number before it: 1. 王芳."""
    match = _NUMBERED.match(values.plain(name.text))
    return match is not None and _is_name(match[1])


_NUMBERED = re.compile(r"\(?\d{1,4}[.、)]\s*(.+)")


def _is_name(text: str) -> bool:
    """Return whether a text can be somebody's name, and is no sentence."""
    plain = values.plain(text)
    longest = _LONGEST_CHINESE_NAME if not plain.isascii() else _LONGEST_NAME
    has_letter = any(map(str.isalpha, plain))
    return has_letter and len(plain) <= longest and not _NOT_IN_NAMES.search(plain)


def _is_example(name: Cell) -> bool:
    text = values.plain(name.text).casefold()
    return text.startswith(EXAMPLES) or text.endswith(_EXAMPLE_BEHIND)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _names_nobody(cell: Cell) -> bool:
    return _NOBODY.match("".join(values.plain(cell.text).split()).casefold()) is not None
