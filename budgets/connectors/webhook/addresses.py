"""Which addresses may be connected to: public ones, and those inside that the operator allows."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from budgets.connectors.errors import PermanentError, TemporaryError

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def judged(host: str, port: int, allowed: Sequence[Network]) -> Address:
    """Return the first address of a host, all of which may be connected to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TemporaryError(f"There is no address for “{host}”: {error}.") from None
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not may_connect(address, allowed):
            raise PermanentError(
                f"“{host}” leads to {address}, an address inside this network. If that is meant, "
                "have the operator add it to WEBHOOK_NETWORKS."
            )
    return addresses[0]


def may_connect(address: Address, allowed: Sequence[Network]) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return (mapped.is_global and not mapped.is_multicast) or is_inside(mapped, allowed)


def is_inside(address: Address, allowed: Sequence[Network]) -> bool:
    return any(address.version == each.version and address in each for each in allowed)
