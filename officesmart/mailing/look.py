"""How a letter looks: one frame for all, as plain text and as HTML with its styles inline.

Mail programs read neither style sheets nor variables, so the colours of `assets/tokens.css` are
copied here (a test compares them). No picture and nothing from outside: nothing to block, and
nobody learns who has read it.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape

from officesmart.i18n import say

PAPER, SHEET, LINE = "#f5f4f0", "#ffffff", "#e3e1da"
TEXT, SECOND, ACCENT, ON_ACCENT = "#1d1c19", "#54524b", "#0b6172", "#ffffff"
FONT = "Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif"
WIDE = 72  # columns of the plain text


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said, in one language."""

    subject: str
    title: str
    says: tuple[str, ...]
    "Paragraphs before the facts."
    facts: tuple[tuple[str, str], ...] = ()
    "Names and values, such as ('Durata', '48 s')."
    button: str = ""
    link: str = ""
    "http or https."
    ends: tuple[str, ...] = ()
    "Paragraphs after facts and button."


def closing(language: str) -> str:
    """The last line of every letter."""
    return say(
        language,
        it="Messaggio automatico di Office Smart: nessuno legge le risposte.",
        en="An automatic message from Office Smart: nobody reads replies.",
    )


def as_text(letter: Letter, language: str) -> str:
    """The letter without any markup."""
    pieces = [letter.title, *map(_wrapped, letter.says)]
    if letter.facts:
        wide = max(len(name) for name, _ in letter.facts) + 1
        pieces.append("\n".join(f"{name + ':':<{wide}} {value}" for name, value in letter.facts))
    if letter.link:
        pieces.append(f"{letter.button}:\n{letter.link}")
    pieces += map(_wrapped, letter.ends)
    return "\n\n".join(pieces) + f"\n\n-- \n{closing(language)}\n"


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, WIDE, break_long_words=False, break_on_hyphens=False)


def as_html(letter: Letter, language: str, office: str = "Office Smart") -> str:
    """The letter as a page of its own, headed by the office. Everything said is escaped."""
    body = [_paragraph(each) for each in letter.says]
    if letter.facts:
        rows = "".join(
            f'<tr><td style="padding:6px 16px 6px 0;color:{SECOND};vertical-align:top">'
            f'{escape(name)}</td><td style="padding:6px 0;font-weight:600">{escape(value)}</td>'
            "</tr>"
            for name, value in letter.facts
        )
        body.append(
            f'<table role="presentation" cellspacing="0" cellpadding="0" style="margin:0 0 16px;'
            f'font:14px/20px {FONT};color:{TEXT}">{rows}</table>'
        )
    if letter.link:
        address = escape(letter.link, quote=True)
        body.append(
            f'<p style="margin:0 0 16px"><a href="{address}" style="display:inline-block;'
            f"padding:10px 20px;border-radius:6px;background:{ACCENT};color:{ON_ACCENT};"
            f'text-decoration:none;font-weight:600">{escape(letter.button)}</a></p>'
            f'<p style="margin:0 0 16px;font-size:12px;line-height:16px;color:{SECOND};'
            f'word-break:break-all">{address}</p>'
        )
    body += [_paragraph(each) for each in letter.ends]
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(letter.subject)}</title></head>"
        f'<body style="margin:0;padding:24px 12px;background:{PAPER}">'
        f'<div style="max-width:560px;margin:0 auto;padding:24px;background:{SHEET};'
        f'border:1px solid {LINE};border-radius:10px;font:14px/20px {FONT};color:{TEXT}">'
        f'<p style="margin:0 0 16px;font-weight:650;color:{ACCENT}">{escape(office)}</p>'
        f'<h1 style="margin:0 0 12px;font-size:18px;line-height:24px">{escape(letter.title)}</h1>'
        + "\n".join(body)
        + f'<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid {LINE};font-size:12px;'
        f'line-height:16px;color:{SECOND}">{escape(closing(language))}</p></div></body></html>\n'
    )


def _paragraph(words: str) -> str:
    return f'<p style="margin:0 0 16px">{escape(words)}</p>'
