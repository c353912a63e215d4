"""What the office says, written out: prompt id -> (Italian, English).

The voices are made from these tables by `scripts/make_sounds.py`; change a sentence, run it, commit
both. Sentences that depend on a number, a date or a name are cut where that comes in, and put
together by the application with `speech`. Italian callers are addressed with "Lei".
"""

from __future__ import annotations

from pbx.media.sentences.announcements import ANNOUNCEMENTS
from pbx.media.sentences.mailbox import MAILBOX
from pbx.media.sentences.services import SERVICES
from pbx.media.sentences.star_codes import STAR_CODES

SENTENCES: dict[str, tuple[str, str]] = {**ANNOUNCEMENTS, **SERVICES, **MAILBOX, **STAR_CODES}
