"""Tells visitors apart by where they come from, without keeping where that is."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from catalog.shared import count_up

_IPV6_HOME = 64  # bits: whoever has one IPv6 address has all that share these


def address_of(request: HttpRequest) -> str:
    """The visitor's address: what the proxy in front says, where there is one.

    The last entry: it is the proxy's own; those before it are whatever the visitor sent. Of an
    IPv6 address the first of its home: another one of these is the same visitor's.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    told = ""
    if settings.BEHIND_PROXY:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return _home(told) or _home(direct) or direct


def _home(address: str) -> str:
    """Empty for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:  # a server that listens on both names them so
        return str(parsed.ipv4_mapped)
    network = ipaddress.IPv6Network((int(parsed), _IPV6_HOME), strict=False)
    return str(network.network_address)


def pseudonym(request: HttpRequest) -> str:
    """A name for the visitor, from which nobody without our key gets the address back."""
    return salted_hmac("catalog.visitors", address_of(request)).hexdigest()


def times(request: HttpRequest, what: str, *, seconds: int) -> int:
    """Count one more use of something by this visitor; how many there were, with this one.

    The seconds run from the first use. The counts are in the cache, so servers that share one
    share them; 1 where there is none (dummy://) or it fails, or the seconds were just over.
    """
    return count_up(f"limit:{what}:{pseudonym(request)}", seconds=seconds)


def within_limit(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count one more use of something by this visitor; False where that is more than `most`."""
    return times(request, what, seconds=seconds) <= most
