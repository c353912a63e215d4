"""What a phone or a browser says it is, in words for people. Pure; a guess, never a proof.

The order of the lists matters: the first that fits wins (a DECT base by Yealink is no desk phone).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PHONES: tuple[tuple[str, str], ...] = (
    ("door", r"2n |helios|intercom|door|akuvox|doorbird"),
    ("adapter", r"\bata\b|\bht[578]\d\d|spa[- ]?[123]\d\d|pap2|gateway|fritz!?box|cisco ata"),
    ("cordless", r"dect|\bw[5-9]\d[bp]?\b|\bdp7\d\d|\bn[5-9]\d0 ip|snom-?m\d|a510|c[456]30"),
    ("conference", r"\bcp[89]\d\d|ip ?[567]000|trio|\bconference"),
    ("mobile", r"android|iphone|\bios\b|ipad|mobile|groundwire|acrobits|softphone\.app"),
    (
        "computer",
        r"linphone|zoiper|microsip|x-lite|eyebeam|bria|jitsi|blink|twinkle|baresip|pjsua|portsip"
        r"|3cx|telephone|sipsimple|phonerlite|webrtc|jssip|sip\.js|ekiga|mizu|sipp\b",
    ),
    (
        "desk",
        r"yealink|snom|grandstream|\bgxp|\bgrp\d|poly|fanvil|cisco|alcatel|aastra|mitel|htek"
        r"|panasonic|avaya|unify|openstage|gigaset|akuvox|sip-t\d|ip ?phone|ip150|spa5\d\d",
    ),
)
BROWSERS: tuple[tuple[str, str], ...] = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Vivaldi", r"Vivaldi/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|HeadlessChrome/"),
    ("Safari", r"Version/.+Safari/"),
)
SYSTEMS: tuple[tuple[str, str], ...] = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)
POCKET = ("iPhone", "iPad", "Android")
KINDS: Mapping[str, tuple[str, str, str]] = {
    "desk": ("Telefono da tavolo", "Desk phone", "phone"),
    "cordless": ("Cordless", "Cordless phone", "phone"),
    "conference": ("Telefono per riunioni", "Conference phone", "speaker"),
    "mobile": ("App sul cellulare", "Mobile app", "smartphone"),
    "computer": ("Programma sul computer", "Softphone", "monitor"),
    "adapter": ("Adattatore", "Adapter", "router"),
    "door": ("Citofono", "Door phone", "door-closed"),
    "": ("Telefono", "Phone", "phone"),
}
"What a kind of phone is called (Italian, English) and its drawing."


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser as people would name it."""

    name: str
    "Empty when it says nothing we know."
    system: str
    pocket: bool
    "A telephone or a tablet."


def phone_kind(user_agent: str) -> str:
    """One of KINDS; '' when the phone says nothing we know."""
    plain = user_agent[:200].lower()
    return next((kind for kind, words in PHONES if re.search(words, plain)), "")


def browser(user_agent: str) -> Browser:
    """Which browser, on what."""
    said = user_agent[:400]
    name = next((name for name, words in BROWSERS if re.search(words, said)), "")
    system = next((name for name, words in SYSTEMS if re.search(words, said)), "")
    return Browser(name, system, system in POCKET)
