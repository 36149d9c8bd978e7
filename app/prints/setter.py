"""Lay a form out on A4 pages: what goes on which page, what stands at the head and the foot of each.

It knows no form by name: the forms are described with `app.prints.document`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.prints.bit import Bit, BitStore, SpaceBit, both, coloured, marked_up, numbered
from app.prints.code_piece import CodePiece
from app.prints.document import (
    Block,
    Cell,
    Code,
    Column,
    Document,
    Field,
    Notice,
    Row,
    Section,
    Signatures,
    Statement,
    Table,
    Words,
)
from app.prints.font import printable
from app.prints.page import BODY_FOOT, BODY_WIDTH, MARGIN, body_top, draw_frame, title_piece
from app.prints.piece import CellRow, Gap, Heading, Piece, SignatureRow
from app.prints.sheet import AMBER, MM, MUTED, Sheet

HAND_LINE = 7.2 * MM
TIGHT_LINE = 4.6 * MM
TABLE_ROW = 7.0 * MM
TIGHT_TABLE_ROW = 5.4 * MM
HEADER_FILL = (0.957, 0.965, 0.973)
# Room to write by hand, from generous to the least: it shrinks only where that saves a page.
ROOMS = (1.0, 0.93, 0.86)
# A section taller than this part of the page may be cut, or half a page would stay white.
TOGETHER = 0.45


@dataclass(frozen=True)
class Placed:
    """A piece with the height at which its top stands."""

    piece: Piece
    top: float


def set_document(document: Document) -> bytes:
    """Return the PDF of a form; the same form gives the same bytes."""
    pages = _roomiest(document)
    sheet = Sheet(document.title, document.language)
    for index, page in enumerate(pages):
        draw_frame(sheet, document, page=index + 1, pages=len(pages))
        for placed in page:
            placed.piece.draw(sheet, MARGIN, placed.top)
        sheet.next_page()
    return sheet.finish()


def _roomiest(document: Document) -> list[list[Placed]]:
    """Return the layout with the fewest pages, and among those the one with most room to write."""
    bits = BitStore()
    generous = _paginate(document, ROOMS[0], bits)
    least = _paginate(document, ROOMS[-1], bits)
    if len(least) == len(generous):
        return generous
    return min((*(_paginate(document, room, bits) for room in ROOMS[1:-1]), least), key=len)


class _Flow:
    """Pages being filled from top to bottom."""

    def __init__(self, first_top: float) -> None:
        self.pages: list[list[Placed]] = [[]]
        self._first_top = self._top = first_top

    @property
    def whole(self) -> float:
        """Return the height of an empty page in points."""
        return self._first_top - BODY_FOOT

    @property
    def left(self) -> float:
        """Return the room left on the page in points."""
        return self._top - BODY_FOOT

    def new_page(self) -> None:
        """Begin a page, unless the page is still empty."""
        if self.pages[-1]:
            self.pages.append([])
            self._top = self._first_top

    def put(self, piece: Piece) -> None:
        """Set a piece where the last one ended."""
        if isinstance(piece, Gap) and not self.pages[-1]:
            return
        self.pages[-1].append(Placed(piece, self._top))
        self._top -= piece.height

    def place(self, piece: Piece, *, followed_by: float = 0.0) -> None:
        """Set a piece on this page if it and what must follow fit, else on the next; cut what no page holds."""
        if piece.height + followed_by > self.left and self.pages[-1]:
            self.new_page()
            if piece.repeated is not None:
                self.put(piece.repeated)
        while isinstance(piece, CellRow) and piece.height > self.left:
            parts = piece.split(self.left)
            if parts is None:
                break
            self.put(parts[0])
            self.new_page()
            piece = parts[1]
        self.put(piece)


def _paginate(document: Document, room: float, bits: BitStore) -> list[list[Placed]]:
    pieces_of = _Pieces(document, room, bits)
    flow = _Flow(body_top(document.head))
    flow.put(title_piece(document))
    for section in document.sections:
        pieces = pieces_of.section(section)
        total = sum(piece.height for piece in pieces)
        if section.new_page or (section.together and flow.left < total <= TOGETHER * flow.whole):
            flow.new_page()
        for index, piece in enumerate(pieces):
            following = pieces[index + 1].height if piece.keep and index + 1 < len(pieces) else 0.0
            flow.place(piece, followed_by=min(following, flow.whole / 2))
    return flow.pages


class _Pieces:
    """Turn the blocks of a document into pieces; `room` scales what is left to write by hand."""

    def __init__(self, document: Document, room: float, bits: BitStore) -> None:
        self._document = document
        self._bits = bits
        self._room = room
        self._continued = coloured(f"… {both(document.texts.continued, bold=False, joint=' · ')}", MUTED)

    def section(self, section: Section) -> list[Piece]:
        """Return the heading of a section and its blocks."""
        markup = numbered(section.number, both(section.words, joint=" &nbsp;·&nbsp; "))
        pieces: list[Piece] = [Heading(markup, BODY_WIDTH)] if section.words.it else []
        for block in section.blocks:
            pieces.extend(self._block(block))
        return pieces

    def _block(self, block: Block) -> list[Piece]:
        match block:
            case Row():
                cells = tuple(self._field(field) for field in block.fields)
                widths = _shares([field.span for field in block.fields])
                return [CellRow(cells, widths, continued=self._continued)]
            case Table():
                return self._table(block)
            case Statement():
                return [_statement(block, self._bits)]
            case Signatures():
                return [Gap(4), _signatures(block)]
            case Notice():
                notice = self._bits.text(both(block.words), 8.8, AMBER)
                return [Gap(3), CellRow(((notice,),), (BODY_WIDTH,)), Gap(3)]
            case Code():
                return [Gap(4), CodePiece(block, BODY_WIDTH)]

    def _field(self, field: Field) -> tuple[Bit, ...]:
        bits: list[Bit] = [self._bits.text(numbered(field.number, both(field.words)), 7.4)]
        if field.options:
            bits += [SpaceBit(2.2), self._bits.options(field.options)]
        shown, refused = _shown(field.value)
        if shown:
            bold = f"<b>{shown}</b>" if field.strong else shown
            bits += [SpaceBit(1.2), self._bits.text(bold, 13 if field.strong else 10)]
        elif field.lines or refused:
            if refused:
                bits.append(self._bits.text(both(self._document.texts.by_hand, bold=False, joint=" · "), 6.4, AMBER))
            line = HAND_LINE if self._document.blank or refused else TIGHT_LINE
            bits.append(SpaceBit(max(field.lines, 1) * line * self._room))
        return tuple(bits)

    def _table(self, table: Table) -> list[Piece]:
        widths = _shares([column.share for column in table.columns])
        header = CellRow(
            tuple((self._bits.text(both(c.words), 7.4, align="right" if c.right else "left"),) for c in table.columns),
            widths,
            keep=True,
            fill=HEADER_FILL,
        )
        row = CellRow((), widths, least=TIGHT_TABLE_ROW, repeated=header, continued=self._continued)
        blank = table.blank_row or tuple(Cell() for _ in table.columns)
        empty = replace(row, cells=self._cells(blank, table), least=TABLE_ROW * self._room)
        filled = [
            replace(row, cells=self._cells(cells, table)) if len(cells) > 1 else self._across(cells[0], header)
            for cells in table.rows
        ]
        return [header, *filled, *([empty] * table.blank_rows)]

    def _across(self, cell: Cell, header: CellRow) -> CellRow:
        words = cell.text if isinstance(cell.text, Words) else Words(cell.text)
        title = self._bits.text(both(words, joint=" · "), 8.2)
        return CellRow(((title,),), (BODY_WIDTH,), keep=True, repeated=header)

    def _cells(self, cells: tuple[Cell, ...], table: Table) -> tuple[tuple[Bit, ...], ...]:
        return tuple(self._cell(cell, column) for cell, column in zip(cells, table.columns, strict=True))

    def _cell(self, cell: Cell, column: Column) -> tuple[Bit, ...]:
        bits: list[Bit] = []
        align = "right" if column.right else "left"
        if cell.options:
            bits.append(self._bits.options(cell.options, 7.6))
        markup, refused = _shown(cell.text)
        if refused:
            by_hand = both(self._document.texts.by_hand, bold=False, joint=" · ")
            bits += [self._bits.text(by_hand, 6.4, AMBER), SpaceBit(HAND_LINE * self._room)]
        elif markup:
            bits.append(self._bits.text(f"<b>{markup}</b>" if cell.strong else markup, 9, align=align))
        beneath, _ = _shown(cell.beneath)
        if beneath:
            bits.append(self._bits.text(beneath, 7.2, MUTED, align=align))
        return tuple(bits) or (SpaceBit(0),)


def _shares(parts: list[int]) -> tuple[float, ...]:
    return tuple(BODY_WIDTH * part / sum(parts) for part in parts)


def _statement(block: Statement, bits: BitStore) -> CellRow:
    texts = [text for text in (block.words.it, block.words.other) if text]
    cells = tuple((bits.text(numbered(block.number, marked_up(text)), block.size),) for text in texts)
    return CellRow(cells, (BODY_WIDTH / len(cells),) * len(cells), bordered=False)


def _signatures(block: Signatures) -> SignatureRow:
    places = tuple((both(place.words), marked_up(printable(place.name) or "")) for place in block.places)
    return SignatureRow(places, both(block.date, bold=False, joint=" · "), BODY_WIDTH)


def _shown(value: str | Words | None) -> tuple[str, bool]:
    """Return the markup of a value, and whether there is one that the fonts cannot print."""
    words = Words(value) if isinstance(value, str) else value or Words("")
    ready = [printable(text) for text in (words.it, words.other)]
    if any(text is None for text in ready):
        return "", True
    return both(Words(*(text or "" for text in ready)), bold=False, joint=" · "), False
