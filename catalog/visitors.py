"""Tells visitors apart by where they come from, without keeping where that is."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_IPV6_HOME = 64  # bits: whoever has one IPv6 address has all that share these


def address_of(request: HttpRequest) -> str:
    """The visitor's address: what the proxy in front says, where there is one.

    The last entry: it is the proxy's own; those before it are whatever the visitor sent.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    if not settings.BEHIND_PROXY:
        return direct
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return direct


def pseudonym(request: HttpRequest) -> str:
    """A name for the visitor's network, from which nobody without our key gets the address back."""
    address = address_of(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return salted_hmac("catalog.visitors", address).hexdigest()
    bits = _IPV6_HOME if parsed.version == 6 else parsed.max_prefixlen
    network = ipaddress.ip_network((parsed, bits), strict=False)
    return salted_hmac("catalog.visitors", str(network)).hexdigest()


def within_limit(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count one more use of something by this visitor; False where that is more than `most`.

    The seconds run from the first use. The counts are in the cache, so servers that share one
    share them.
    """
    key = f"limit:{what}:{pseudonym(request)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:
        return True  # no cache (dummy://), or the seconds were just over
