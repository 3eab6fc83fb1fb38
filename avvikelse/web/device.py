"""What we keep of a visitor's device and network: two coarse words.

Open when "Mina inloggningar" names a browser wrongly.
"""

from __future__ import annotations

import ipaddress

# What stands in the header, in the order in which to look: the imitators first.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
UNKNOWN = "Okänd enhet"
_NETWORK_BITS = {4: 32, 6: 64}  # an IPv6 household or office has at least a /64


def device_of(user_agent: str) -> str:
    """ "Chrome på Android", without versions or models."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    return f"{browser} på {system}" if browser and system else browser or system or UNKNOWN


def network_of(address: str | None) -> str:
    """The network that brakes are counted on. Never stored as it stands."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, _NETWORK_BITS[found.version]), strict=False))
