"""The words that filers write for what the office has a code for; the first is the office's own."""

from collections.abc import Mapping

CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "form": {
        "full_time": ("全日制", "全日制用工", "正式工", "Full-time", "full time"),
        "part_time": ("非全日制", "非全日制用工", "兼职", "Part-time", "part time"),
        "dispatch": ("劳务派遣", "派遣", "Dispatched", "dispatch"),
        "intern": ("实习生", "实习", "Intern"),
        "over_age": ("超龄", "超过退休年龄", "退休返聘", "Past retirement age", "over age"),
    },
    "contract_type": {
        "fixed": ("固定期限", "固定期限劳动合同", "有固定期限", "For a fixed time", "fixed"),
        "open": ("无固定期限", "无固定期限劳动合同", "Without an end", "open"),
        "task": ("以完成一定工作任务为期限", "完成任务", "Until a task is done", "task"),
    },
    "hire_reason": {
        "new": ("首次参保", "新参保", "新增", "First time insured", "new"),
        "transfer_in": ("转入", "外地转入", "调入", "Came from another employer or place"),
        "return": ("中断后续保", "续保", "恢复", "Back after a break", "return"),
        "graduate": ("应届毕业生", "毕业生", "Graduate"),
        "retired_soldier": ("退役军人", "复员转业军人", "Retired soldier"),
    },
    "retirement_category": {
        "female55": ("55", "55岁", "管理技术岗位", "管理岗位", "技术岗位", "干部", "女干部"),
        "female50": ("50", "50岁", "工人岗位", "生产岗位", "工人", "女工人"),
    },
    "end_reason": {
        "expired": ("合同期满", "合同到期", "劳动合同期满", "Contract expired", "expired"),
        "mutual": ("协商一致解除", "协商解除", "协商一致", "By mutual agreement", "mutual"),
        "dismissed": ("单位解除", "辞退", "被单位辞退", "Dismissed by the employer", "dismissed"),
        "resigned": ("个人辞职", "辞职", "本人辞职", "离职", "Resigned"),
        "retired": ("退休", "Retired"),
        "died": ("死亡", "Died"),
        "transfer": ("调出", "转出", "工作调动", "Transferred", "transfer"),
        "military": ("参军", "入伍", "Joined the army", "military"),
        "prison": ("服刑", "判刑", "In prison", "prison"),
        "abroad": ("出国定居", "出境定居", "Settled abroad", "abroad"),
    },
    "pause_reason": {
        "unpaid_leave": ("停薪留职", "无薪假", "Leave without pay", "unpaid leave"),
        "leave_to_study": ("脱产学习", "Leave to study"),
        "other": ("其他", "其它", "Other"),
    },
    "is_voluntary": {
        "yes": ("是", "自愿", "本人意愿", "Yes", "Y", "1", "TRUE"),
        "no": ("否", "非自愿", "非本人意愿", "No", "N", "0", "FALSE"),
    },
    "insurance": {
        "pension": ("养老", "养老保险", "基本养老保险", "职工养老", "Pension insurance", "pension"),
        "medical": ("医疗", "医疗保险", "基本医疗保险", "职工医疗", "Medical insurance", "medical"),
        "unemployment": ("失业", "失业保险", "Unemployment insurance", "unemployment"),
        "work_injury": ("工伤", "工伤保险", "Work injury insurance", "work injury", "injury"),
        "maternity": ("生育", "生育保险", "Maternity insurance", "maternity"),
    },
}
ALL_INSURANCES = ("五险", "全部", "所有", "all")
"""What stands where somebody takes part in all five."""
# Neither x nor o: some tick with them, others strike out.
TICKED = frozenset({"是", "√", "✓", "1", "y", "yes", "true", "参保", "有", "t"})
NOT_TICKED = frozenset({"否", "×", "0", "n", "no", "false", "不参保", "无", "f", "-", "—", ""})


def own_word(name: str, code: str) -> str:
    """Return the office's own word for a code, as templates offer it."""
    return CHOICES[name][code][0]
