"""What phones and browsers say they are, in words."""

from __future__ import annotations

import pytest

from officesmart import devices
from officesmart.devices import Browser

ON_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
ON_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Yealink SIP-T54W 96.86.0.100", "desk"),
        ("Yealink W70B 146.85.0.37", "cordless"),
        ("Yealink CP965 143.86.0.15", "conference"),
        ("snomD785/10.1.127.10", "desk"),
        ("Snom-M700/06.50", "cordless"),
        ("Grandstream GXP2170 1.0.11.64", "desk"),
        ("Grandstream HT801 1.0.29.8", "adapter"),
        ("Cisco ATA 191", "adapter"),
        ("Gigaset N510 IP PRO/42.263", "cordless"),
        ("Fanvil X4U 2.12.1", "desk"),
        ("PolycomVVX-VVX_411-UA/5.9.5", "desk"),
        ("Alcatel IP150 1.2", "desk"),
        ("LinphoneAndroid/5.2.5 (Pixel 8) LinphoneSDK/5.3.70", "mobile"),
        ("Linphone-Desktop/5.2.4 (Windows) LinphoneCore/5.3", "computer"),
        ("LinphoneiOS/5.2 (iPhone)", "mobile"),
        ("Zoiper rv2.10.20.4", "computer"),
        ("MicroSIP/3.21.3", "computer"),
        ("baresip v3.1.0 (x86_64/Linux)", "computer"),
        ("2N IP Verso 2.40", "door"),
        ("", ""),
        ("something else 1.0", ""),
        ("x" * 10_000, ""),
        ("<script>", ""),
    ],
)
def test_a_phone_is_of_a_kind(agent: str, kind: str) -> None:
    assert devices.phone_kind(agent) == kind
    assert all(devices.KINDS[kind])


@pytest.mark.parametrize(
    ("agent", "browser"),
    [
        (f"{ON_WINDOWS} Chrome/140.0.0.0 Safari/537.36", Browser("Chrome", "Windows", False)),
        (
            f"{ON_WINDOWS} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            Browser("Edge", "Windows", False),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
            Browser("Firefox", "Linux", False),
        ),
        (
            f"{ON_PHONE} (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
            Browser("Safari", "iPhone", True),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/19.0 Safari/605.1.15",
            Browser("Safari", "macOS", False),
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S931B) SamsungBrowser/27.0 Chrome/130 Mobile",
            Browser("Samsung Internet", "Android", True),
        ),
        ("curl/8.0", Browser("", "", False)),
        ("", Browser("", "", False)),
    ],
)
def test_a_browser_has_a_name(agent: str, browser: Browser) -> None:
    assert devices.browser(agent) == browser
