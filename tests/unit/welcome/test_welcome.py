"""Welcome sheets as a reader of PDFs finds them; softphones' settings, fetched once."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import Session
from starlette.requests import Request

from officesmart.desk import Desk
from officesmart.welcome import facts, paper, routes, softphone, where
from officesmart.welcome.handing import GOOD_FOR, MOST, Handings, handings
from pbx.config import Config
from pbx.store import settings
from pbx.store.session import Database
from pbx.tables import Line, Mailbox, ServiceNumber, SipAccount
from tests.unit.administration.conftest import NASTY, NOW, database, here, made
from tests.unit.administration.test_lines import line_id

__all__ = ["database", "here", "made"]  # fixtures

PHONE = softphone.Softphone("204-2", "a&<b>\"c'", 'Però "Zoë"\n\\', "192.168.1.10", 5060)


def sheet(session: Session, *extensions: str, **given: str) -> facts.SheetFacts:
    ids = [line_id(session, each) for each in extensions]
    secrets = {(kind, extensions[0]): value for kind, value in given.items()}
    return facts.sheets(session, Config(), ids, secrets=secrets)[0]


def read(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


# -- the sheet ----------------------------------------------------------------------------------


def test_a_sheet_says_what_the_office_knows(database: Database) -> None:
    with database.session() as session:
        settings.write(session, "portal.address", "https://voce.example.it")
        session.merge(ServiceNumber(code="*86", app="voicemail_menu"))
        session.merge(ServiceNumber(code="*26", app="do_not_disturb.on"))
        session.merge(ServiceNumber(code="*780", app="shop_opening", enabled=False))
        session.flush()
        found = sheet(session, "201", portal="Melo-Ponte-42", sip="sip-secret-1", pin="739215")
    (page,) = read(paper.write([found]))
    for said in (
        *("Giulia Ferrante", "201", "02 5550 1201", "Milano", "voce.example.it", "5060"),
        *("*86", "Segreteria telefonica", "*26", "Non disturbare", "600", "Prova di eco"),
        *("Melo-Ponte-42", "sip-secret-1", "739215", "Al primo accesso"),
    ):
        assert said in page, said
    assert "*780" not in page  # switched off


def test_a_sheet_of_another_day_has_no_secrets(database: Database) -> None:
    with database.session() as session:
        line = session.get_one(Line, line_id(session, "201"))
        line.language, line.welcomed_at = "en", NOW
        box = session.get_one(Mailbox, line.id)
        box.enabled = False
        session.add_all((line, box))
        session.flush()
        found = sheet(session, "201")
    (page,) = read(paper.write([found]))
    assert "handed over separately" in page and "Signing in to the portal" in page
    assert "The first time" not in page and "Voicemail" not in page


@pytest.mark.parametrize("name", [each for each in NASTY if isinstance(each, str)])
def test_any_name_can_be_printed(database: Database, name: str) -> None:
    with database.reading() as session:
        found = sheet(session, "201")
    plain = replace(found, name=name, site=name, office=name, portal="https://x.example")
    phones = (facts.PhoneFacts("201", name, "UDP", name),)
    (page,) = read(paper.write([replace(plain, phones=phones)]))
    assert "201" in page


def test_names_of_other_scripts_are_drawn_in_their_direction(database: Database) -> None:
    with database.reading() as session:
        found = sheet(session, "201")
    (greek,) = read(paper.write([replace(found, name="Ελένη Жук Çağlar")]))
    assert "Ελένη Жук Çağlar" in greek
    (hebrew,) = read(paper.write([replace(found, name="שלום 12")]))
    assert "םולש" in hebrew or "שלום" in hebrew


def test_several_sheets_are_several_pages(database: Database) -> None:
    with database.reading() as session:
        ids = [line_id(session, each) for each in ("203", "201", "202")]
        found = facts.sheets(session, Config(), [*ids, 99])
    pages = read(paper.write(found))
    assert [name in page for name, page in zip(("Giulia", "Davide", "Sara"), pages, strict=True)]
    with pytest.raises(ValueError, match="sheets"):
        paper.write([])
    with pytest.raises(ValueError, match="sheets"):
        paper.write(found * 200)


def test_a_line_with_everything_fits_on_its_page(database: Database) -> None:
    with database.session() as session:
        owner = line_id(session, "201")
        for n in range(12):
            session.add(SipAccount(line_id=owner, username=f"201-{n}", label="x" * 60))
            session.add(ServiceNumber(code=f"*5{n}", app=f"customer_{n}", with_extension=True))
        session.flush()
        found = sheet(session, "201", portal="p", sip="s", pin="1")
    assert len(found.codes) <= facts.MOST_CODES
    assert len(read(paper.write([found]))) == 1


# -- where --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "portal", "server"),
    [
        (Config(advertise="203.0.113.5"), "https://x.example", "203.0.113.5"),
        (Config(sip_host="192.168.1.4"), "https://x.example", "192.168.1.4"),
        (Config(sip_host="0.0.0.0"), "https://x.example:8443", "x.example"),  # noqa: S104
    ],
)
def test_where_phones_find_the_office(config: Config, portal: str, server: str) -> None:
    assert where.sip_server(config, portal) == server


@pytest.mark.parametrize(
    ("address", "here_only"),
    [
        *[("http://localhost:8080", True), ("http://127.0.0.1", True), ("http://[::1]", True)],
        *[("", True), ("https://x.example", False), ("http://192.168.1.4:8080", False)],
    ],
)
def test_whether_a_phone_can_reach_it(address: str, here_only: bool) -> None:
    assert where.is_only_here(address) is here_only


# -- softphones ---------------------------------------------------------------------------------


def entries(document: bytes) -> dict[str, dict[str, str]]:
    space = {"l": softphone.LPCONFIG}
    root = ElementTree.fromstring(document)  # noqa: S314 - our own
    return {
        section.get("name", ""): {
            entry.get("name", ""): entry.text or "" for entry in section.findall("l:entry", space)
        }
        for section in root.findall("l:section", space)
    }


def test_linphone_gets_an_account_in_its_own_words() -> None:
    found = entries(softphone.linphone(replace(PHONE, transport="tcp", codecs=("G722", "PCMA"))))
    assert found["misc"] == {"transient_provisioning": "1"}
    assert found["auth_info_0"]["passwd"] == PHONE.password
    assert found["auth_info_0"]["username"] == "204-2"
    assert found["proxy_0"]["reg_proxy"] == "<sip:192.168.1.10:5060;transport=tcp>"
    assert found["proxy_0"]["reg_identity"] == '"Però Zoë" <sip:204-2@192.168.1.10>'
    assert [found[f"audio_codec_{n}"]["mime"] for n in (0, 1)] == ["G722", "PCMA"]


def test_other_softphones_get_an_address_without_the_password() -> None:
    assert softphone.address(PHONE) == "sip:204-2@192.168.1.10:5060"
    assert softphone.address(replace(PHONE, server="2001:db8::1", transport="udp")) == (
        "sip:204-2@[2001:db8::1]:5060;transport=udp"
    )
    assert softphone.picture("https://x.example/").startswith("data:image/svg+xml")


def test_settings_are_fetched_once_and_in_time() -> None:
    kept = Handings()
    key = kept.offer("sara", (4,), {("sip", "204-2"): "x"}, NOW, softphone=PHONE)
    assert kept.fetch("another", NOW) is None
    assert kept.fetch(key, NOW) == PHONE
    assert kept.fetch(key, NOW) is None
    assert kept.to_print("sara", key, NOW) is not None
    assert kept.to_print("davide", key, NOW) is None
    late = kept.offer("sara", (4,), {}, NOW, softphone=PHONE)
    assert kept.fetch(late, NOW + GOOD_FOR) is None
    closed = kept.offer("sara", (4,), {}, NOW, softphone=PHONE)
    kept.close(closed)
    kept.close(closed)
    assert kept.fetch(closed, NOW) is None


def test_forgotten_windows_take_no_room() -> None:
    kept = Handings()
    keys = [kept.offer("sara", (1,), {}, NOW, softphone=PHONE) for _ in range(MOST + 1)]
    assert kept.fetch(keys[0], NOW) is None and kept.fetch(keys[-1], NOW) == PHONE


def test_the_route_answers_a_phone_once(here: Desk) -> None:
    key = handings.offer("sara", (1,), {}, NOW, softphone=PHONE)

    def get(path: str) -> tuple[int, bytes, str]:
        scope = {"type": "http", "method": "GET", "headers": [], "path_params": {"key": path}}
        answer = asyncio.run(routes.softphone_out(Request(scope)))
        return answer.status_code, bytes(answer.body), answer.headers["cache-control"]

    status, body, cache = get(key)
    assert (status, cache) == (200, "no-store") and b"204-2" in body
    status, body, _ = get(key)
    assert status == 410 and PHONE.password.encode() not in body
    assert get("x" * 10_000)[0] == 410


@pytest.mark.parametrize("text", ["", "9" * 5000, "²", "1;2", "'; DROP TABLE line; --", "-1", "🦆"])
def test_an_address_of_sheets_may_hold_anything(text: str) -> None:
    assert routes._ids(text) == ()
    assert routes._ids(f"3,{text},3,4") == (3, 4)
    assert len(routes._ids(",".join(map(str, range(5000))))) == paper.MOST_SHEETS + 1
