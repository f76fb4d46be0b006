"""Every finding's code with its severity, what causes it and what the clerk can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from certclerk.core.progress import MISSING_PAGE
from certclerk.core.records import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Entry:
    """``confirmable``: the clerk may say with a reason that it stands so on the document."""

    severity: Severity
    cause: str
    remedy: str
    confirmable: bool = False


CATALOGUE: dict[str, Entry] = {
    "unit_missing": Entry(ERROR, "没有填写报送单位", "在报送信息中填写"),
    "clerk_missing": Entry(ERROR, "没有填写经办人", "在报送信息中填写"),
    "phone_missing": Entry(ERROR, "没有填写联系电话", "在报送信息中填写"),
    "cell_refused": Entry(ERROR, "导入时这一格不可信，没有采用", "对照原件重新输入"),
    "name_missing": Entry(ERROR, "没有姓名", "填写姓名"),
    "name_malformed": Entry(
        ERROR, "姓名里有汉字、间隔号、字母以外的字符", "对照身份证改正；确实如此则确认", True
    ),
    "name_latin": Entry(WARNING, "姓名里有字母", "核对是否与证书一致", True),
    "name_rare": Entry(NOTE, "姓名里有旧软件不能显示的生僻字", "报送后请与审批科确认能正常显示"),
    "name_same": Entry(NOTE, "有同名教师", "文件名会加上名册序号以示区别"),
    "sex_missing": Entry(ERROR, "没有性别，或不是男、女", "选择性别"),
    "id_missing": Entry(ERROR, "没有身份证号码", "填写身份证号码"),
    "id_malformed": Entry(ERROR, "不像任何一种证件号码", "对照证件改正；确实如此则确认", True),
    "id_check_digit": Entry(ERROR, "身份证号码校验位不对", "对照证件改正；确实如此则确认", True),
    "id_birth_date": Entry(ERROR, "身份证号码里的出生日期不存在", "对照证件改正；确实如此则确认", True),
    "id_legacy": Entry(WARNING, "15 位旧身份证号码", "有 18 位号码的请改用", True),
    "id_duplicate": Entry(ERROR, "两位教师的身份证号码相同", "核对并改正其中一位"),
    "sex_against_id": Entry(WARNING, "性别与身份证号码不符", "核对性别和号码", True),
    "kind_missing": Entry(ERROR, "没有资格种类", "选择资格种类"),
    "kind_unknown": Entry(ERROR, "不认识的资格种类", "从列表中选择"),
    "same_kind_twice": Entry(WARNING, "同一位教师有两本同种类的证书", "核对是否重复登记", True),
    "number_missing": Entry(ERROR, "没有证书号码", "填写证书号码"),
    "number_malformed": Entry(ERROR, "证书号码不是 17 位数字", "对照证书改正；确实如此则确认", True),
    "number_duplicate": Entry(ERROR, "两位教师的证书号码相同", "核对并改正其中一位"),
    "number_year": Entry(WARNING, "证书号码的年份与发证时间不符", "核对号码和时间", True),
    "number_province": Entry(WARNING, "证书号码的省份代码不是本省", "核对号码", True),
    "number_authority": Entry(WARNING, "证书号码的机构代码与其他证书不同", "核对号码", True),
    "number_kind": Entry(WARNING, "证书号码的种类代码与资格种类不符", "核对号码和种类", True),
    "sex_against_number": Entry(WARNING, "证书号码的性别代码与性别不符", "核对号码和性别", True),
    "issued_missing": Entry(WARNING, "没有发证时间", "填写后才能判断是否纳入", True),
    "issued_unreadable": Entry(ERROR, "发证时间看不懂", "改成如 2013-07-01 的写法"),
    "issued_future": Entry(ERROR, "发证时间晚于填报时间", "对照证书改正"),
    "issued_month": Entry(NOTE, "发证时间只到月", "证书上有日的请补上"),
    "issued_open": Entry(WARNING, "发证时间不到日，无法判断是否纳入", "补上日，或决定是否纳入", True),
    "authority_missing": Entry(WARNING, "没有认定机构", "填写后才能判断是否纳入", True),
    "reissue": Entry(WARNING, "号码年份在起始时间之前而发证在后，可能是补发或换发", "决定是否纳入", True),
    "subject_missing": Entry(NOTE, "没有任教学科", "有的请补上"),
    MISSING_PAGE: Entry(ERROR, "缺一页扫描件", "扫描或放入；证书确无此页的，标明无此页"),
    "page_damaged": Entry(ERROR, "这一页的图像数据已损坏", "重新扫描这一页"),
    "page_twice": Entry(WARNING, "同一张图像放在两处", "核对是否放错", True),
    "page_rescanned": Entry(WARNING, "两处的扫描件看上去是同一页", "核对是否放错；两页确实不同则确认", True),
    "page_coarse": Entry(WARNING, "扫描低于 200 dpi", "用 300 dpi 重新扫描；字迹都看得清则确认", True),
    "page_blurred": Entry(WARNING, "扫描件模糊", "放大核对；有字看不清的重新扫描，都看得清则确认", True),
    "page_too_dark": Entry(WARNING, "扫描件太暗", "调亮或重新扫描；字迹印章都看得清则确认", True),
    "page_too_light": Entry(WARNING, "扫描件太亮", "调暗或重新扫描；字迹印章都看得清则确认", True),
    "page_cut_off": Entry(WARNING, "扫描件缺边", "放正后重新扫描；内容完整则确认", True),
    "page_blank": Entry(WARNING, "扫描件几乎是空白的", "核对是否放反或漏扫；原件确实空白则确认", True),
}

CONFIRMABLE = frozenset(code for code, entry in CATALOGUE.items() if entry.confirmable)
