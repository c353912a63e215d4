"""Welcome sheets as PDF, one A4 page each. Takes some 30 ms a page: work for a thread."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.bidi import BidiParagraph

from officesmart.i18n import say
from officesmart.welcome.facts import SheetFacts

FONTS = Path(__file__).resolve().parent.parent / "fonts"
MOST_SHEETS = 500
INK, SOFT, ACCENT, RULE, TINT = (
    (24, 32, 44), (92, 102, 116), (15, 98, 104), (214, 220, 226), (238, 244, 245),
)  # fmt: skip
LEFT, WIDE, TOP = 20.0, 170.0, 20.0  # mm
QR = 34.0  # mm
LONGEST = 300  # characters of one text


def write(sheets: Sequence[SheetFacts]) -> bytes:
    """All sheets in one file, a page each. Raises ValueError for none, or too many."""
    if not 0 < len(sheets) <= MOST_SHEETS:
        raise ValueError(f"1 to {MOST_SHEETS} sheets at once")
    paper = _Paper()
    for sheet in sheets:
        paper.sheet(sheet)
    return bytes(paper.output())


class _Paper(FPDF):
    """A page as it is drawn, from top to bottom."""

    def __init__(self) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.set_auto_page_break(False)
        self.set_margins(LEFT, TOP)
        self.add_font("Inter", "", FONTS / "Inter-Regular.ttf")
        self.add_font("Inter", "B", FONTS / "Inter-SemiBold.ttf")
        self.add_font("Names", "", FONTS / "DejaVuSans-names.ttf")
        self.set_fallback_fonts(["Names"], exact_match=False)
        self.set_creator("Office Smart")
        self._known = {
            letter for font in self.fonts.values() for letter in getattr(font, "cmap", {})
        }

    def sheet(self, sheet: SheetFacts) -> None:
        """One page."""

        def t(*, it: str, en: str) -> str:
            return say(sheet.language, it=it, en=en)

        self.add_page()
        self._head(sheet, t)
        y = self._who(sheet, t)
        y = self._portal(sheet, t, y + 7)
        y = self._phone(sheet, t, y + 6)
        if sheet.codes:
            y = self._codes(sheet, t, y + 6)
        self._foot(t)

    def _head(self, sheet: SheetFacts, t: Callable[..., str]) -> None:
        self.set_fill_color(*ACCENT)
        self.rect(0, 0, 210, 6, style="F")
        self._say(sheet.office, LEFT, 14, size=11, bold=True, color=ACCENT, width=90)
        self._say(
            t(it="Il tuo telefono in ufficio", en="Your office telephone"),
            LEFT + 90, 14, size=9.5, color=SOFT, width=80, align="R",
        )  # fmt: skip

    def _who(self, sheet: SheetFacts, t: Callable[..., str]) -> float:
        self._say(sheet.name, LEFT, 24, size=24, bold=True, width=WIDE)
        facts = [(t(it="Interno", en="Extension"), sheet.extension)]
        if sheet.number:
            facts.append((t(it="Numero", en="Number"), sheet.number))
        if sheet.site:
            facts.append((t(it="Sede", en="Site"), sheet.site))
        if sheet.mailbox:
            shown = sheet.mailbox_code or t(it="nel portale", en="in the portal")
            facts.append((t(it="Segreteria", en="Voicemail"), shown))
        wide = WIDE / len(facts)
        self.set_fill_color(*TINT)
        self.rect(LEFT, 38, WIDE, 18, style="F", round_corners=True, corner_radius=2)
        for at, (name, value) in enumerate(facts):
            x = LEFT + 5 + at * wide
            self._say(name, x, 41, size=8.5, color=SOFT, width=wide - 7)
            self._say(value, x, 46.5, size=14, bold=True, width=wide - 7)
        return 56

    def _portal(self, sheet: SheetFacts, t: Callable[..., str], y: float) -> float:
        y = self._title(t(it="Entrare nel portale", en="Signing in to the portal"), y)
        wide = WIDE - (QR + 8 if sheet.portal else 0)
        if sheet.portal:
            self._code(sheet.portal, LEFT + WIDE - QR, y - 1)
        number = f" ({sheet.number})" if sheet.number else ""
        steps = [
            t(it=f"Apri {sheet.portal} o inquadra il codice.",
              en=f"Open {sheet.portal} or scan the code.")
            if sheet.portal
            else t(it="Chiedi all'amministratore l'indirizzo del portale.",
                   en="Ask your administrator for the portal's address."),
            t(it=f"Entra con il tuo interno {sheet.extension}{number} e la password "
                 "che ti è stata consegnata.",
              en=f"Sign in with your extension {sheet.extension}{number} and the "
                 "password you were handed."),
        ]  # fmt: skip
        if sheet.password:
            steps[1] = t(
                it=f"Entra con il tuo interno {sheet.extension} e questa password:",
                en=f"Sign in with your extension {sheet.extension} and this password:",
            )
        if not sheet.welcomed:
            steps.append(
                t(
                    it="Al primo accesso scegli una password tua e un'e-mail di sicurezza: servirà "
                    "se la dimentichi.",
                    en="The first time, choose a password of your own and a security e-mail: you "
                    "need it should you forget the password.",
                )
            )
        at = y
        for n, step in enumerate(steps, 1):
            at = self._step(n, step, at, wide)
            if n == 2 and sheet.password:
                at = self._secret(t(it="Password", en="Password"), sheet.password, at, wide)
        if sheet.mailbox and sheet.mailbox_code:
            told = t(
                it=f"Messaggi vocali: componi {sheet.mailbox_code} dal tuo telefono.",
                en=f"Voice messages: dial {sheet.mailbox_code} from your phone.",
            )
            at = self._text(told, LEFT, at + 1, wide)
            if sheet.pin:
                at = self._secret(t(it="PIN della casella", en="Mailbox PIN"), sheet.pin, at, wide)
        return max(at, y + QR + 1 if sheet.portal else at)

    def _phone(self, sheet: SheetFacts, t: Callable[..., str], y: float) -> float:
        y = self._title(t(it="Collegare un telefono", en="Connecting a phone"), y)
        facts = [
            (t(it="Server SIP", en="SIP server"), sheet.server or "?"),
            (t(it="Porta", en="Port"), str(sheet.port)),
        ]
        for at, (name, value) in enumerate(facts):
            x = LEFT + at * 60
            self._say(name, x, y, size=8.5, color=SOFT, width=56)
            self._say(value, x, y + 4.5, size=11, bold=True, width=56)
        y += 13
        for phone in sheet.phones[:4]:
            self.set_draw_color(*RULE)
            self.line(LEFT, y - 1.5, LEFT + WIDE, y - 1.5)
            for x, wide, name, value in (
                (LEFT, 36, t(it="Utente", en="User"), phone.user),
                (LEFT + 38, 30, t(it="Trasporto", en="Transport"), phone.transport),
                (LEFT + 70, 44, t(it="Telefono", en="Phone"), phone.label or "—"),
                (
                    LEFT + 116,
                    54,
                    t(it="Password", en="Password"),
                    phone.password or t(it="consegnata a parte", en="handed over separately"),
                ),
            ):
                plain = name == t(it="Password", en="Password") and not phone.password
                self._say(name, x, y, size=8.5, color=SOFT, width=wide)
                self._say(
                    value, x, y + 4.3, size=10, bold=not plain, width=wide,
                    color=SOFT if plain else INK,
                )  # fmt: skip
            y += 12
        return y

    def _codes(self, sheet: SheetFacts, t: Callable[..., str], y: float) -> float:
        y = self._title(t(it="Codici dal telefono", en="Codes to dial"), y)
        rows = (len(sheet.codes) + 1) // 2
        high = min(6.2, (272 - y) / max(1, rows))
        for at, (code, words) in enumerate(sheet.codes):
            x = LEFT + (WIDE / 2 if at >= rows else 0)
            row = y + (at % rows) * high
            self._say(code, x, row, size=10, bold=True, width=16)
            self._say(words, x + 17, row, size=9, width=WIDE / 2 - 20)
        return y + rows * high

    def _foot(self, t: Callable[..., str]) -> None:
        self._say(
            t(
                it="Conserva questo foglio al sicuro. Dal telefono puoi sempre chiamare 112, 113, "
                "115 e 118.",
                en="Keep this sheet safe. You can always call 112, 113, 115 and 118 from the "
                "phone.",
            ),
            LEFT, 282, size=8.5, color=SOFT, width=WIDE,
        )  # fmt: skip

    # -- small pieces ---------------------------------------------------------------------------

    def _title(self, words: str, y: float) -> float:
        self._say(words, LEFT, y, size=12.5, bold=True, color=ACCENT, width=WIDE)
        return y + 8.5

    def _step(self, number: int, words: str, y: float, wide: float) -> float:
        self._say(f"{number}.", LEFT, y, size=10, bold=True, width=6)
        return self._text(words, LEFT + 6, y, wide - 6)

    def _text(self, words: str, x: float, y: float, wide: float) -> float:
        self.set_font("Inter", "", 10)
        self.set_text_color(*INK)
        self.set_xy(x, y)
        self.multi_cell(wide, 5.2, self._drawable(words), align="L", padding=0)
        return self.get_y() + 1.2

    def _secret(self, name: str, value: str, y: float, wide: float) -> float:
        self._say(name, LEFT + 6, y + 0.2, size=8.5, color=SOFT, width=32)
        self._say(value, LEFT + 38, y - 0.4, size=11.5, bold=True, width=wide - 40)
        return y + 7

    def _say(
        self,
        words: str,
        x: float,
        y: float,
        *,
        size: float,
        width: float,
        bold: bool = False,
        color: tuple[int, int, int] = INK,
        align: str = "L",
    ) -> None:
        """One line of text, made smaller and then shorter until it fits."""
        self.set_text_color(*color)
        text, style = self._drawable(words), "B" if bold else ""
        self.set_font("Inter", style, size)
        least = size * 0.75
        while self.get_string_width(text) > width - 1 and self.font_size_pt > least:
            self.set_font_size(self.font_size_pt - 0.5)
        if self.get_string_width(text) > width - 1:
            while text and self.get_string_width(text + "…") > width - 1:
                text = text[:-1]
            text += "…"
        self.set_xy(x, y)
        self.cell(width, size * 0.45, text, align=align)

    def _drawable(self, words: str) -> str:
        """What our fonts can write of it, in the order in which it is drawn."""
        # Measuring is slow, and no line of a page holds more.
        text = unicodedata.normalize("NFC", words[:LONGEST])
        text = "".join(letter for letter in text if ord(letter) in self._known).strip()
        if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
            text = BidiParagraph(text).get_reordered_string()
        return text

    def _code(self, address: str, x: float, y: float) -> None:
        picture = BytesIO()
        made = segno.make(address, error="m")
        made.save(picture, kind="svg", border=0, omitsize=True, dark="#18202c")
        picture.seek(0)
        self.image(picture, x=x, y=y, w=QR, h=QR)
