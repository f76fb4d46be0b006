"""The fields of a roster row: one table for import, annexes, table columns and findings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """``synonyms`` are heads that schools write for it (compared without spaces and brackets)."""

    id: str
    title: str
    level: str
    synonyms: tuple[str, ...] = ()


TEACHER = "teacher"
CERTIFICATE = "certificate"

FIELDS: tuple[Field, ...] = (
    Field("serial", "序号", TEACHER, ("编号", "序", "No", "No.")),
    Field("name", "姓名", TEACHER, ("教师姓名", "名字", "教师", "教职工姓名", "教工姓名", "员工姓名")),
    Field("sex", "性别", TEACHER),
    Field(
        "id_number",
        "身份证号码",
        TEACHER,
        (
            "身份证号",
            "证件号码",
            "证件号",
            "公民身份号码",
            "身份证",
            "身份证件号码",
            "居民身份证号码",
            "身份证件号",
            "公民身份证号码",
            "公民身份证号",
            "居民身份证号",
            "身份号码",
            "身份证编号",
            "证件编号",
        ),
    ),
    Field(
        "kind",
        "资格种类",
        CERTIFICATE,
        (
            "教师资格种类",
            "教师资格证种类",
            "认定资格",
            "认定资格种类",
            "教师资格证书种类",
            "资格证种类",
            "证书种类",
            "认定种类",
            "资格类别",
            "教师资格类别",
            "资格证类别",
            "证书类别",
            "资格类型",
            "教师资格类型",
            "教师资格证类型",
            "资格证类型",
            "证书类型",
        ),
    ),
    Field(
        "subject",
        "任教学科",
        CERTIFICATE,
        ("学科", "认定学科", "任教科目", "任教学科专业", "认定任教学科", "科目", "专业"),
    ),
    Field(
        "number",
        "证书号码",
        CERTIFICATE,
        (
            "证书编号",
            "教师资格证号",
            "资格证书号码",
            "教师资格证书号码",
            "教师资格证号码",
            "资格证号",
            "证书号",
            "教师资格证编号",
            "教师资格证书号",
            "教师资格证书编号",
            "资格证书编号",
            "资格证编号",
            "资格证号码",
            "资格证书号",
            "证书编码",
            "教师资格证证书编号",
            "教师资格证证书号码",
        ),
    ),
    Field(
        "authority",
        "认定机构",
        CERTIFICATE,
        (
            "发证机关",
            "颁发机构",
            "认定机关",
            "发证机构",
            "颁发机关",
            "发证单位",
            "认定单位",
            "发证部门",
            "颁证机关",
            "颁证机构",
            "颁证单位",
            "颁发单位",
            "认定部门",
            "签发机关",
        ),
    ),
    Field(
        "issued",
        "发证时间",
        CERTIFICATE,
        (
            "发证日期",
            "颁发日期",
            "认定时间",
            "取得时间",
            "颁发时间",
            "取得日期",
            "认定日期",
            "发证年月",
            "认定年月",
            "取得年月",
            "颁证时间",
            "颁证日期",
            "颁证年月",
            "颁发年月",
            "获得时间",
            "获得日期",
            "获证时间",
            "取证时间",
            "领证时间",
            "签发日期",
            "签发时间",
        ),
    ),
    Field("note", "备注", TEACHER, ("说明",)),
)

BY_ID = {field.id: field for field in FIELDS}
TEACHER_FIELDS = tuple(field.id for field in FIELDS if field.level == TEACHER)
# All but the place in the roster.
PERSON_FIELDS = tuple(field for field in TEACHER_FIELDS if field != "serial")
CERTIFICATE_FIELDS = tuple(field.id for field in FIELDS if field.level == CERTIFICATE)


def title(field_id: str) -> str:
    """The Chinese name of a field, as findings and heads show it."""
    return BY_ID[field_id].title
