"""Columns by name: the usual headings of each kind of filing, in any order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets import values

Read = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field, how it is read, whether every row needs it, and its headings.

    The first heading is the one of the template; where a sheet has several of them, the one that
    stands first here counts.
    """

    field: str
    read: Read
    is_needed: bool
    headings: tuple[str, ...]

    @property
    def repeats(self) -> bool:
        """Return whether many rows say the same here."""
        return self.field not in {"id_number", "name", "new_name", "mobile", "total_wage_fen"}


def _said(headings: str) -> tuple[str, ...]:
    return tuple(headings.split("|"))


def _simple(function: Callable[..., Any]) -> Read:
    return lambda cell, **_given: function(cell)


ID_NUMBER = Column(
    "id_number",
    _simple(values.id_number),
    is_needed=True,
    headings=_said(
        "公民身份号码|身份证号|身份证号码|身份证|身份证件号码|证件号码|证件号|"
        "社会保障号|社会保障号码|居民身份证号码|ID number|Citizen ID number|ID|"
        "id_number"
    ),
)
NAME = Column(
    "name",
    _simple(values.person_name),
    is_needed=True,
    headings=_said("姓名|名字|员工姓名|职工姓名|参保人姓名|Name|Employee|name"),
)
_MOBILE = Column(
    "mobile",
    values.mobile,
    is_needed=False,
    headings=_said("手机号码|手机号|手机|移动电话|联系电话|联系方式|Mobile|Phone"),
)
_CATEGORY = Column(
    "retirement_category",
    values.choice("retirement_category"),
    is_needed=False,
    headings=_said("女职工岗位|岗位类别|岗位性质|干部工人|个人身份|Post of a woman"),
)


def _wage(headings: str) -> Column:
    return Column("wage_fen", values.fen, is_needed=True, headings=_said(headings))


def _start(headings: str) -> Column:
    more = "|起始年月|开始月份|缴费起始年月|参保起始年月|First month|start_month"
    said = _said(headings + more)
    return Column("start_month", values.month, is_needed=True, headings=said)


_STOP = Column(
    "stop_month",
    values.month,
    is_needed=True,
    headings=_said(
        "最后缴费月|停保年月|停保月份|停缴年月|停缴月份|减员月份|缴费截止月|"
        "缴费终止年月|Last month|stop_month"
    ),
)
_HIRE = (
    Column(
        "hired_on",
        values.day,
        is_needed=True,
        # 参加工作日期 is none of them: it is when somebody's working life began.
        headings=_said("入职日期|用工日期|用工起始日期|聘用日期|Hired on|合同起始日期"),
    ),
    _wage("月工资|申报工资|缴费工资|月缴费工资|月工资收入|工资|缴费基数|申报基数|Monthly wage"),
    _start("起始缴费月|缴费起始月|开始缴费月份|增员月份"),
    Column(
        "insurances",
        values.insurances,
        is_needed=True,
        headings=_said("参保险种|险种|参加险种|Insurances"),
    ),
    _CATEGORY,
    Column(
        "form",
        values.choice("form"),
        is_needed=False,
        headings=_said("用工形式|用工类型|用工性质|就业形式|Kind of employment"),
    ),
    Column(
        "contract_type",
        values.choice("contract_type"),
        is_needed=False,
        headings=_said("合同类型|劳动合同类型|合同期限类型|Kind of contract"),
    ),
    Column(
        "contract_until",
        values.day,
        is_needed=False,
        headings=_said("合同终止日期|合同到期日|合同截止日期|Contract ends on"),
    ),
    Column(
        "reason",
        values.choice("hire_reason"),
        is_needed=False,
        headings=_said("增员原因|参保原因|增加原因|变更原因|Reason"),
    ),
    _MOBILE,
)
_LEAVE = (
    Column(
        "ended_on",
        values.day,
        is_needed=True,
        # The end of the contract comes last: it may lie years behind the last day of work.
        headings=_said(
            "离职日期|解除终止劳动合同日期|终止解除日期|解除日期|终止日期|Last day of work|"
            "合同终止日期"
        ),
    ),
    Column(
        "end_reason",
        values.choice("end_reason"),
        is_needed=True,
        headings=_said("减员原因|离职原因|停保原因|减少原因|变更原因|Reason"),
    ),
    Column(
        "is_voluntary",
        values.choice("is_voluntary"),
        is_needed=True,
        headings=_said("本人意愿|是否本人意愿|是否自愿|是否因本人意愿中断就业|Voluntary"),
    ),
    _STOP,
)
_CHANGE = (
    Column(
        "new_name",
        _simple(values.person_name),
        is_needed=False,
        headings=_said("新姓名|变更后姓名|New name"),
    ),
    Column(
        "wage_fen",
        values.fen,
        is_needed=False,
        headings=_said("新工资|变更后工资|新月工资|调整后工资|月工资|New wage"),
    ),
    Column(
        "start_month",
        values.month,
        is_needed=False,
        headings=_said("生效月份|起始年月|生效年月|From which month"),
    ),
    _MOBILE,
    _CATEGORY,
)
_PAUSE = (
    _STOP,
    Column(
        "reason",
        values.choice("pause_reason"),
        is_needed=False,
        headings=_said("暂停原因|停缴原因|中断原因|Reason"),
    ),
)
_RESUME = (
    _start("恢复缴费月|起始缴费月|缴费起始月"),
    _wage("月工资|申报工资|缴费工资|工资|缴费基数|Monthly wage"),
)
_BASE = (
    Column(
        "total_wage_fen",
        values.fen,
        is_needed=True,
        headings=_said(
            "上年工资总额|上年度工资总额|全年工资总额|上年工资收入总额|工资总额|"
            "Wages of the year before"
        ),
    ),
    Column(
        "months",
        values.whole,
        is_needed=True,
        headings=_said("上年工作月数|工作月数|月数|缴费月数|发放月数|Months worked"),
    ),
)
AVERAGE = _wage("上年月平均工资|上年度月平均工资|月平均工资|月均工资|Average monthly wage")
_OF_KIND: Mapping[FilingKind, tuple[Column, ...]] = {
    FilingKind.HIRE: _HIRE,
    FilingKind.LEAVE: _LEAVE,
    FilingKind.CHANGE: _CHANGE,
    FilingKind.PAUSE: _PAUSE,
    FilingKind.RESUME: _RESUME,
    FilingKind.BASE: _BASE,
}


def columns_of(kind: FilingKind) -> tuple[Column, ...]:
    """Return the columns of a kind, in the order of its template."""
    return (NAME, ID_NUMBER, *_OF_KIND[kind])


def columns_read(kind: FilingKind, fields: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns that count where those of some fields are there.

    A yearly base may come as an average alone; beside both total and months it is not looked at.
    """
    is_average = {"wage_fen"} <= set(fields) and not {"total_wage_fen", "months"} <= set(fields)
    if kind is FilingKind.BASE and is_average:
        return (NAME, ID_NUMBER, AVERAGE)
    return columns_of(kind)
