"""What the agent is told once: its name, its limits, what it understands."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """Limits and names."""

    product: str = "OfficeSmart"
    session_seconds: int = 1800
    min_session_seconds: int = 90
    max_dialogs: int = 4000
    max_transactions: int = 20000
    "Finished ones make room for new ones before any is turned away."
    max_subscriptions: int = 10000
    supported: tuple[str, ...] = ("100rel", "replaces", "timer")
    "Option tags (RFC 3261 s.19.2) that a Require may name."
    accept: tuple[str, ...] = ("application/sdp",)
    "Bodies of an INVITE that can be read."
    allow: tuple[str, ...] = field(
        default=(
            "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY",
            "REFER", "INFO", "UPDATE", "PRACK", "MESSAGE",
        )
    )  # fmt: skip
