"""How to scan: source, colour, resolution and area, each as far as the chosen scanner has it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.filing_form import Word
from certclerk.jobs.scan_pages import (
    PRESETS,
    Area,
    Capabilities,
    Mode,
    Offer,
    Preset,
    Settings,
    Source,
    clipped,
    is_turned,
    laid,
)

WHOLE, OWN = "whole", "own"
_BY_ID = {preset.id: preset for preset in PRESETS}
_OTHERS = ((WHOLE, "扫描仪的全部范围"), (OWN, "自定义…"))
_SMALLEST_MM, _LARGEST_MM = 20, 1000


class ScannerSettings(QWidget):
    """Shows ``Settings`` within ``Capabilities``; :meth:`settings` is what stands there now."""

    def __init__(self) -> None:
        super().__init__()
        self._can: Capabilities | None = None
        self._source = _choice("sourceChoice", "来源")
        self._mode = _choice("modeChoice", "颜色")
        self._dpi = _choice("dpiChoice", "分辨率")
        self._area = _choice("areaChoice", "范围")
        for id_, label in (*((preset.id, preset.label) for preset in PRESETS), *_OTHERS):
            self._area.addItem(label, id_)
        self._width, self._height = _length("widthField", "宽，毫米"), _length("heightField", "高，毫米")
        self._size = QWidget()
        self._word = Word("areaWord")
        self._lay_out()
        self._source.activated.connect(self._on_source_activated)
        self._area.activated.connect(self._on_area_activated)
        self._show_area(PRESETS[0].id)

    def show_settings(self, can: Capabilities, settings: Settings) -> None:
        """``settings`` as near as the scanner can come to them."""
        self._can = can
        self._source.clear()
        for offer in can.offers:
            self._source.addItem(offer.source.label, offer.source)
        near = settings.within(can)
        _select(self._source, near.source)
        self._show_offer(near)
        self._show_area(_kind(near.area, self._offer()), near.area)

    def settings(self) -> Settings:
        offer = self._offer()
        return Settings(self._dpi.currentData(), self._shown_mode(), offer.source, self._area_of(offer))

    def _lay_out(self) -> None:
        sides = QHBoxLayout(self._size)
        sides.setContentsMargins(0, 0, 0, 0)
        for part in (QLabel("宽"), self._width, QLabel("×　高"), self._height):
            sides.addWidget(part)
        sides.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(style.HALF)
        for widget in (self._area, self._size, self._word):
            column.addWidget(widget)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        form.setHorizontalSpacing(style.WIDE)
        form.setVerticalSpacing(style.GAP)
        for title, box, shown in (
            ("来源", self._source, self._source),
            ("颜色", self._mode, self._mode),
            ("分辨率", self._dpi, self._dpi),
            ("范围", self._area, column),
        ):
            label = QLabel(title)
            label.setBuddy(box)
            label.setFixedHeight(style.ROW_HEIGHT)
            form.addRow(label, shown)

    def _offer(self) -> Offer:
        assert self._can is not None
        return self._can.offer(Source(self._source.currentData()))

    def _shown_mode(self) -> Mode:
        # Qt hands a string enum back as a string.
        return Mode(self._mode.currentData())

    def _on_source_activated(self, _index: int) -> None:
        self._show_offer(Settings(self._dpi.currentData(), self._shown_mode()))
        self._show_area(self._area.currentData())

    def _on_area_activated(self, _index: int) -> None:
        self._show_area(self._area.currentData())

    def _show_offer(self, wanted: Settings) -> None:
        offer = self._offer()
        self._mode.clear()
        for mode in offer.modes:
            self._mode.addItem(mode.label, mode)
        _select(self._mode, wanted.mode)
        self._dpi.clear()
        near = offer.resolutions.nearest(wanted.dpi)
        for dpi in sorted({near, *offer.resolutions.offered()} - {0}):
            self._dpi.addItem(f"{dpi} dpi", dpi)
        _select(self._dpi, near)

    def _show_area(self, kind: str, area: Area | None = None) -> None:
        _select(self._area, kind)
        largest = self._offer().largest if self._can else None
        # Without a word from the driver on what it can scan, it cannot be told to scan less.
        self._area.setEnabled(largest is not None)
        self._size.setVisible(kind == OWN and largest is not None)
        if area is not None:
            self._width.setValue(round(area.width))
            self._height.setValue(round(area.height))
        self._word.hint(self._remark(kind, largest))

    def _remark(self, kind: str, largest: tuple[float, float] | None) -> str:
        if self._can is None:
            return ""
        if largest is None:
            return "这台扫描仪不说明能扫多大，整幅扫下来，可以再裁切。"
        preset = _BY_ID.get(kind)
        if preset is None:
            return ""
        area = laid(preset.width, preset.height, largest)
        words = f"{area.width:.0f} × {area.height:.0f} 毫米，从玻璃的起点算起"
        if is_turned(area, preset):
            words += "；请把证书转 90°，顺着玻璃的长边放"
        if area.width * area.height < preset.width * preset.height - 1:
            words += "；玻璃放不下全部，超出的扫不到"
        return f"{words}。"

    def _area_of(self, offer: Offer) -> Area | None:
        kind = self._area.currentData()
        if kind == WHOLE or offer.largest is None:
            return None
        if kind == OWN:
            return clipped(Area(0, 0, self._width.value(), self._height.value()), offer.largest)
        return _of_preset(_BY_ID[kind], offer)


def _of_preset(preset: Preset, offer: Offer) -> Area:
    return laid(preset.width, preset.height, offer.largest)


def _kind(area: Area | None, offer: Offer) -> str:
    """Which of the choices gives that area."""
    if area is None:
        return WHOLE
    return next((preset.id for preset in PRESETS if _of_preset(preset, offer) == area), OWN)


def _select(box: QComboBox, data: str | int | Source | Mode) -> None:
    box.setCurrentIndex(max(0, box.findData(data)))


def _choice(name: str, spoken: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    return box


def _length(name: str, spoken: str) -> QSpinBox:
    field = QSpinBox()
    field.setObjectName(name)
    field.setAccessibleName(spoken)
    field.setRange(_SMALLEST_MM, _LARGEST_MM)
    field.setSuffix(" 毫米")
    return field
