"""What choices there are: the code, the label on pages, the words that filers write for it.

Of the words the first is the office's own: templates offer it.
"""

from collections.abc import Mapping

from siweb.filings.fields.field import N_

_CHOICES: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "form": {
        "full_time": (
            N_("Full-time"),
            ("全日制", "全日制用工", "正式工", "Full-time", "full time"),
        ),
        "part_time": (
            N_("Part-time"),
            ("非全日制", "非全日制用工", "兼职", "Part-time", "part time"),
        ),
        "dispatch": (
            N_("Dispatched worker"),
            ("劳务派遣", "派遣", "Dispatched worker", "dispatch"),
        ),
        "intern": (N_("Intern"), ("实习生", "实习", "Intern")),
        "over_age": (
            N_("Past retirement age"),
            ("超龄", "超过退休年龄", "退休返聘", "Past retirement age", "over age"),
        ),
    },
    "contract_type": {
        "fixed": (
            N_("Fixed term"),
            (
                "固定期限",
                "固定期限劳动合同",
                "有固定期限",
                "Fixed term",
                "For a fixed time",
                "fixed",
            ),
        ),
        "open": (
            N_("Open-ended"),
            ("无固定期限", "无固定期限劳动合同", "Open-ended", "Without an end", "open"),
        ),
        "task": (
            N_("Until a task is completed"),
            ("以完成一定工作任务为期限", "完成任务", "Until a task is completed", "task"),
        ),
    },
    "hire_reason": {
        "new": (
            N_("Insured for the first time"),
            ("首次参保", "新参保", "新增", "First time insured", "new"),
        ),
        "transfer_in": (
            N_("Transferred from another employer or region"),
            ("转入", "外地转入", "调入", "Transferred from another employer or region"),
        ),
        "return": (
            N_("Returning after a break"),
            ("中断后续保", "续保", "恢复", "Returning after a break", "return"),
        ),
        "graduate": (N_("Graduate"), ("应届毕业生", "毕业生", "Graduate")),
        "retired_soldier": (
            N_("Retired soldier"),
            ("退役军人", "复员转业军人", "Retired soldier"),
        ),
    },
    "retirement_category": {
        "female55": (
            N_("Retires at 55 by the former rule (management or technical post)"),
            ("55", "55岁", "管理技术岗位", "管理岗位", "技术岗位", "干部", "女干部"),
        ),
        "female50": (
            N_("Retires at 50 by the former rule (worker's post)"),
            ("50", "50岁", "工人岗位", "生产岗位", "工人", "女工人"),
        ),
    },
    "end_reason": {
        "expired": (
            N_("Contract expired"),
            (
                "合同期满",
                "合同到期",
                "劳动合同期满",
                "合同终止",
                "劳动合同终止",
                "合同到期不续签",
                "到期不续签",
                "Contract expired",
                "expired",
            ),
        ),
        "mutual": (
            N_("By mutual agreement"),
            (
                "协商一致解除",
                "协商解除",
                "协商一致",
                "协商离职",
                "协商解除劳动合同",
                "By mutual agreement",
                "mutual",
            ),
        ),
        "dismissed": (
            N_("Dismissed by the employer"),
            (
                "单位解除",
                "辞退",
                "被单位辞退",
                "被辞退",
                "解雇",
                "开除",
                "除名",
                "裁员",
                "经济性裁员",
                "试用期不合格",
                "Dismissed by the employer",
                "dismissed",
            ),
        ),
        "resigned": (
            N_("Resigned"),
            (
                "个人辞职",
                "辞职",
                "本人辞职",
                "离职",
                "主动离职",
                "主动辞职",
                "个人原因",
                "个人原因离职",
                "自动离职",
                "自离",
                "Resigned",
            ),
        ),
        "retired": (N_("Retired"), ("退休", "到龄退休", "正常退休", "办理退休", "Retired")),
        "died": (N_("Died"), ("死亡", "在职死亡", "身故", "Died")),
        "transfer": (
            N_("Transferred"),
            ("调出", "转出", "工作调动", "调离", "Transferred", "transfer"),
        ),
        "military": (N_("Joined the army"), ("参军", "入伍", "Joined the army", "military")),
        "prison": (N_("In prison"), ("服刑", "判刑", "In prison", "prison")),
        "abroad": (N_("Moved abroad"), ("出国定居", "出境定居", "Moved abroad", "abroad")),
    },
    "pause_reason": {
        "unpaid_leave": (
            N_("Unpaid leave"),
            ("停薪留职", "无薪假", "Unpaid leave", "Leave without pay"),
        ),
        "leave_to_study": (N_("Study leave"), ("脱产学习", "Study leave", "Leave to study")),
        "other": (N_("Other"), ("其他", "其它", "Other")),
    },
    "is_voluntary": {
        "yes": (N_("Yes"), ("是", "自愿", "本人意愿", "Yes", "Y", "1", "TRUE")),
        "no": (N_("No"), ("否", "非自愿", "非本人意愿", "No", "N", "0", "FALSE")),
    },
    "insurance": {
        "pension": (
            N_("Pension insurance"),
            (
                "养老",
                "养老保险",
                "基本养老保险",
                "职工养老",
                "职工养老保险",
                "企业养老",
                "养老险",
                "Pension insurance",
                "pension",
            ),
        ),
        "medical": (
            N_("Medical insurance"),
            (
                "医疗",
                "医疗保险",
                "基本医疗保险",
                "职工医疗",
                "职工医疗保险",
                "基本医疗",
                "医保",
                "医疗险",
                "Medical insurance",
                "medical",
            ),
        ),
        "unemployment": (
            N_("Unemployment insurance"),
            ("失业", "失业保险", "失业险", "Unemployment insurance", "unemployment"),
        ),
        "work_injury": (
            N_("Work injury insurance"),
            ("工伤", "工伤保险", "工伤险", "Work injury insurance", "work injury", "injury"),
        ),
        "maternity": (
            N_("Maternity insurance"),
            ("生育", "生育保险", "生育险", "Maternity insurance", "maternity"),
        ),
    },
}
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    name: {code: words for code, (_label, words) in codes.items()}
    for name, codes in _CHOICES.items()
}
"""By list and code the words that stand for it."""
CHOICE_LABELS: Mapping[str, Mapping[str, str]] = {
    name: {code: label for code, (label, _words) in codes.items()}
    for name, codes in _CHOICES.items()
}
"""By list and code what pages call it, still to be translated."""
# What people write into the column instead of five names.
ALL_INSURANCES = ("五险", "全部", "所有", "all")
"""What stands where somebody takes part in all five."""
# Neither x nor o: some tick with them, others strike out.
TICKED = frozenset({"是", "√", "✓", "1", "y", "yes", "true", "参保", "有", "t"})
NOT_TICKED = frozenset({"否", "×", "0", "n", "no", "false", "不参保", "无", "f", "-", "—", ""})


def own_word(name: str, code: str) -> str:
    """Return the office's own word for a code, as templates offer it."""
    return CHOICES[name][code][0]
