"""The fields of each kind of filing: the one place where a field is described.

A field that is added here is in the form for one person, in the sheets and their template, in the
API and on every page that shows a row; what the register makes of it is in `confirmation.apply`.
"""

from collections.abc import Iterable, Mapping

from siweb.filings.fields.field import N_, Default, Field, FieldType, Suggestion, Values
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.fields.own_bases import OWN_BASES
from siweb.filings.fields.shared_fields import (
    ID_NUMBER,
    MONTHS_OF_A_YEAR,
    MOST_FEN,
    NAME,
    STOP,
    WAGES,
    category_field,
    headings,
    mobile_field,
    start_field,
    wage_field,
)
from siweb.filings.fields.yearly_base import average_agrees


def _contract_end(values: Values) -> Finding | None:
    """Ask for the end of a contract with a fixed term (劳动合同法 13), not before the hire."""
    hired_on, until = values.get("hired_on"), values.get("contract_until")
    if values.get("contract_type") == "fixed" and not until:
        return finding("contract_end_missing", ERROR, field="contract_until")
    # Days are texts here, YYYY-MM-DD. What is no day has its finding already, in its own field.
    if isinstance(hired_on, str) and isinstance(until, str) and until < hired_on:
        return finding("contract_end_before_hire", ERROR, field="contract_until")
    return None


_HIRE = (
    Field(
        name="hired_on",
        type=FieldType.DAY,
        label=N_("Hired on"),
        # 参加工作日期 is none of them: it is when somebody's working life began.
        headings=headings(
            "入职日期|入职时间|入司日期|入司时间|进司日期|进厂日期|进厂时间|到岗日期|到岗时间|到职日期|"
            "到职时间|报到日期|报到时间|上岗日期|上岗时间|用工日期|用工时间|用工起始日期|用工起始时间|"
            "用工开始日期|用工开始时间|聘用日期|聘用时间|录用日期|录用时间|招用日期|招工日期|"
            "建立劳动关系日期|建立劳动关系时间|劳动关系建立日期|进本单位日期|进入本单位时间|"
            "本单位工作起始日期|Hired on|Hire date|Date of hire|Entry date|Start date|合同起始日期|"
            "合同起始时间|合同开始日期|合同开始时间|劳动合同起始日期|劳动合同开始日期"
        ),
        is_needed=True,
        # 社会保险法 58: registration within 30 days.
        hint=N_("Registration is due within %(period)s; a late one is accepted and marked."),
        hint_period="employee_registration",
    ),
    wage_field(
        WAGES,
        hint=N_("Wage of the first month; it is the base until the next yearly declaration."),
    ),
    start_field(
        "起始缴费月|起始缴费月份|缴费起始月|开始缴费月份|首次缴费月份|增员月份|增员年月|增员时间|"
        "增员日期|增加月份|增加时间|增加日期",
        suggestion=Suggestion.THIS_MONTH,
        hint=N_("Usually the month of hire, such as 2026-11."),
    ),
    Field(
        name="insurances",
        type=FieldType.INSURANCES,
        choices="insurance",
        label=N_("Insurances"),
        headings=headings(
            "参保险种|险种|参加险种|社保险种|投保险种|缴纳险种|缴费险种|险种类型|险种名称|参保项目|"
            "Insurances"
        ),
        is_needed=True,
        default=Default.ALL_INSURANCES,
        suggestion=Suggestion.ALL_INSURANCES,
        example="五险",
    ),
    category_field(is_radio=True),
    Field(
        name="form",
        type=FieldType.CHOICE,
        choices="form",
        label=N_("Kind of employment"),
        headings=headings("用工形式|用工类型|用工性质|用工方式|就业形式|Kind of employment"),
    ),
    Field(
        name="contract_type",
        type=FieldType.CHOICE,
        choices="contract_type",
        label=N_("Kind of contract"),
        headings=headings("合同类型|劳动合同类型|合同期限类型|劳动合同期限类型|Kind of contract"),
    ),
    Field(
        name="contract_until",
        type=FieldType.DAY,
        label=N_("Contract ends on"),
        form_label=N_("Contract ends on (if it has a fixed term)"),
        headings=headings(
            "合同终止日期|合同终止时间|合同到期日|合同到期日期|合同到期时间|合同截止日期|合同截止时间|"
            "合同结束日期|合同结束时间|合同期满日期|劳动合同终止日期|劳动合同到期日期|劳动合同结束日期|"
            "Contract ends on|Contract end date"
        ),
        rule=_contract_end,
    ),
    Field(
        name="reason",
        type=FieldType.CHOICE,
        choices="hire_reason",
        label=N_("Reason"),
        headings=headings("增员原因|参保原因|增加原因|新增原因|变更原因|变动原因|增减原因|Reason"),
    ),
    mobile_field(N_("Mobile number (so that the employee can confirm)")),
    *OWN_BASES.values(),
)
_LEAVE = (
    Field(
        name="ended_on",
        type=FieldType.DAY,
        label=N_("Last day of work"),
        # The end of the contract comes last: it may lie years behind the last day of work.
        headings=headings(
            "离职日期|离职时间|离司日期|离司时间|离厂日期|离厂时间|离岗日期|离岗时间|最后工作日|"
            "最后工作日期|最后工作时间|最后上班日期|最后出勤日|最后出勤日期|退工日期|退工时间|辞职日期|"
            "辞职时间|解除终止劳动合同日期|终止解除劳动合同日期|解除劳动合同日期|解除劳动合同时间|"
            "终止劳动合同日期|终止劳动合同时间|解除劳动关系日期|解除劳动关系时间|终止劳动关系日期|"
            "终止解除日期|解除终止日期|解除日期|解除时间|终止日期|终止时间|Last day of work|"
            "Last working day|Leaving date|减员日期|减员时间|合同终止日期"
        ),
        is_needed=True,
    ),
    Field(
        name="end_reason",
        type=FieldType.CHOICE,
        choices="end_reason",
        label=N_("Reason"),
        headings=headings(
            "减员原因|离职原因|停保原因|停缴原因|减少原因|退工原因|解除终止原因|终止解除原因|解除原因|"
            "终止原因|变更原因|变动原因|增减原因|离职类型|减员类型|Reason|Reason for leaving"
        ),
        is_needed=True,
    ),
    Field(
        name="is_voluntary",
        type=FieldType.CHOICE,
        choices="is_voluntary",
        label=N_("Did the employee leave voluntarily?"),
        headings=headings(
            "本人意愿|是否本人意愿|是否个人意愿|是否自愿|是否自愿离职|是否主动离职|"
            "是否因本人意愿中断就业|是否本人意愿中断就业|本人意愿中断就业|Voluntary"
        ),
        is_needed=True,
        default=Default.ASKED,
        example="否",
        # 社会保险法 45 (2): unemployment benefit is for whoever did not want to leave.
        hint=N_("An employee who left involuntarily may claim unemployment benefit."),
        is_radio=True,
    ),
    STOP,
)
_CHANGE = (
    Field(
        name="new_name",
        type=FieldType.NAME,
        label=N_("New name"),
        headings=headings("新姓名|变更后姓名|更名后姓名|更正后姓名|现姓名|New name"),
        example="张三丰",
    ),
    Field(
        name="wage_fen",
        type=FieldType.MONEY,
        label=N_("Monthly wage"),
        form_label=N_("New monthly wage, in yuan"),
        headings=headings(
            "新工资|变更后工资|新月工资|调整后工资|调整后月工资|变更后月工资|新基数|新缴费基数|新社保基数|"
            "调整后基数|调整后缴费基数|变更后基数|变更后缴费基数|月工资|申报工资|社保基数|缴费基数|"
            "New wage|New salary|New base"
        ),
        example="8000.00",
        most=MOST_FEN,
    ),
    Field(
        name="start_month",
        type=FieldType.MONTH,
        label=N_("From which month"),
        headings=headings(
            "生效月份|起始年月|生效年月|生效时间|生效日期|变更月份|变更年月|变更时间|变更日期|调整月份|"
            "调整年月|调整时间|调整日期|执行月份|执行年月|执行时间|From which month|Effective month"
        ),
        suggestion=Suggestion.NEXT_MONTH,
    ),
    mobile_field(),
    category_field(empty_label=N_("As it is")),
    *OWN_BASES.values(),
)
_PAUSE = (
    STOP,
    Field(
        name="reason",
        type=FieldType.CHOICE,
        choices="pause_reason",
        label=N_("Reason"),
        headings=headings("暂停原因|停缴原因|停保原因|中断原因|减员原因|变更原因|Reason"),
    ),
)
_RESUME = (
    start_field(
        "恢复缴费月|恢复缴费月份|恢复缴费年月|恢复缴费时间|恢复参保月份|恢复参保时间|续保月份|续保时间|"
        "续缴月份|续缴时间|复缴月份|起始缴费月|缴费起始月|增员月份|增员时间|增员日期",
        suggestion=Suggestion.NEXT_MONTH,
    ),
    wage_field(WAGES),
    *OWN_BASES.values(),
)
_BASE = (
    Field(
        name="total_wage_fen",
        type=FieldType.MONEY,
        label=N_("Wages of the year before"),
        form_label=N_("Total wages of that year, in yuan"),
        headings=headings(
            "上年工资总额|上年度工资总额|全年工资总额|上年工资收入总额|上年度工资收入总额|上年总工资|"
            "上年度总工资|上年应发工资总额|上年度应发工资总额|全年应发工资|全年工资|全年工资收入|全年收入|"
            "年工资总额|年度工资总额|年工资收入|年收入|工资总额|工资总收入|"
            "Wages of the year before|Annual wages"
        ),
        is_needed=True,
        example="96000.00",
        most=MOST_FEN,
    ),
    Field(
        name="months",
        type=FieldType.WHOLE,
        label=N_("Months worked in that year"),
        form_label=N_("Months worked in that year"),
        headings=headings(
            "上年工作月数|上年度工作月数|工作月数|实际工作月数|在职月数|在岗月数|月数|缴费月数|发放月数|"
            "发薪月数|计薪月数|工资月数|Months worked|Months"
        ),
        is_needed=True,
        example="12",
        least=1,
        most=MONTHS_OF_A_YEAR,
    ),
)
AVERAGE = Field(
    name="wage_fen",
    type=FieldType.MONEY,
    label=N_("Average monthly wage"),
    headings=headings(
        "上年月平均工资|上年度月平均工资|上年月均工资|上年度月均工资|月平均工资|月均工资|平均月工资|"
        "平均工资|月平均收入|月均收入|新年度缴费基数|本年度缴费基数|年度缴费基数|新缴费基数|新社保基数|"
        "新基数|申报工资|申报月工资|申报基数|申报缴费基数|社保申报基数|缴费工资|月缴费工资|缴费工资基数|"
        "月缴费工资基数|社保基数|社保缴费基数|社会保险缴费基数|缴费基数|月缴费基数|参保基数|月工资|"
        "Average monthly wage|Monthly average|Contribution base"
    ),
    is_needed=True,
    most=MOST_FEN,
    is_in_form=False,
    rule=average_agrees,
)
"""A yearly base may come as an average alone, where total and months are not kept."""
_YEAR = Field(
    name="start_month",
    type=FieldType.MONTH,
    label=N_("From which month"),
    is_needed=True,
    default=Default.PAYMENT_YEAR,
    is_in_form=False,
)
_OF_KIND: Mapping[FilingKind, tuple[Field, ...]] = {
    FilingKind.HIRE: _HIRE,
    FilingKind.LEAVE: _LEAVE,
    FilingKind.CHANGE: _CHANGE,
    FilingKind.PAUSE: _PAUSE,
    FilingKind.RESUME: _RESUME,
    FilingKind.BASE: (*_BASE, AVERAGE, _YEAR, *OWN_BASES.values()),
}


def fields_of(kind: FilingKind) -> tuple[Field, ...]:
    """Return every field of a kind, in the order of its template."""
    return (NAME, ID_NUMBER, *_OF_KIND[kind])


def form_fields(kind: FilingKind) -> tuple[Field, ...]:
    """Return what the form for one person asks; of an employee, name and number are there."""
    own = tuple(field for field in _OF_KIND[kind] if field.is_in_form)
    return (ID_NUMBER, NAME, *own) if kind is FilingKind.HIRE else own


def fields_in_use(kind: FilingKind, names: Iterable[str]) -> tuple[Field, ...]:
    """Return the fields that count where those with some names are there.

    A yearly base comes as total and months, or as an average alone: the other is not asked then.
    """
    there = set(names)
    if kind is not FilingKind.BASE:
        return fields_of(kind)
    of_year = {field.name for field in _BASE}
    # Total or months alone beside an average are passed over: they prove nothing, and many lists
    # have one of them.
    if AVERAGE.name in there and not of_year <= there:
        return tuple(field for field in fields_of(kind) if field.name not in of_year - there)
    return tuple(field for field in fields_of(kind) if field is not AVERAGE or field.name in there)


def field_named(kind: FilingKind, name: str) -> Field | None:
    """Return the field of a kind with a name."""
    return next((field for field in fields_of(kind) if field.name == name), None)
