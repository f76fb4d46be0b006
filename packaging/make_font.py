"""Makes resources/fonts/certclerk-sans-sc.otf from Noto Sans CJK.

Run it again only to take a newer Noto. It needs fonttools, which the program itself does not:

    python -m pip install fonttools
    python packaging/make_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

(Debian's package ``fonts-noto-cjk`` has that file.) Every Han glyph stays, because names use any
of them: subsets after GB2312 or GBK lack characters that stand on people's identity cards.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Certclerk Sans SC"
POSTSCRIPT_NAME = "CertclerkSansSC-Regular"
SOURCE_FACE = "Noto Sans CJK SC"
TARGET = Path(__file__).resolve().parent.parent / "resources" / "fonts" / "certclerk-sans-sc.otf"

# Unicode blocks, both ends included.
KEPT_BLOCKS = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x024F),  # Latin-1 to Latin Extended-B: pinyin with tones
    (0x02B0, 0x036F),  # modifiers and combining marks
    (0x0370, 0x03FF),  # Greek, for sums and units
    (0x1E00, 0x1EFF),  # Latin Extended Additional
    (0x2000, 0x23FF),  # punctuation, currency, letterlike, numbers, arrows, operators, technical
    (0x2460, 0x27BF),  # enclosed, box drawing, blocks, geometric, symbols, dingbats
    (0x2B00, 0x2BFF),  # more arrows
    # Not the radicals from 0x2E80 on: they share glyphs with ideographs, and a PDF made with them
    # gives the radical back when a name is copied or searched.
    (0x2FF0, 0x312F),  # CJK punctuation, kana, bopomofo
    (0x31A0, 0x31EF),  # bopomofo extended, strokes
    (0x3200, 0x4DBF),  # enclosed and squared CJK, Extension A
    (0x4E00, 0x9FFF),  # unified ideographs
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0xFE10, 0xFE6F),  # vertical, compatibility and small forms
    (0xFF00, 0xFFEF),  # half and full width
    (0x20000, 0x3FFFF),  # Extension B and everything later
)

# Characters the window uses and Noto lacks, each drawn as the nearest glyph it has.
STAND_INS = {
    "▸": "▶",
    "▾": "▼",
    "▴": "▲",
    "◂": "◀",
    "☐": "□",
    "✗": "×",
    "✕": "×",
}

# In the source's words where its licence asks for them to stay (0 copyright, 7 trademark, 13 and 14 licence).
KEPT_NAMES = (0, 7, 13, 14)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("collection", type=Path, help="NotoSansCJK-Regular.ttc")
    parser.add_argument("--target", type=Path, default=TARGET)
    arguments = parser.parse_args()
    font = face(arguments.collection, SOURCE_FACE)
    keep_blocks(font)
    add_stand_ins(font)
    rename(font)
    arguments.target.parent.mkdir(parents=True, exist_ok=True)
    font.save(arguments.target)
    print(
        f"{arguments.target}: {arguments.target.stat().st_size} bytes, {len(font.getBestCmap())} characters"
    )


def face(collection: Path, family: str) -> TTFont:
    """The face of that family name in a .ttc; the same input gives the same bytes, so no new timestamps."""
    for font in TTCollection(collection).fonts:
        if font["name"].getDebugName(1) == family:
            font.recalcTimestamp = False
            return font
    raise SystemExit(f"{collection} has no face {family}")


def keep_blocks(font: TTFont) -> None:
    """Drops all other characters, vertical setting, and the features that swap one Han form for another."""
    options = subset.Options()
    options.layout_features = ["ccmp", "kern", "mark"]
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[point for start, end in KEPT_BLOCKS for point in range(start, end + 1)])
    subsetter.subset(font)


def add_stand_ins(font: TTFont) -> None:
    for table in font["cmap"].tables:
        if not table.isUnicode() or table.format == 14:
            continue
        for wanted, drawn in STAND_INS.items():
            table.cmap.setdefault(ord(wanted), table.cmap[ord(drawn)])


def rename(font: TTFont) -> None:
    """A modified version has a name of its own, in English only, in every place that holds one."""
    names = font["name"]
    version = names.getDebugName(5)
    kept = {name_id: names.getDebugName(name_id) for name_id in KEPT_NAMES}
    names.names = []
    own = {
        1: FAMILY,
        2: "Regular",
        3: f"{version};{POSTSCRIPT_NAME}",
        4: FAMILY,
        5: version,
        6: POSTSCRIPT_NAME,
        10: f"A subset of {SOURCE_FACE} Regular, made for certclerk.",
    }
    for name_id, text in sorted((own | kept).items()):
        if text:
            names.setName(text, name_id, 3, 1, 0x409)
    compact = font["CFF "].cff
    compact.fontNames[0] = POSTSCRIPT_NAME
    top = compact.topDictIndex[0]
    top.FullName = FAMILY
    top.FamilyName = FAMILY


if __name__ == "__main__":
    main()
