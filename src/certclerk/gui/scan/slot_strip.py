"""The slots of one certificate side by side; arrows go from page to page, dragging moves them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from certclerk.core.notice import Notice
from certclerk.core.progress import Gap
from certclerk.core.records import Certificate, Page
from certclerk.gui import style
from certclerk.gui.mime import carrying_pages
from certclerk.gui.scan.page_thumb import EmptyPlace, PageThumb
from certclerk.gui.scan.slot_card import SlotCard, SlotState
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of

# A stop of the arrows that lasts when the strip is made anew: a page's id, or a slot's empty place.
Stop = int | str


class SlotStrip(QScrollArea):
    """Shows a certificate and asks for everything else by signals.

    ``page_focused`` (Page); ``page_commanded`` (act, Page); ``menu_asked`` (Page, global position);
    ``target_chosen``, ``absent_asked``, ``presence_asked`` (slot id); ``pages_dropped`` (ids, slot id,
    before which page); ``files_dropped`` (Scans, slot id).
    """

    page_focused = Signal(object)
    page_commanded = Signal(str, object)
    menu_asked = Signal(object, QPoint)
    target_chosen = Signal(str)
    absent_asked = Signal(str)
    presence_asked = Signal(str)
    pages_dropped = Signal(object, str, int)
    files_dropped = Signal(object, str)
    _carried = Signal(object)

    def __init__(self, notice: Notice, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("slotStrip")
        self.setAccessibleName("证书的各页")
        self._notice = notice
        self._thumbnails = thumbnails
        self._states: tuple[SlotState, ...] | None = None
        self._editable = True
        self._shown_page: int | None = None
        self.cards: tuple[SlotCard, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self._body = QWidget()
        self._body.setAutoFillBackground(False)
        self._row = QHBoxLayout(self._body)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(style.GAP)
        self._row.addStretch(1)
        self.setWidget(self._body)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        thumbnails.arrived.connect(self._on_thumbnail_arrived)
        # Queued: the drag's own loop must not run inside a thumbnail that a drop takes away.
        self._carried.connect(self._carry, Qt.ConnectionType.QueuedConnection)

    def show_certificate(
        self, certificate: Certificate, target: Gap | None, *, counts: bool, editable: bool
    ) -> None:
        """``counts``: the certificate is part of a submission, its empty slots are missing something."""
        states = tuple(
            SlotState(
                slot,
                certificate.pages_in(slot.id),
                certificate.absence(slot.id),
                is_target=target == Gap(certificate.id, slot.id),
                wanted=counts and slot.required,
            )
            for slot in self._notice.slots
        )
        if states == self._states and editable == self._editable:
            return
        focused = self._focused_stop()
        anew = editable != self._editable
        self._states, self._editable = states, editable
        # A card that goes hands the focus on as Tab does, and nobody has pressed that.
        with QSignalBlocker(self):
            self._build(states, anew=anew)
        self.mark_shown(self._shown_page)
        if focused is not None:
            self._focus_stop(*focused)

    def mark_shown(self, page_id: int | None) -> None:
        """Which page is in the preview. A focus on another page goes there: the keys mean the page that is seen."""
        self._shown_page = page_id
        if page_id is not None and any(thumb.hasFocus() for card in self.cards for thumb in card.thumbs):
            self.focus_page(page_id)
        for card in self.cards:
            for thumb in card.thumbs:
                thumb.set_shown(thumb.page.id == page_id)
                if thumb.page.id == page_id:
                    self.ensureWidgetVisible(thumb, style.GAP, 0)

    def focus_slot(self, slot: str) -> None:
        """The slot's empty place, or its first page."""
        for card in self.cards:
            if card.state.slot.id == slot and card.stops:
                (card.place or card.stops[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_page(self, page_id: int) -> None:
        for stop in self._stops():
            if isinstance(stop, PageThumb) and stop.page.id == page_id:
                stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def pages(self) -> tuple[Page, ...]:
        """In the order of the strip."""
        return tuple(thumb.page for card in self.cards for thumb in card.thumbs)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        stops = self._stops()
        current = next((index for index, stop in enumerate(stops) if stop.hasFocus()), None)
        if step is None or current is None:
            super().keyPressEvent(event)
            return
        following = stops[min(max(current + step, 0), len(stops) - 1)]
        following.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(following, style.GAP, 0)
        if isinstance(following, PageThumb):
            self.page_focused.emit(following.page)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        for stop in self._stops():
            here = stop.hasFocus() if by_key else stop.rect().contains(stop.mapFromGlobal(event.globalPos()))
            if here and isinstance(stop, PageThumb):
                where = stop.mapToGlobal(stop.rect().center()) if by_key else event.globalPos()
                self.menu_asked.emit(stop.page, where)
                return

    def _build(self, states: tuple[SlotState, ...], *, anew: bool) -> None:
        """A card is made only where its state is another: while pages stream in, that is what costs."""
        if anew or len(self.cards) != len(states):
            self._clear()
            self.cards = tuple(self._put(self._card(state), index) for index, state in enumerate(states))
        else:
            self.cards = tuple(map(self._renewed, self.cards, states))
        self._order_tabs()
        self._fit_height()

    def _clear(self) -> None:
        for card in self.cards:
            _let_go(card)
        self.cards = ()

    def _renewed(self, card: SlotCard, state: SlotState) -> SlotCard:
        if card.state == state:
            return card
        fresh = self._put(self._card(state), self._row.indexOf(card))
        _let_go(card)
        return fresh

    def _put(self, card: SlotCard, index: int) -> SlotCard:
        self._row.insertWidget(index, card)
        card.show()
        return card

    def _order_tabs(self) -> None:
        """What is built anew would be reached last in the window; its place is where the strip is."""
        former = self.previousInFocusChain()
        # Qt takes no place after what cannot have the focus.
        while former is not None and former is not self and not _takes_tab(former):
            former = former.previousInFocusChain()
        for part in (part for card in self.cards for part in card.findChildren(QWidget)):
            if former is not None and _takes_tab(part):
                QWidget.setTabOrder(former, part)
                former = part

    def _fit_height(self) -> None:
        """As high as the cards, with room for the scroll bar only where they do not fit."""
        if not self.cards:
            return
        cards = self._body.sizeHint()
        bar = self.horizontalScrollBar().sizeHint().height() if cards.width() > self.width() else 0
        self.setFixedHeight(cards.height() + bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _card(self, state: SlotState) -> SlotCard:
        card = SlotCard(state, self._thumbnails, editable=self._editable)
        for thumb in card.thumbs:
            thumb.focused.connect(self.page_focused)
            thumb.commanded.connect(self.page_commanded)
            thumb.carried.connect(self._carried)
        if card.place is not None:
            slot = state.slot.id
            card.place.clicked.connect(lambda: self.target_chosen.emit(slot))
            card.place.setEnabled(self._editable)
        card.absent_asked.connect(self.absent_asked)
        card.presence_asked.connect(self.presence_asked)
        card.pages_dropped.connect(self.pages_dropped)
        card.files_dropped.connect(self.files_dropped)
        return card

    @Slot(object)
    def _carry(self, page: Page) -> None:
        drag = QDrag(self)
        drag.setMimeData(carrying_pages([page.id]))
        picture = self._thumbnails.of(page)
        if picture is not None:
            small = picture.scaledToHeight(72, Qt.TransformationMode.SmoothTransformation)
            drag.setPixmap(small)
            drag.setHotSpot(QPoint(small.width() // 2, small.height() // 2))
        drag.exec(Qt.DropAction.MoveAction)

    def _on_thumbnail_arrived(self, key: Key) -> None:
        for card in self.cards:
            for thumb in card.thumbs:
                if key_of(thumb.page) == key:
                    thumb.update()

    def _stops(self) -> tuple[PageThumb | EmptyPlace, ...]:
        return tuple(stop for card in self.cards for stop in card.stops)

    def _focused_stop(self) -> tuple[Stop, int] | None:
        for index, stop in enumerate(self._stops()):
            if stop.hasFocus():
                return _lasting(stop), index
        return None

    def _focus_stop(self, wanted: Stop, index: int) -> None:
        """The same stop, else the one that stands in its place now."""
        stops = self._stops()
        same = next((stop for stop in stops if _lasting(stop) == wanted), None)
        if same is None and stops:
            same = stops[min(index, len(stops) - 1)]
        if same is not None:
            same.setFocus(Qt.FocusReason.OtherFocusReason)


def _let_go(card: SlotCard) -> None:
    """Not by taking its parent away: a widget on the screen would become a window of its own for a moment."""
    card.hide()
    card.setObjectName("")
    card.deleteLater()


def _lasting(stop: PageThumb | EmptyPlace) -> Stop:
    return stop.page.id if isinstance(stop, PageThumb) else stop.slot


def _takes_tab(part: QWidget) -> bool:
    return bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
