"""The fields of each kind of filing: the one place where a field is described.

A field that is added here is in the form for one person, in the sheets and their template, in the
API and on every page that shows a row; what the register makes of it is in `confirmation.apply`.
"""

from collections.abc import Iterable, Mapping

from siweb.filings.fields import rules
from siweb.filings.fields.field import N_, Default, Field, FieldType, Suggestion
from siweb.filings.fields.filing_kind import FilingKind

MOST_FEN = 10**11
"""A thousand million yuan: more is mistyped, and sums of many rows stay within 64 bits."""
MONTHS_OF_A_YEAR = 12


def _headings(listed: str) -> tuple[str, ...]:
    return tuple(listed.split("|"))


NAME = Field(
    name="name",
    type=FieldType.NAME,
    label=N_("Name"),
    headings=_headings("姓名|名字|员工姓名|职工姓名|参保人姓名|Name|Employee|name"),
    is_needed=True,
    example="（示例）张三",
)
ID_NUMBER = Field(
    name="id_number",
    type=FieldType.ID_NUMBER,
    label=N_("Citizen ID number"),
    headings=_headings(
        "公民身份号码|身份证号|身份证号码|身份证|身份证件号码|证件号码|证件号|"
        "社会保障号|社会保障号码|居民身份证号码|ID number|Citizen ID number|ID|"
        "id_number"
    ),
    is_needed=True,
    example="110101199003070000",
    hint=N_(
        "Also the number of a residence permit (Hong Kong, Macao, Taiwan) or of a permanent "
        "residence card. Sex and birth date are read from it."
    ),
)


def _mobile(form_label: str = "") -> Field:
    return Field(
        name="mobile",
        type=FieldType.MOBILE,
        label=N_("Mobile number"),
        headings=_headings("手机号码|手机号|手机|移动电话|联系电话|联系方式|Mobile|Phone"),
        example="13800001234",
        form_label=form_label,
    )


def _category(*, is_radio: bool = False, empty_label: str = "") -> Field:
    return Field(
        name="retirement_category",
        type=FieldType.CHOICE,
        choices="retirement_category",
        label=N_("For a woman: her post"),
        headings=_headings("女职工岗位|岗位类别|岗位性质|干部工人|个人身份|Post of a woman"),
        is_radio=is_radio,
        empty_label=empty_label,
    )


def _wage(headings: str, *, hint: str = "") -> Field:
    return Field(
        name="wage_fen",
        type=FieldType.MONEY,
        label=N_("Monthly wage"),
        form_label=N_("Monthly wage, in yuan"),
        headings=_headings(headings),
        is_needed=True,
        example="8000.00",
        most=MOST_FEN,
        hint=hint,
    )


def _start(headings: str, *, suggestion: Suggestion, hint: str = "") -> Field:
    more = "|起始年月|开始月份|缴费起始年月|参保起始年月|First month|start_month"
    return Field(
        name="start_month",
        type=FieldType.MONTH,
        label=N_("First month of contributions"),
        headings=_headings(headings + more),
        is_needed=True,
        default=Default.ASKED,
        suggestion=suggestion,
        hint=hint,
    )


_STOP = Field(
    name="stop_month",
    type=FieldType.MONTH,
    label=N_("Last month of contributions"),
    headings=_headings(
        "最后缴费月|停保年月|停保月份|停缴年月|停缴月份|减员月份|缴费截止月|"
        "缴费终止年月|Last month|stop_month"
    ),
    is_needed=True,
    default=Default.ASKED,
    suggestion=Suggestion.THIS_MONTH,
)
_HIRE = (
    Field(
        name="hired_on",
        type=FieldType.DAY,
        label=N_("Hired on"),
        # 参加工作日期 is none of them: it is when somebody's working life began.
        headings=_headings("入职日期|用工日期|用工起始日期|聘用日期|Hired on|合同起始日期"),
        is_needed=True,
        # 社会保险法 58: registration within 30 days.
        hint=N_("Registration is due within 30 days; later is accepted and marked."),
    ),
    _wage(
        "月工资|申报工资|缴费工资|月缴费工资|月工资收入|工资|缴费基数|申报基数|Monthly wage",
        hint=N_("Wage of the first month; it is the base until the next yearly declaration."),
    ),
    _start(
        "起始缴费月|缴费起始月|开始缴费月份|增员月份",
        suggestion=Suggestion.THIS_MONTH,
        hint=N_("Usually the month of hire, such as 2026-11."),
    ),
    Field(
        name="insurances",
        type=FieldType.INSURANCES,
        choices="insurance",
        label=N_("Insurances"),
        headings=_headings("参保险种|险种|参加险种|Insurances"),
        is_needed=True,
        default=Default.ALL_INSURANCES,
        suggestion=Suggestion.ALL_INSURANCES,
        example="五险",
    ),
    _category(is_radio=True),
    Field(
        name="form",
        type=FieldType.CHOICE,
        choices="form",
        label=N_("Kind of employment"),
        headings=_headings("用工形式|用工类型|用工性质|就业形式|Kind of employment"),
    ),
    Field(
        name="contract_type",
        type=FieldType.CHOICE,
        choices="contract_type",
        label=N_("Kind of contract"),
        headings=_headings("合同类型|劳动合同类型|合同期限类型|Kind of contract"),
    ),
    Field(
        name="contract_until",
        type=FieldType.DAY,
        label=N_("Contract ends on"),
        form_label=N_("Contract ends on (if it has a fixed term)"),
        headings=_headings("合同终止日期|合同到期日|合同截止日期|Contract ends on"),
        rule=rules.contract_end,
    ),
    Field(
        name="reason",
        type=FieldType.CHOICE,
        choices="hire_reason",
        label=N_("Reason"),
        headings=_headings("增员原因|参保原因|增加原因|变更原因|Reason"),
    ),
    _mobile(N_("Mobile number (so that the employee can confirm)")),
)
_LEAVE = (
    Field(
        name="ended_on",
        type=FieldType.DAY,
        label=N_("Last day of work"),
        # The end of the contract comes last: it may lie years behind the last day of work.
        headings=_headings(
            "离职日期|解除终止劳动合同日期|终止解除日期|解除日期|终止日期|Last day of work|"
            "合同终止日期"
        ),
        is_needed=True,
    ),
    Field(
        name="end_reason",
        type=FieldType.CHOICE,
        choices="end_reason",
        label=N_("Reason"),
        headings=_headings("减员原因|离职原因|停保原因|减少原因|变更原因|Reason"),
        is_needed=True,
    ),
    Field(
        name="is_voluntary",
        type=FieldType.CHOICE,
        choices="is_voluntary",
        label=N_("Did the employee want to leave?"),
        headings=_headings("本人意愿|是否本人意愿|是否自愿|是否因本人意愿中断就业|Voluntary"),
        is_needed=True,
        default=Default.ASKED,
        example="否",
        # 社会保险法 45 (2): unemployment benefit is for whoever did not want to leave.
        hint=N_("Whoever did not want to leave may draw unemployment benefit."),
        is_radio=True,
    ),
    _STOP,
)
_CHANGE = (
    Field(
        name="new_name",
        type=FieldType.NAME,
        label=N_("New name"),
        headings=_headings("新姓名|变更后姓名|New name"),
        example="张三丰",
    ),
    Field(
        name="wage_fen",
        type=FieldType.MONEY,
        label=N_("Monthly wage"),
        form_label=N_("New monthly wage, in yuan"),
        headings=_headings("新工资|变更后工资|新月工资|调整后工资|月工资|New wage"),
        example="8000.00",
        most=MOST_FEN,
    ),
    Field(
        name="start_month",
        type=FieldType.MONTH,
        label=N_("From which month"),
        headings=_headings("生效月份|起始年月|生效年月|From which month"),
        suggestion=Suggestion.NEXT_MONTH,
    ),
    _mobile(),
    _category(empty_label=N_("As it is")),
)
_PAUSE = (
    _STOP,
    Field(
        name="reason",
        type=FieldType.CHOICE,
        choices="pause_reason",
        label=N_("Reason"),
        headings=_headings("暂停原因|停缴原因|中断原因|Reason"),
    ),
)
_RESUME = (
    _start("恢复缴费月|起始缴费月|缴费起始月", suggestion=Suggestion.NEXT_MONTH),
    _wage("月工资|申报工资|缴费工资|工资|缴费基数|Monthly wage"),
)
_BASE = (
    Field(
        name="total_wage_fen",
        type=FieldType.MONEY,
        label=N_("Wages of the year before"),
        form_label=N_("All wages of that year, in yuan"),
        headings=_headings(
            "上年工资总额|上年度工资总额|全年工资总额|上年工资收入总额|工资总额|"
            "Wages of the year before"
        ),
        is_needed=True,
        example="96000.00",
        most=MOST_FEN,
    ),
    Field(
        name="months",
        type=FieldType.WHOLE,
        label=N_("Months worked in it"),
        form_label=N_("Months worked in that year"),
        headings=_headings("上年工作月数|工作月数|月数|缴费月数|发放月数|Months worked"),
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
    headings=_headings("上年月平均工资|上年度月平均工资|月平均工资|月均工资|Average monthly wage"),
    is_needed=True,
    most=MOST_FEN,
    is_in_form=False,
    rule=rules.average_agrees,
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
    FilingKind.BASE: (*_BASE, AVERAGE, _YEAR),
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
    if AVERAGE.name in there and not of_year <= there:
        return tuple(field for field in fields_of(kind) if field.name not in of_year - there)
    return tuple(field for field in fields_of(kind) if field is not AVERAGE or field.name in there)


def field_named(kind: FilingKind, name: str) -> Field | None:
    """Return the field of a kind with a name."""
    return next((field for field in fields_of(kind) if field.name == name), None)
