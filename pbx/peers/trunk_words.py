"""What is said of a trunk: to the administrator on the page, and in the records of calls."""

from __future__ import annotations

from pbx.events.kinds import Why
from pbx.routing.office import TrunkFacts

OFF = Why("Disattivata", "Switched off")
TRYING = Why("Collegamento in corso", "Connecting")
SIGNED_IN = Why("Collegata al fornitore", "Signed in at the provider")
ANSWERS = Why("Il fornitore risponde", "The provider answers")
NO_ANSWER = Why("Il fornitore non risponde", "The provider does not answer")
NO_SECRET = Why(
    "La password salvata non si può leggere: va inserita di nuovo",
    "The password on file cannot be read: enter it again",
)


def no_name(host: str) -> Why:
    """The name server knows no address."""
    return Why(
        f"Il nome {host} non corrisponde a nessun indirizzo",
        f"The name {host} has no address",
    )


def no_host(host: str) -> Why:
    """What is set up is no name at all."""
    return Why(
        f"«{host}» non è il nome di un server né un indirizzo",
        f"“{host}” is neither the name of a server nor an address",
    )


def no_way(host: str) -> Why:
    """Nothing can be sent there."""
    return Why(f"{host} non è raggiungibile dalla rete", f"The network has no way to {host}")


def no_connection(host: str, port: int) -> Why:
    """TCP was refused, or broke."""
    return Why(f"Nessuna connessione a {host}:{port}", f"No connection to {host}:{port}")


def refused(status: int) -> Why:
    """Why a sign-in was refused with this status."""
    if status in (401, 403, 407):
        return Why(
            f"Il fornitore rifiuta il nome utente o la password ({status})",
            f"The provider refuses the user name or the password ({status})",
        )
    if status in (404, 604):
        return Why(
            f"Il fornitore non conosce questo nome utente ({status})",
            f"The provider does not know this user name ({status})",
        )
    if status == 423:
        return Why(
            "Il fornitore non accetta la durata di registrazione chiesta (423)",
            "The provider does not accept the registration time asked for (423)",
        )
    if 500 <= status < 600:
        return Why(
            f"Il fornitore ha un guasto o è sovraccarico ({status})",
            f"The provider has a fault or is overloaded ({status})",
        )
    return Why(f"Il fornitore rifiuta ({status})", f"The provider refuses ({status})")


def full(trunk: TrunkFacts) -> Why:
    """All its calls are in use."""
    calls = trunk.capacity
    return Why(
        f"Ha già {calls} chiamate in corso, il massimo impostato",
        f"It has {calls} calls already, the most that is set",
    )


def trouble(name: str, why: Why) -> Why:
    """What an administrator reads while it is down."""
    return Why(
        f"La linea esterna «{name}» non funziona: {why.it[:1].lower()}{why.it[1:]}",
        f"The outside line “{name}” does not work: {why.en[:1].lower()}{why.en[1:]}",
    )
