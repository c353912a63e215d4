"""How a call that nobody took ends: for the caller by status, in its record by `End`."""

from __future__ import annotations

from pbx.events.kinds import End

PHRASES = {
    486: "Busy Here",
    603: "Decline",
    408: "Request Timeout",
    404: "Not Found",
    403: "Forbidden",
    503: "Service Unavailable",
}
"Reason phrases; for any other status the usual 480's."
END_OF = {
    "busy": End.BUSY,
    "no_such_number": End.NOT_FOUND,
    "barred": End.FORBIDDEN,
    "declined": End.DECLINED,
    "unavailable": End.UNAVAILABLE,
    "no_answer": End.NO_ANSWER,
    "caller_gone": End.CANCELLED,
}
"By `Rung.why`."
END_OF_STATUS = {
    404: End.NOT_FOUND,
    403: End.FORBIDDEN,
    486: End.BUSY,
    488: End.NO_CODEC,
    603: End.DECLINED,
    408: End.NO_ANSWER,
    480: End.UNAVAILABLE,
}
"By the status that a step refuses with."
