"""Letters: what they say, how they look, and that nobody can smuggle anything into one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from officesmart.mailing import letters, look
from officesmart.mailing.envelope import (
    Address,
    BadAddress,
    message_id,
    pack,
    read_address,
    words,
)
from officesmart.mailing.look import Letter, as_html, as_text

ROME = ZoneInfo("Europe/Rome")
AT = datetime(2026, 11, 21, 8, 41, tzinfo=UTC)
US = Address("centralino", "example.it")
LETTERS = {
    "voicemail": lambda lang: letters.voicemail(
        lang,
        caller_name="Teresa Olivari",
        caller_number="+390163555021",
        left_at=letters.moment(lang, AT, ROME),
        seconds=65,
        code="*86",
    ),
    "password_reset": lambda lang: letters.password_reset(
        lang, name="Giulia Ferrante", link="https://pbx.example.it/nuova?chiave=a&b=1", minutes=30
    ),
    "security_notice": lambda lang: letters.security_notice(
        lang, name="Giulia", what="password", at="x", address="192.0.2.7", by="Sara"
    ),
    "email_code": lambda lang: letters.email_code(lang, name="Giulia", code="12345678", hours=24),
    "test_mail": lambda lang: letters.trial(lang, by="Sara", at="x", host="mail.example.it"),
}


def packed(letter: Letter, *, to: str = "giulia@example.it", **told: Any) -> EmailMessage:
    parcel = pack(
        letter,
        row=7,
        kind="test",
        sender=told.pop("sender", US),
        to=read_address(to),
        written_at=AT.astimezone(ROME),
        created_at=AT,
        **{"name": "Giulia Ferrante", "language": "it", **told},
    )
    return message_from_bytes(parcel.data, policy=default)


def text(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


class Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


# -- what they say ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LETTERS)
def test_each_letter_has_two_languages_and_two_forms(name: str) -> None:
    italian, english = LETTERS[name]("it"), LETTERS[name]("en")
    for one, other in (
        (italian.subject, english.subject),
        (italian.title, english.title),
        (italian.ends or italian.says, english.ends or english.says),
    ):
        assert one and one != other
    for letter in (italian, english):
        plain, page = as_text(letter, "it"), as_html(letter, "it")
        for said in (letter.title, *letter.says, *letter.ends, *(v for _, v in letter.facts)):
            assert said in plain.replace("\n", " ")
        assert max(map(len, plain.splitlines())) <= 78
        assert len(page) < 8000


def test_a_voicemail_notice_says_who_when_and_how_long() -> None:
    letter = LETTERS["voicemail"]("it")
    assert letter.subject == "Nuovo messaggio da Teresa Olivari"
    assert dict(letter.facts) == {
        "Da": "Teresa Olivari (0163 555021)",
        "Quando": "sabato 21 novembre 2026, 09:41",
        "Durata": "1 min 5 s",
    }
    assert "*86" in letter.ends[0]


@pytest.mark.parametrize(
    ("name", "number", "shown"),
    [
        ("", "+390163555021", "0163 555021"),
        ("Davide Conti", "202", "Davide Conti (202)"),
        ("", "", "numero riservato"),
        ("Solo nome", "", "Solo nome"),
        ("", "+441234567890", "+44 1234 567890"),
    ],
)
def test_whoever_called_is_named_as_well_as_can_be(name: str, number: str, shown: str) -> None:
    letter = letters.voicemail("it", caller_name=name, caller_number=number, left_at="x", seconds=3)
    assert dict(letter.facts)["Da"] == shown


def test_an_urgent_message_is_called_so() -> None:
    told = dict(caller_name="Anna", caller_number="", left_at="x", seconds=3, urgent=True)
    assert letters.voicemail("it", **told).subject == "Messaggio urgente da Anna"  # type: ignore[arg-type]
    assert letters.voicemail("en", **told).subject == "Urgent message from Anna"  # type: ignore[arg-type]


@pytest.mark.parametrize("what", letters.CHANGES)
def test_each_security_change_has_its_sentence(what: str) -> None:
    it, en = (letters.security_notice(x, name="G", what=what, at="x").title for x in ("it", "en"))
    assert it.endswith(".") and en.endswith(".") and it != en


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "/nuova", "http://", "https://a\r\nBcc: x@y.it", "ftp://a/b"]
)
def test_only_a_web_address_becomes_a_link(link: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        letters.password_reset("it", name="G", link=link, minutes=30)


# -- how they look ------------------------------------------------------------------------------


def test_the_colours_are_the_products() -> None:
    tokens = (Path(look.__file__).parents[2] / "assets" / "tokens.css").read_text()
    light = tokens.split("dark")[0] + tokens  # the first of each name is the light one
    for name, colour in (
        ("bg", look.PAPER),
        ("surface", look.SHEET),
        ("line", look.LINE),
        ("text", look.TEXT),
        ("text-2", look.SECOND),
        ("accent", look.ACCENT),
        ("on-accent", look.ON_ACCENT),
    ):
        first = re.search(rf"--{name}: (#[0-9a-f]{{6}})", light)
        assert first is not None and first[1] == colour, name


@pytest.mark.parametrize("name", LETTERS)
def test_nothing_in_a_letter_is_fetched_or_runs(name: str) -> None:
    for tag, attributes in Tags(as_html(LETTERS[name]("it"), "it")).found:
        assert tag not in ("img", "script", "link", "iframe", "style", "form", "object")
        assert not [each for each in attributes if each.startswith("on") or each == "src"]
        assert "url(" not in (attributes.get("style") or "")


def test_what_a_caller_calls_himself_stays_text() -> None:
    evil = "<img src=x onerror=alert(1)>\"&'</title>"
    letter = letters.voicemail("it", caller_name=evil, caller_number="1", left_at="x", seconds=1)
    page = as_html(letter, "it")
    assert {tag for tag, _ in Tags(page).found} <= set(
        "html head meta title body div p h1 table tr td".split()
    )
    assert "&lt;img src=x onerror=alert(1)&gt;&quot;&amp;" in page


# -- headers ------------------------------------------------------------------------------------


def test_the_headers_are_what_mail_programs_want() -> None:
    message = packed(LETTERS["voicemail"]("it"))
    assert message["From"] == "Office Smart <centralino@example.it>"
    assert message["To"] == "Giulia Ferrante <giulia@example.it>"
    assert message["Subject"] == "Nuovo messaggio da Teresa Olivari"
    assert message["Date"] == "Sat, 21 Nov 2026 09:41:00 +0100"
    assert re.fullmatch(r"<7\.[0-9a-f]{24}@example\.it>", message["Message-ID"])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "it"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert text(message, "plain").startswith("Hai un nuovo messaggio\r\n")
    assert "<h1" in text(message, "html")
    for each in ("From", "To", "Subject", "Date", "Message-ID"):
        assert len(message.get_all(each) or ()) == 1


def test_the_id_is_a_rows_own() -> None:
    assert message_id(1, AT, US) == message_id(1, AT, US)
    later = AT.replace(microsecond=1)
    assert len({message_id(1, AT, US), message_id(2, AT, US), message_id(1, later, US)}) == 3


NASTY = "Anna\r\nBcc: tutti@example.it\r\n\r\nCiao\x00\u202egnp.exe\ud800 <x@y>"


def test_no_name_can_add_a_header() -> None:
    letter = letters.voicemail(
        "it", caller_name=NASTY, caller_number=NASTY, left_at=NASTY, seconds=1
    )
    letter = Letter(NASTY, words(letter.title), letter.says, letter.facts[:1])
    message = packed(letter, name=NASTY)
    assert message["Bcc"] is None
    assert "\u202e" not in message["Subject"]
    assert [each.addr_spec for each in message["To"].addresses] == ["giulia@example.it"]


def test_what_looks_encoded_is_shown_as_it_is() -> None:
    hidden = "=?utf-8?q?Bcc=3A_=E2=80=AEevil?="
    message = packed(Letter(hidden, "t", ()), name=hidden)
    assert message["Subject"] == hidden.replace("=?", "= ?")
    assert "evil?=" in message["To"].addresses[0].display_name


def dense(text: str) -> str:
    """A text without its spaces."""
    return "".join(text.split())


@settings(deadline=None)  # a busy machine is no fault
@given(name=st.text(max_size=300), subject=st.text(max_size=300))
def test_whatever_people_are_called_the_headers_hold(name: str, subject: str) -> None:
    message = packed(Letter(subject, words(subject), ()), name=name)
    assert {key.lower() for key in message} == {
        *("from", "to", "subject", "date", "message-id", "auto-submitted"),
        *("x-auto-response-suppress", "content-language", "mime-version", "content-type"),
    }
    assert message["To"].addresses[0].addr_spec == "giulia@example.it"
    # Without spaces: Python's own reader takes the fold between two encoded words for one.
    assert dense(message["To"].addresses[0].display_name) == dense(words(name, most=80))
    assert dense(message["Subject"]) == dense(words(subject, most=160))
    assert not message.defects


def test_long_lines_and_other_alphabets_come_through() -> None:
    said = "Città, perché — 你好 мир 😀 " * 60
    message = packed(Letter("È già l'ora", "Titolo", (said.strip(),)), name="Zoë Òmero-Łukasz")
    assert " ".join(text(message, "plain").split()).count("你好") == 60
    assert message["To"].addresses[0].display_name == "Zoë Òmero-Łukasz"
    assert message["Subject"] == "È già l'ora"


def test_the_wire_has_seven_bits_and_short_lines() -> None:
    parcel = pack(
        Letter("È", "È", ("più " * 500,)),
        row=1,
        kind="test",
        sender=US,
        to=read_address("g@example.it"),
        name="Ò",
        language="it",
        written_at=AT,
        created_at=AT,
    )
    assert parcel.data.isascii()
    assert max(map(len, parcel.data.split(b"\r\n"))) <= 998
    assert b"\n" not in parcel.data.replace(b"\r\n", b"")


# -- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("giulia@example.it", "giulia@example.it"),
        ("  Giulia.Ferrante+posta@Example.IT ", "Giulia.Ferrante+posta@example.it"),
        ("root@localhost", "root@localhost"),
        ("info@caffè.it", "info@xn--caff-8oa.it"),
        ("perché@example.it", "perché@example.it"),
        ("o'neil@example.co.uk", "o'neil@example.co.uk"),
    ],
)
def test_addresses_that_are_some(typed: str, wire: str) -> None:
    assert str(read_address(typed)) == wire


@pytest.mark.parametrize(
    "typed",
    [
        *("", "giulia", "@example.it", "giulia@", "a@b@c.it", "a b@c.it", "a@b c.it", "a@-b.it"),
        *("a@b..it", ".a@b.it", "a..b@c.it", "<a@b.it>", "Anna <a@b.it>", "a@b.it,c@d.it"),
        *("a@b.it\r\nRCPT TO:<c@d.it>", "a\r\n@b.it", "a\x00@b.it", '"a b"@c.it', "a@[192.0.2.1]"),
        *("a\u200b@b.it", "a\u202e@b.it", "x" * 65 + "@b.it", "a@" + "b" * 64 + ".it"),
        *("a@" + ".".join(["b" * 60] * 5), "😀" * 100 + "@b.it", "a@b\u3002\n.it", "\ud800@b.it"),
    ],
)
def test_addresses_that_are_none(typed: str) -> None:
    with pytest.raises(BadAddress):
        read_address(typed)


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=100))
def test_an_address_that_is_taken_cannot_break_a_command(typed: str) -> None:
    try:
        address = str(read_address(typed))
    except BadAddress:
        return
    assert not re.search(r"[\x00-\x20\x7f<>,;]", address) and address.count("@") == 1


def test_a_letter_comes_from_the_office_by_its_name() -> None:
    letter = LETTERS["test_mail"]("it")
    named = packed(letter, office='Lanfranchi "& figli" <x>\r\nBcc: a@b.it')
    sender = named["From"].addresses[0]
    assert (sender.addr_spec, named["Bcc"]) == ("centralino@example.it", None)
    assert sender.display_name == 'Lanfranchi "& figli" <x> Bcc: a@b.it'
    assert "Lanfranchi &quot;&amp; figli&quot; &lt;x&gt;" in text(named, "html")
    assert packed(letter)["From"].addresses[0].display_name == "Office Smart"
