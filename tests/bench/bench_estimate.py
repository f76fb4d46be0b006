"""The estimate of a submission's size against the ZIP that it becomes, for mixed collections at each size.

python tests/bench/bench_estimate.py [TEACHERS]     default 12     (the figure to hold: within 5 %)

Pages are drawn certificates as schools have them: from an office's scanner, a phone that says 72 dpi, an old scanner
at 150 dpi, a program that saves PNG; some are cut and turned. Files keep their order, teachers have any of the sorts.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from certclerk.collection import Collection, create_collection
from certclerk.core.identity import check_character
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.core.submission import plan
from certclerk.core.submission_record import Delivery
from certclerk.imaging import SIZINGS
from certclerk.imaging.specimen import Press, SpecimenText
from certclerk.jobs.collections import default_notice
from certclerk.jobs.estimate import document_sizes
from certclerk.jobs.package import Options, package
from certclerk.jobs.page_images import ORIGINAL
from certclerk.system.resources import resource

DAY = date(2032, 3, 1)
TEACHERS = 12
DRAWN_DPI = 300
CUT = Recipe(crop=(0.04, 0.03, 0.95, 0.97))
# Times the drawing, levels of noise, blur in px, form, JPEG quality, what the file says of its dpi.
SORTS = {
    "scanner": (1.0, 4, 0.0, "JPEG", 90, 300),
    "phone": (1.8, 9, 1.2, "JPEG", 85, 72),
    "old scanner": (0.5, 6, 0.0, "JPEG", 55, 150),
    "PNG": (0.67, 2, 0.0, "PNG", 0, 200),
}
# Sorts of pages, and how many of them are cut or turned.
MIXES = {
    "one scanner": (("scanner",), 0.0),
    "scanner and phone": (("scanner", "scanner", "phone"), 0.0),
    "all sorts": (tuple(SORTS), 0.0),
    "all sorts, half edited": (tuple(SORTS), 0.5),
}


def taken(drawn: bytes, sort: str, chance: random.Random) -> tuple[bytes, tuple[int, int]]:
    """The file that such a device makes of a drawn page, and its px."""
    times, levels, blur, form, quality, dpi = SORTS[sort]
    page = Image.open(io.BytesIO(drawn)).convert("RGB")
    page = page.resize((round(page.width * times), round(page.height * times)), Image.Resampling.BILINEAR)
    noise = Image.effect_noise(page.size, levels * chance.uniform(0.7, 1.4))
    page = ImageChops.add(page, Image.merge("RGB", [noise] * 3), 1, -128)
    if blur:
        page = page.filter(ImageFilter.GaussianBlur(blur))
    stream = io.BytesIO()
    page.save(stream, form, dpi=(dpi, dpi), **({"quality": quality} if form == "JPEG" else {}))
    return stream.getvalue(), page.size


def fill(collection: Collection, teachers: int, mix: str) -> None:
    chance = random.Random(mix)
    press = Press(resource("fonts", "certclerk-sans-sc.otf"), DRAWN_DPI)
    notice = collection.notice
    sorts, edited = MIXES[mix]
    for number in range(teachers):
        first = f"35990119800101{number:03}"
        year, kind = notice.cutoff.year + 1, notice.collected_kinds[0]
        certificate = ProposedCertificate(
            kind.name,
            "语文",
            f"{year}{notice.province}990{kind.digit}{2 - number % 2}{number:06}",
            notice.authorities[0],
            f"{year}-07-01",
        )
        teacher = ProposedTeacher(
            f"林{chr(0x4E00 + 97 * number)}燕",
            "男" if number % 2 else "女",
            first + check_character(first),
            certificates=(certificate,),
        )
        with collection.change("加教师") as change:
            (teacher_id,) = change.add_teachers([teacher])
        place = collection.teacher(teacher_id).certificates[0].id
        text = SpecimenText(
            teacher.name, "女", "1984年6月", "汉族", teacher.id_number, "高级中学教师资格", "语文",
            certificate.number, certificate.authority, "2013年7月1日",
        )  # fmt: skip
        drawn = (press.cover(number), press.text(text, number), press.remarks("", number))
        for slot, page in zip(notice.slots, drawn, strict=True):
            sort = chance.choice(sorts)
            data, px = taken(page, sort, chance)
            media_type = f"image/{SORTS[sort][3].lower()}"
            sha256 = collection.add_blob(data, media_type)
            proposed = ProposedPage(sha256, 0, media_type, *px, float(SORTS[sort][5]), f"{slot.label}.jpg")
            turned = chance.random() < edited
            with collection.change("放入页") as change:
                page_id = change.add_page(
                    replace(proposed, recipe=CUT if turned else AS_IT_IS),
                    certificate_id=place,
                    slot=slot.id,
                )
                change.rotate_page(page_id, chance.choice((0, 90, 180)) if turned else 0)


def main() -> None:
    teachers = int(sys.argv[1]) if len(sys.argv) > 1 else TEACHERS
    notice = default_notice()
    print(f"{teachers} teachers                       estimate MB   ZIP MB   too much")
    for mix in MIXES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.certclerk"
            with create_collection(path, notice, Filing(notice.units[0].name, "陈敏", "1")) as collection:
                fill(collection, teachers, mix)
                for size in (ORIGINAL, *SIZINGS):
                    submission = plan(collection.roster(), notice, DAY)
                    estimated = sum(document_sizes(collection, submission, size))
                    made = package(
                        collection, Path(folder) / size, Options(DAY, size, delivery=Delivery.USB_STICK)
                    )
                    real = next(file.size for file in made.written.files if file.name.endswith(".zip"))
                    print(
                        f"{mix:<23}{size:<10}{estimated / 1e6:>11.2f}{real / 1e6:>9.2f}{estimated / real - 1:>+10.1%}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
