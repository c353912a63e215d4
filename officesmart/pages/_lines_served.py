"""The open line's services and numbers as they are now, and what a call would meet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from urllib.parse import quote

from sqlmodel import Session

from officesmart.administration import dialled
from officesmart.administration import line_services as store
from officesmart.administration.line_services import Reaching, ServiceValues
from officesmart.administration.lines import Gone
from officesmart.administration.rules import LineValues
from officesmart.desk import desk
from officesmart.expected import Path, path_of
from officesmart.pages._lines_found import Found


@dataclass(frozen=True)
class ServiceCard:
    """The services as their fields show them."""

    do_not_disturb: bool = False
    forward_all: bool = False
    forward_all_number: str = ""
    forward_busy: bool = False
    forward_busy_number: str = ""
    forward_no_answer: bool = False
    forward_no_answer_number: str = ""
    forward_no_answer_seconds: str = ""
    forward_unavailable: bool = False
    forward_unavailable_number: str = ""
    hide_id: bool = False
    transfer_number: str = ""


NO_SERVICE_FAULTS = {name: "" for name in (*store.FIELDS, "")}


class Served(Found):
    """What the line's star codes set, as it is now."""

    opened: int = 0
    "The line in the panel; 0 for none, NEW for one to be made."
    _base: LineValues = LineValues()

    services: ServiceCard = ServiceCard()
    services_stamp: int = 0
    services_faults: dict[str, str] = NO_SERVICE_FAULTS
    services_failed: int = 0
    services_clash: str = ""
    services_moved: bool = False
    "Somebody changed them while this form holds changes."
    now_sentence: str = ""
    now_because: list[str] = []
    reached_by: list[Reaching] = []
    numbers_link: str = "/admin/numeri"
    _services: ServiceValues = ServiceValues()
    _services_of: int = 0
    _touched: bool = False
    _prefix: str = ""

    async def _read_services(self) -> None:
        """As they are now. What is being typed stays; saving it says who changed what."""
        here, line, language = desk(), self.opened, self._language
        if line <= 0:
            return
        board, extension = here.phone.board(), self._base.extension
        registered = frozenset(phone.line for phone in board.phones.values())

        def read(session: Session) -> tuple[ServiceValues, Path, list[Reaching], str]:
            office = here.offices.read(session)
            path = path_of(
                office,
                extension,
                phones=len(board.phones_of(extension)),
                registered=registered,
                at=here.now(),
                language=language,
                own=False,
            )
            numbers = store.reaching(session, line)
            return store.values_of(session, line), path, numbers, office.outside_prefix

        try:
            now, path, self.reached_by, self._prefix = await here.database.read(read)
        except Gone:
            return  # the next look at the table closes the panel
        self.numbers_link = "/admin/numeri" + (
            f"?cerca={quote(f'{extension} {self._base.name}')}" if self.reached_by else ""
        )
        self.now_sentence, self.now_because = path.sentence, list(path.because)
        if self._services_of != line or (now != self._services and not self._touched):
            self._services_of = line
            self._show_services(now)
        else:
            self.services_moved = now != self._services

    def _show_services(self, values: ServiceValues) -> None:
        self._services, self._touched = values, False
        fields = asdict(values)
        for name in store.KINDS:
            fields[f"{name}_number"] = dialled.shown(fields[f"{name}_number"], self._prefix)
        fields["transfer_number"] = dialled.shown(values.transfer_number, self._prefix)
        fields["forward_no_answer_seconds"] = str(values.forward_no_answer_seconds)
        self.services = ServiceCard(**fields)
        self.services_faults, self.services_clash = dict(NO_SERVICE_FAULTS), ""
        self.services_moved = False
        self.services_stamp += 1
