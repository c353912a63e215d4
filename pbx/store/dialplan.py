"""The dial plan as the rows have it: extensions, SIP users, codes of every kind."""

from __future__ import annotations

from sqlmodel import Session, col, select

from pbx.routing.dialplan import DialPlan, orbits_of
from pbx.routing.star_codes import named
from pbx.store import settings
from pbx.tables import Line, ServiceNumber, ShortCode, SipAccount


def read_dial_plan(session: Session) -> DialPlan:
    """Every digit that means something now, codes that are switched off too.

    Three questions and a setting or two; to be read once for a form or a file of lines.
    """
    lines = session.exec(select(Line.id, Line.extension, Line.name)).all()
    of_line = {line_id: (extension, name) for line_id, extension, name in lines}
    accounts = session.exec(select(SipAccount.username, SipAccount.line_id)).all()
    try:
        orbits = orbits_of(settings.read(session, settings.PARK_RANGE))
    except ValueError:  # what nobody can dial stands in nobody's way
        orbits = ()
    return DialPlan(
        extensions={extension: name for _, extension, name in lines},
        sip_users={user: of_line[line_id] for user, line_id in accounts if line_id in of_line},
        short_codes=dict(session.exec(select(ShortCode.code, ShortCode.name)).all()),
        star_codes={
            code: named(app)
            for code, app in session.exec(
                select(ServiceNumber.code, ServiceNumber.app).order_by(col(ServiceNumber.code))
            )
        },
        orbits=orbits,
        outside_prefix=settings.read(session, settings.OUTSIDE_PREFIX),
    )
