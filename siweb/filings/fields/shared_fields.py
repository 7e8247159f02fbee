"""Fields that several kinds of filing have: who it is about, wages, first and last month."""

from siweb.filings.fields.field import N_, Default, Field, FieldType, Suggestion

MOST_FEN = 10**11
"""A thousand million yuan: more is mistyped, and sums of many rows stay within 64 bits."""
# An average is over the months worked, at most those of the year before (工资总额 ÷ 月数).
MONTHS_OF_A_YEAR = 12


def headings(listed: str) -> tuple[str, ...]:
    """Return headings that are listed with | between them."""
    return tuple(listed.split("|"))


NAME = Field(
    name="name",
    type=FieldType.NAME,
    label=N_("Name"),
    headings=headings(
        "姓名|名字|员工姓名|职工姓名|参保人姓名|参保人员姓名|参保职工姓名|人员姓名|雇员姓名|"
        "职员姓名|个人姓名|中文姓名|被保险人姓名|员工名称|人员名称|Name|Employee|Employee name|"
        "Full name"
    ),
    is_needed=True,
    example="（示例）张三",
)
ID_NUMBER = Field(
    name="id_number",
    type=FieldType.ID_NUMBER,
    label=N_("Citizen ID number"),
    headings=headings(
        "公民身份号码|身份证号|身份证号码|身份证|身份证件号码|证件号码|证件号|"
        "社会保障号|社会保障号码|居民身份证号码|居民身份证号|公民身份证号码|公民身份证号|身份号码|"
        "身份证件号|身份证明号码|身份证编号|有效证件号码|有效证件号|证照号码|个人身份证号码|"
        "员工身份证号|员工身份证号码|职工身份证号|职工身份证号码|社保号|ID number|"
        "Citizen ID number|ID card number|ID card|Identity number|ID"
    ),
    is_needed=True,
    example="110101199003070000",
    hint=N_(
        "The number of a residence permit (Hong Kong, Macao, Taiwan) or permanent residence "
        "card works too. Sex and date of birth are read from it."
    ),
)


def mobile_field(form_label: str = "") -> Field:
    """Return the field of a mobile number."""
    return Field(
        name="mobile",
        type=FieldType.MOBILE,
        label=N_("Mobile number"),
        headings=headings(
            "手机号码|手机号|手机|移动电话|本人手机|本人手机号|联系手机|员工手机号|职工手机号|"
            "联系电话|电话号码|本人电话|本人联系电话|员工电话|电话|联系方式|Mobile|Mobile phone|"
            "Phone number|Phone|Telephone"
        ),
        example="13800001234",
        form_label=form_label,
    )


def category_field(*, is_radio: bool = False, empty_label: str = "") -> Field:
    """Return the field of a woman's post."""
    return Field(
        name="retirement_category",
        type=FieldType.CHOICE,
        choices="retirement_category",
        label=N_("Post (women only)"),
        headings=headings(
            "女职工岗位|女职工岗位类别|女职工岗位性质|女职工退休类别|退休类别|岗位类别|岗位性质|"
            "干部工人|工人干部|个人身份|职工身份|Post of a woman"
        ),
        is_radio=is_radio,
        empty_label=empty_label,
    )


def wage_field(listed: str, *, hint: str = "") -> Field:
    """Return the field of a monthly wage."""
    return Field(
        name="wage_fen",
        type=FieldType.MONEY,
        label=N_("Monthly wage"),
        form_label=N_("Monthly wage, in yuan"),
        headings=headings(listed),
        is_needed=True,
        example="8000.00",
        most=MOST_FEN,
        hint=hint,
    )


def start_field(listed: str, *, suggestion: Suggestion, hint: str = "") -> Field:
    """Return the field of the first month."""
    more = (
        "|起始年月|起始月份|开始月份|开始年月|缴费起始年月|缴费起始月份|缴费起始时间|缴费开始月份|"
        "缴费开始时间|参保起始年月|参保起始月份|参保起始时间|参保开始时间|开始缴费时间|开始缴费年月|"
        "起缴月份|起缴年月|起缴时间|社保起缴月|社保起缴月份|社保起始月|社保起始月份|社保开始月份|"
        "社保开始时间|社保参保时间|社保参保月份|参保月份|参保年月|参保时间|参保日期|起保月份|起保时间|"
        "起保日期|投保月份|费款所属期起|First month|Start month"
    )
    return Field(
        name="start_month",
        type=FieldType.MONTH,
        label=N_("First month of contributions"),
        headings=headings(listed + more),
        is_needed=True,
        default=Default.ASKED,
        suggestion=suggestion,
        hint=hint,
    )


STOP = Field(
    name="stop_month",
    type=FieldType.MONTH,
    label=N_("Last month of contributions"),
    headings=headings(
        "最后缴费月|最后缴费月份|最后缴费年月|最后参保月|最后参保月份|末次缴费月份|停保年月|停保月份|"
        "停保时间|停保日期|停缴年月|停缴月份|停缴时间|停缴日期|减员月份|减员年月|缴费截止月|缴费截止月份|"
        "缴费截止年月|缴费截止时间|缴费终止年月|缴费终止月份|缴费终止时间|终止缴费月份|终止缴费年月|"
        "社保停保月份|社保停保时间|社保停缴月|社保停缴月份|社保停缴时间|社保截止月份|社保缴至|缴至月份|"
        "缴费至|参保截止月份|参保截止时间|退保月份|退保时间|截止月份|截止年月|Last month|Stop month"
    ),
    spare_headings=headings("减员日期|减员时间"),
    is_needed=True,
    default=Default.ASKED,
    suggestion=Suggestion.THIS_MONTH,
)
WAGES = (
    "月工资|申报工资|申报月工资|月申报工资|缴费工资|月缴费工资|月工资收入|月缴费工资基数|缴费工资基数|"
    "首月工资|月薪|月薪酬|月收入|税前工资|税前月薪|应发工资|合同工资|工资|社保基数|社保缴费基数|"
    "社会保险缴费基数|社保缴纳基数|社保申报基数|参保基数|申报基数|缴费基数|缴纳基数|月缴费基数|"
    "养老保险缴费基数|养老保险基数|养老缴费基数|养老基数|基数|Monthly wage|Monthly salary|Wage|"
    "Salary|Contribution base"
)
