"""Which addresses an image URL may lead to.

A URL is written by whoever calls the emulator; what it names must not be this machine, its
network or a cloud's metadata service. Names lie and change, so addresses are judged, never
names or spellings.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

__all__ = ["is_allowed", "is_loopback", "numeric"]

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_ISATAP: Final = (0x00005EFE, 0x02005EFE)  # before the IPv4 address at the end (RFC 5214)

# Where clouds keep what a machine may know of itself, its keys among it. Most are link-local, and
# so never allowed anyhow; these lie in ranges that are public, private or shared elsewhere.
_METADATA: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    map(
        ip_network,
        (
            "168.63.129.16/32",  # Azure
            "100.100.100.200/32",  # Alibaba Cloud
            "192.0.0.0/24",  # Oracle Cloud (.192); the range is for protocols, not for hosts
            "fd00:ec2::/32",  # AWS: metadata, credentials of pods, name and time servers
            "fd20:ce::/32",  # Google Cloud
            "fd00:c1::/32",  # Oracle Cloud
            "fd00:42::42/128",  # Scaleway
        ),
    )
)


# No hosts' addresses, which some versions of Python call global: IETF protocols (but for what
# holds an IPv4 address), and documentation.
_NO_HOSTS: Final = (IPv6Network("2001::/23"), IPv6Network("3fff::/20"))
# Where an operator's own NAT64 prefix leaves the IPv4 address (RFC 6052, section 2.2), which such
# a translator may take to its own network.
_NAT64_PLACES: Final = (
    *((4, 5, 6, 7), (5, 6, 7, 9), (6, 7, 9, 10)),
    *((7, 9, 10, 11), (9, 10, 11, 12), (12, 13, 14, 15)),
)
_NAT64_DANGERS: Final = frozenset(
    IPv4Address(address).packed
    for address in (
        *("169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.0.23"),
        *("168.63.129.16", "100.100.100.200", "192.0.0.192"),
    )
)


def is_loopback(host: str) -> bool:
    """Whether it is this machine: an address, or the one name that no server decides."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def numeric(host: str) -> str | None:
    """Return the address that a host is, in spellings such as `2130706433` too; None for a name."""
    with suppress(ValueError):
        return str(ip_address(host))
    with suppress(OSError, ValueError):
        return socket.inet_ntoa(socket.inet_aton(host))
    return None


def is_allowed(address: str, *, allow_private: bool) -> bool:
    """Whether an image may be fetched from a resolved IP address.

    Public unicast addresses always; with `allow_private` also loopback, private and shared
    (carrier-grade NAT) ones, but never metadata services, link-local, multicast, reserved or
    unspecified ones. An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) counts
    as that IPv4 address, and one that ends as ISATAP's do is judged by both.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = _embedded(ip)
        if inner:
            return all(_is_allowed(v4, allow_private) for v4 in inner)
        if int(ip) >> 32 & 0xFFFFFFFF in _ISATAP and not _is_allowed(_last(ip), allow_private):
            return False
    return _is_allowed(ip, allow_private)


def _embedded(ip: IPv6Address) -> tuple[IPv4Address, ...]:
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    if ip.sixtofour:
        return (ip.sixtofour,)
    if ip.teredo:
        return ip.teredo
    if ip in _NAT64:
        return (_last(ip),)
    return ()


def _last(ip: IPv6Address) -> IPv4Address:
    return IPv4Address(int(ip) & 0xFFFFFFFF)


def _is_allowed(ip: IPv4Address | IPv6Address, allow_private: bool) -> bool:
    if ip.is_multicast or ip.is_link_local or ip.is_unspecified:
        return False
    if any(ip in network for network in _METADATA):
        return False
    if ip.is_loopback:
        return allow_private
    if isinstance(ip, IPv6Address):
        if any(ip in network for network in _NO_HOSTS) or _may_lead_to_metadata(ip):
            return False
        unique_local = (int(ip) >> 121) == 0xFC >> 1
        if unique_local:
            return allow_private
        return ip in _GLOBAL_UNICAST and ip.is_global
    if ip.is_reserved or int(ip) >> 24 == 0:
        return False
    return ip.is_global or (allow_private and _is_local_network(ip))


def _may_lead_to_metadata(ip: IPv6Address) -> bool:
    octets = ip.packed
    return any(bytes(octets[at] for at in places) in _NAT64_DANGERS for places in _NAT64_PLACES)


def _is_local_network(ip: IPv4Address) -> bool:
    # Not is_private, which is true of documentation and benchmarking ranges too.
    first, second = ip.packed[:2]
    return (
        first == 10
        or (first == 172 and second & 0xF0 == 16)
        or (first, second) == (192, 168)
        or (first == 100 and second & 0xC0 == 64)
    )
