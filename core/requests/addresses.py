"""The address that a request came from, read once for everything that counts or lists addresses."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def client_address(request: HttpRequest) -> str:
    """Return the client's address, in its shortest form; empty where the server knows none.

    `X-Forwarded-For` is written by anybody. It is read from its end, where the proxy nearest to us
    wrote, and only while the one who wrote an entry is among the `TRUSTED_PROXIES`: the first
    address that is not one of these is the client's.
    """
    nearest = address_of(request.META.get("REMOTE_ADDR", ""))
    if nearest is None:
        return ""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while is_trusted(nearest) and hops:
        written = address_of(hops.pop())
        if written is None:
            break
        nearest = written
    return str(nearest)


def is_forwarded_by_unknown(request: HttpRequest) -> bool:
    """Say whether a proxy that is not among `TRUSTED_PROXIES` stands before the client."""
    nearest = address_of(request.META.get("REMOTE_ADDR", ""))
    is_forwarded = "HTTP_X_FORWARDED_FOR" in request.META
    return is_forwarded and nearest is not None and not is_trusted(nearest)


def is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def address_of(text: str) -> Address | None:
    """Read an address, with or without the port some proxies add; `None` for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A server that listens on both families sees IPv4 clients as ::ffff:192.0.2.1.
    return getattr(address, "ipv4_mapped", None) or address
