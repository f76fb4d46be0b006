"""What drivers print of their options, as their documentation and users describe them; only the test drivers' words were seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.capture.scanners.areas import PRESETS, clipped, is_turned, laid
from certclerk.capture.scanners.sane.options import arguments, parsed
from certclerk.capture.scanners.sane.pnm import is_whole
from certclerk.capture.scanners.scanner import (
    Area,
    Capabilities,
    Mode,
    Offer,
    Resolutions,
    Settings,
    Source,
)

# Shapes of lines as brother4, fujitsu, epsonds, hpaio and genesys print them.
BROTHER = """
  Mode:
    --mode Black & White|Gray[Error Diffusion]|True Gray|24bit Color[Fast] [24bit Color[Fast]]
        Select the scan mode
    --resolution 100|150|200|300|400|600|1200|2400|4800|9600dpi [200]
    --source FlatBed|Automatic Document Feeder(left aligned)|Automatic Document Feeder(left aligned,Duplex)|Automatic Document Feeder(centrally aligned) [Automatic Document Feeder(left aligned)]
    --brightness -50..50% (in steps of 1) [inactive]
  Geometry:
    -l 0..215.88mm (in steps of 0.0999908) [0]
    -t 0..355.567mm (in steps of 0.0999908) [0]
    -x 0..215.88mm (in steps of 0.0999908) [215.88]
    -y 0..355.567mm (in steps of 0.0999908) [355.567]
"""
FUJITSU = """
    --source ADF Front|ADF Back|ADF Duplex [ADF Front]
    --mode Lineart|Halftone|Gray|Color [Lineart]
    --resolution 50..600dpi (in steps of 1) [600]
    --page-width 0..221.121mm (in steps of 0.0211639) [215.872]
    --page-height 0..863.489mm (in steps of 0.0211639) [279.364]
    -l 0..215.872mm (in steps of 0.0211639) [0]
    -t 0..279.364mm (in steps of 0.0211639) [0]
    -x 0..215.872mm (in steps of 0.0211639) [215.872]
    -y 0..279.364mm (in steps of 0.0211639) [279.364]
    --buffermode Default|Off|On [Default] [advanced]
"""
EPSON = """
    --source Flatbed|Automatic Document Feeder|Transparency Unit [Flatbed]
    --mode Lineart|Gray|Color [Lineart]
    --depth 8|16bit [8]
    --resolution 75|150|300|600|1200dpi [75]
    --adf-mode Simplex|Duplex [Simplex]
    -l 0..215.9mm [0]
    -t 0..297.18mm [0]
    -x 0..215.9mm [215.9]
    -y 0..297.18mm [297.18]
"""
KODAK = """
    --source Flatbed|ADF [ADF]
    --duplex[=(yes|no)] [yes]
    --mode Color|Grayscale [Color]
    --resolution 75|300dpi [75] [read-only]
"""
A4 = Settings(area=Area(0, 0, 210, 297))


@pytest.mark.parametrize(
    ("printed", "sources", "modes"),
    [
        (
            BROTHER,
            {
                Source.FLATBED: "FlatBed",
                Source.FEEDER: "Automatic Document Feeder(left aligned)",
                Source.DUPLEX: "Automatic Document Feeder(left aligned,Duplex)",
            },
            {Mode.COLOUR: "24bit Color[Fast]", Mode.GREY: "True Gray", Mode.LINEART: "Black & White"},
        ),
        (
            FUJITSU,
            {Source.FEEDER: "ADF Front", Source.DUPLEX: "ADF Duplex"},
            {Mode.COLOUR: "Color", Mode.GREY: "Gray", Mode.LINEART: "Lineart"},
        ),
        (
            EPSON,
            {
                Source.FLATBED: "Flatbed",
                Source.FEEDER: "Automatic Document Feeder",
                Source.DUPLEX: "Automatic Document Feeder",
            },
            {Mode.COLOUR: "Color", Mode.GREY: "Gray", Mode.LINEART: "Lineart"},
        ),
        (
            KODAK,
            {Source.FLATBED: "Flatbed", Source.FEEDER: "ADF", Source.DUPLEX: "ADF"},
            {Mode.COLOUR: "Color", Mode.GREY: "Grayscale"},
        ),
    ],
)
def test_drivers_own_words_are_understood(
    printed: str, sources: dict[Source, str], modes: dict[Mode, str]
) -> None:
    options = parsed(printed)
    assert options.sources() == sources
    assert options.modes() == modes


@pytest.mark.parametrize(
    ("printed", "settings", "words"),
    [
        (
            BROTHER,
            A4,
            "--source=FlatBed --mode=24bit Color[Fast] --resolution=300 -l 0 -t 0 -x 210 -y 297",
        ),
        (
            FUJITSU,
            Settings(source=Source.DUPLEX, mode=Mode.GREY, area=Area(5, 0, 210, 297)),
            "--source=ADF Duplex --mode=Gray --resolution=300 --page-width=215 --page-height=279.364"
            " -l 5 -t 0 -x 210 -y 279.364",
        ),
        (
            EPSON,
            Settings(source=Source.DUPLEX, dpi=400),
            "--source=Automatic Document Feeder --adf-mode=Duplex --mode=Color --depth=8 --resolution=600"
            " -l 0 -t 0 -x 215.9 -y 297.18",
        ),
        (
            EPSON,
            Settings(source=Source.FEEDER, mode=Mode.LINEART, area=Area(0, 0, 145, 205)),
            "--source=Automatic Document Feeder --adf-mode=Simplex --mode=Lineart --resolution=300"
            " -l 0 -t 0 -x 145 -y 205",
        ),
        (KODAK, Settings(source=Source.FEEDER), "--source=ADF --duplex=no --mode=Color"),
        ("", A4, ""),
    ],
)
def test_what_scanimage_is_told(printed: str, settings: Settings, words: str) -> None:
    assert " ".join(arguments(parsed(printed), settings)) == words


def test_resolutions_on_offer() -> None:
    assert parsed(EPSON).resolutions().offered() == (75, 150, 300, 600, 1200)
    assert parsed(FUJITSU).resolutions().offered() == (100, 150, 200, 300, 400, 600)
    assert parsed(KODAK).resolutions() == Resolutions()
    assert Resolutions((), 1000, 1200, 100).offered() == (1200,)


@given(
    st.integers(1, 2400),
    st.one_of(
        st.builds(
            Resolutions, st.lists(st.integers(50, 2400), min_size=1, max_size=6).map(sorted).map(tuple)
        ),
        st.builds(
            Resolutions,
            st.just(()),
            st.integers(50, 100),
            st.integers(200, 1200),
            st.sampled_from([1, 7, 25, 300]),
        ),
    ),
)
def test_the_nearest_resolution_is_never_coarser_than_it_need_be(dpi: int, held: Resolutions) -> None:
    nearest = held.nearest(dpi)
    if held.listed:
        assert nearest in held.listed
        assert nearest == min((one for one in held.listed if one >= dpi), default=max(held.listed))
    else:
        assert held.lowest <= nearest <= held.highest
        assert nearest >= min(dpi, held.highest)
        assert (nearest - held.lowest) % held.step == 0 or nearest == held.highest


@pytest.mark.parametrize(
    ("preset", "largest", "area"),
    [
        # An A4 glass is too narrow for an opened booklet: it has to lie along it.
        ("spread", (215.9, 297.0), Area(0, 0, 210.0, 295.0)),
        ("spread", (431.8, 297.0), Area(0, 0, 295.0, 210.0)),
        ("spread", (300.0, 200.0), Area(0, 0, 295.0, 200.0)),
        ("page", (215.9, 297.0), Area(0, 0, 150.0, 210.0)),
        ("a4", (215.9, 297.18), Area(0, 0, 210.0, 297.0)),
        ("a4", (200.0, 250.0), Area(0, 0, 200.0, 250.0)),
        ("a4", None, Area(0, 0, 210.0, 297.0)),
    ],
)
def test_presets_lie_on_the_glass(preset: str, largest: tuple[float, float] | None, area: Area) -> None:
    chosen = next(one for one in PRESETS if one.id == preset)
    assert laid(chosen.width, chosen.height, largest) == area
    assert is_turned(area, chosen) is (preset == "spread" and area.height > area.width)


@given(
    st.builds(Area, *[st.floats(0, 500)] * 2, *[st.floats(0.5, 500)] * 2),
    st.tuples(st.floats(50, 450), st.floats(50, 450)),
)
def test_no_area_reaches_beyond_the_glass(area: Area, largest: tuple[float, float]) -> None:
    cut = clipped(area, largest)
    if cut is None:
        assert area.x >= largest[0] or area.y >= largest[1]
    else:
        assert cut.width > 0
        assert cut.height > 0
        assert cut.x + cut.width <= largest[0] * (1 + 1e-9)
        assert cut.y + cut.height <= largest[1] * (1 + 1e-9)


def test_remembered_settings_become_what_the_scanner_can_do() -> None:
    can = Capabilities((Offer(Source.FLATBED, (Mode.GREY,), Resolutions((200, 600))),))
    assert Settings(source=Source.DUPLEX).within(can) == Settings(600, Mode.GREY, Source.FLATBED)


@pytest.mark.parametrize(
    ("head", "row", "rows"),
    [
        (b"P4\n# SANE data follows\n10 3\n", 2, 3),
        (b"P5\n# SANE data follows\n10 3\n255\n", 10, 3),
        (b"P5\n10 3\n65535\n", 20, 3),
        (b"P6\n# SANE data follows\n10 3\n255\n", 30, 3),
    ],
)
def test_a_picture_is_whole_with_its_last_byte(head: bytes, row: int, rows: int) -> None:
    assert is_whole(head + bytes(row * rows))
    assert not is_whole(head + bytes(row * rows - 1))
    assert not is_whole(head)
    assert not is_whole(head[:-3])
    assert not is_whole(b"")


@given(st.binary(max_size=60))
def test_no_bytes_upset_the_check(data: bytes) -> None:
    assert is_whole(b"P6 1 1 255 " + data) == (len(data) >= 3)
    is_whole(data)
