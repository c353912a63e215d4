"""Service codes: *86 is the mailbox, *600 the echo, *87201 leaves a message for 201.

Which code reaches what is data of the office. A code that takes an extension may have a star
before it (*87*201), and one that takes none may be given one that way (*86*201 opens the mailbox
of 201 from any phone); a closing # is what some phones add by themselves.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.dialled import is_code
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office, ServiceCode
from pbx.routing.plan import Announce, Plan, Service

STAGE = Stage.SERVICE_CODE


class Options(FeatureOptions):
    """None: the codes themselves are rows of the office."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Start the application of the code, or say that there is no such code."""
    keys = call.dialled
    service, argument = _reached(keys, office)
    if service is None:
        return _unknown(plan, keys) if is_code(keys) else plan
    if argument and not _is_line(argument, office):
        return replace(
            plan.then(Announce("announce.unknown_number", 404, "Not Found")), settled=True
        ).noting(
            "service_code",
            it=f"Il codice {service.code} è seguito da {argument}, che non è un interno attivo",
            en=f"Code {service.code} is followed by {argument}, which is no active extension",
        )
    if service.with_extension and not argument:
        return replace(
            plan.then(Announce("announce.unknown_code", 484, "Address Incomplete")), settled=True
        ).noting(
            "service_code",
            it=f"Il codice {service.code} va fatto seguire da un interno",
            en=f"Code {service.code} needs an extension after it",
        )
    return replace(plan.then(Service(service.app, argument)), settled=True).noting(
        "service_code",
        it=f"Il codice {service.code} avvia il servizio {service.app}",
        en=f"Code {service.code} starts the service {service.app}",
    )


def _reached(keys: str, office: Office) -> tuple[ServiceCode | None, str]:
    """The service and the extension after its code; the longest code that fits wins."""
    whole = office.services.get(keys)
    if whole is not None:
        return whole, ""
    plain = keys.removesuffix("#")
    for end in range(len(plain), 0, -1):
        service = office.services.get(plain[:end])
        if service is None:
            continue
        rest = plain[end:]
        argument = rest.removeprefix("*")
        if not rest:
            return service, ""
        # Without the star, digits after a code that takes none belong to another, longer code.
        if argument.isdecimal() and (service.with_extension or rest != argument):
            return service, argument
    return None, ""


def _is_line(extension: str, office: Office) -> bool:
    person = office.lines.get(extension)
    return person is not None and person.active


def _unknown(plan: Plan, keys: str) -> Plan:
    refused = plan.then(Announce("announce.unknown_code", 404, "Not Found"))
    return replace(refused, settled=True).noting(
        "service_code",
        it=f"Il codice {keys} non esiste",
        en=f"There is no code {keys}",
    )
