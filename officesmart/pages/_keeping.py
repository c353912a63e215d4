"""The office as a file: backup and restore, behind Importa e copie."""

from __future__ import annotations

import asyncio
from functools import partial

from sqlmodel import Session, select

from officesmart import backup
from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.administration.files import Sent, waiting
from officesmart.auth import Person
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, admin, admin_task
from officesmart.phone import LinkDown
from pbx.tables import Line


class Keeping(Portal):
    """A backup that was sent, until it is restored or forgotten."""

    backup_name: str = ""
    backup_size: str = ""
    backup_fault: str = ""
    restoring: bool = False

    @admin
    async def backup_sent(self) -> None:
        """A backup was uploaded: ask before it replaces anything."""
        assert self._person is not None
        sent = waiting.get(self._person.session, "backup")
        self.backup_fault = ""
        if sent is not None:
            self.backup_name, self.backup_size = sent.name, _size(self._language, sent)

    @admin
    async def forget_backup(self) -> None:
        """Annulla."""
        assert self._person is not None
        waiting.drop(self._person.session, "backup")
        self.backup_name = ""

    @admin_task
    async def restore(self, who: Person) -> None:
        """Ripristina: the office as it was; everybody signs in again."""
        here = desk()
        async with self:
            sent = waiting.get(who.session, "backup")
            if self.restoring or sent is None or sent.path is None:
                self.backup_name = ""
                return
            self.restoring = True
        author = Author(who.extension, who.name, here.now())
        before = here.config.data / f"before-restore-{author.at:%Y%m%dT%H%M%SZ}.tar.gz"
        try:
            restored = partial(
                backup.restore, here.database, sent.path, before=before, at=author.at
            )
            done = await asyncio.to_thread(restored)
        except (backup.NotPossible, OSError) as failure:
            async with self:
                self.backup_fault = str(failure).replace(str(sent.path), sent.name)
            return
        finally:
            waiting.drop(who.session, "backup")
            async with self:
                self.restoring, self.backup_name = False, ""
        told = {"file": sent.name, "lines": done.lines}
        await here.database.run(lambda s: audit.note(s, author, "restored", after=told))
        extensions = await here.database.read(_extensions)
        await tell(extensions)
        try:
            for extension in extensions:
                await here.phone.mailbox_changed(extension)
        except LinkDown:
            pass
        here.live.owe_all("session")


async def tell(extensions: list[str]) -> None:
    """These lines are not as they were: the PBX and the pages look anew."""
    here = desk()
    try:
        await here.phone.settings_changed()
    except LinkDown:
        pass  # read at the next call all the same
    here.live.owe(extensions, "office")
    here.live.owe(extensions, "session")


def _extensions(session: Session) -> list[str]:
    return list(session.exec(select(Line.extension)))


def _size(language: str, sent: Sent) -> str:
    size = sent.size / 1_000_000
    return f"{size:.1f} MB".replace(".", say(language, it=",", en="."))
