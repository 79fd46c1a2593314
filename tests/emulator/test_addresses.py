"""Which addresses an image may be fetched from."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr_emulator._addresses import is_allowed, numeric

LOCAL = [
    *("127.0.0.1", "127.255.255.254", "::1"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1"),
    *("100.64.0.1", "100.127.255.254", "100.100.100.201"),
]
METADATA = [
    *("169.254.169.254", "169.254.170.2", "169.254.169.123", "168.63.129.16"),
    *("100.100.100.200", "192.0.0.192", "192.0.0.8"),
    *("fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42"),
    *("fe80::a9fe:a9fe", "fe80::a9fe:a9fe%eth0"),
]
NEVER = [
    *("0.0.0.0", "0.1.2.3", "::"),
    *("169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0"),
    *METADATA,
    *("224.0.0.1", "239.255.255.250", "ff02::1", "255.255.255.255", "240.0.0.1"),
    *("192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1"),
    *("::127.0.0.1", "fec0::1", "100::1", "4000::1"),
]
PUBLIC = ["8.8.8.8", "133.186.146.1", "2001:4860:4860::8888", "2606:4700:4700::1111"]


def inside(address: str) -> list[str]:
    """The IPv6 addresses that lead to an IPv4 one."""
    v4 = IPv4Address(address)
    high, low = int(v4) >> 16, int(v4) & 0xFFFF
    return [
        f"::ffff:{v4}",
        f"::ffff:{high:x}:{low:x}",
        f"2002:{high:x}:{low:x}::1",
        f"64:ff9b::{high:x}:{low:x}",
        f"2001:0:{0x0808:x}:{0x0808:x}::{high ^ 0xFFFF:x}:{low ^ 0xFFFF:x}",
    ]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address, allow_private=False)
    assert is_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", LOCAL)
def test_local_addresses_are_allowed_on_request_alone(address: str) -> None:
    assert not is_allowed(address, allow_private=False)
    assert is_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_allowed(address: str) -> None:
    assert not is_allowed(address, allow_private=False)
    assert not is_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", [a for a in METADATA if ":" not in a])
def test_metadata_services_are_never_allowed_in_any_disguise(address: str) -> None:
    v4 = int(IPv4Address(address))
    isatap = [v4 | high << 32 for high in (0x5EFE, 0x2005EFE)]
    ends = {
        **dict.fromkeys(("2001:4860::", "fd00::", "fe80::"), isatap),
        **{key: [v4] for key in ("64:ff9b:1::", "::ffff:0:0:0", "::")},
    }
    disguised = [
        IPv6Address(int(IPv6Address(start)) | end) for start, all_ in ends.items() for end in all_
    ]
    for private in (False, True):
        for each in [*inside(address), *map(str, disguised)]:
            assert not is_allowed(each, allow_private=private), each


@pytest.mark.parametrize(
    "address", [a for a in LOCAL + NEVER + PUBLIC if "." in a and ":" not in a]
)
def test_an_ipv4_address_inside_an_ipv6_one_counts(address: str) -> None:
    for private in (False, True):
        expected = is_allowed(address, allow_private=private)
        for disguised in inside(address):
            assert is_allowed(disguised, allow_private=private) is expected, disguised


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6, network="2000::/3"))
def test_nothing_local_is_ever_allowed_unasked(ip: IPv4Address | IPv6Address) -> None:
    if is_allowed(str(ip), allow_private=False):
        assert not (ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast)
        assert not (ip.is_unspecified or ip.is_reserved)
        assert is_allowed(str(ip), allow_private=True)


@given(st.ip_addresses(v=6))
def test_of_ipv6_only_global_unicast_is_allowed_unasked(ip: IPv6Address) -> None:
    if not (ip in IPv6Network("2000::/3") or ip.ipv4_mapped or ip in IPv6Network("64:ff9b::/96")):
        assert not is_allowed(str(ip), allow_private=False)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        *(("127.0.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f.1", "127.0.0.1")),
        *(
            ("0177.0.0.1", "127.0.0.1"),
            ("127.1", "127.0.0.1"),
            ("::1", "::1"),
            ("fe80::1%1", "fe80::1%1"),
        ),
        *(("0xa9fea9fe", "169.254.169.254"), ("2852039166", "169.254.169.254")),
        *(
            ("localhost", None),
            ("example.com", None),
            ("1.2.3.4.5", None),
            ("", None),
            ("한.kr", None),
        ),
    ],
)
def test_an_address_is_known_in_each_spelling(host: str, address: str | None) -> None:
    assert numeric(host) == address


@pytest.mark.parametrize("metadata", ["169.254.169.254", "100.100.100.200", "168.63.129.16"])
@pytest.mark.parametrize("prefix", [32, 40, 48, 56, 64, 96])
@pytest.mark.parametrize("start", ["2a01:4f8:1234:5600::", "fd12:3456:789a:bc00::"])
def test_an_operators_own_translation_leads_to_no_metadata_either(
    metadata: str, prefix: int, start: str
) -> None:
    """RFC 6052, section 2.2: the address follows the prefix, but octet 8 stays free."""
    octets = bytearray(IPv6Address(start).packed)
    at = prefix // 8
    for octet in IPv4Address(metadata).packed:
        at += at == 8
        octets[at] = octet
        at += 1
    assert not is_allowed(str(IPv6Address(bytes(octets))), allow_private=True)


@pytest.mark.parametrize("address", ["3fff::1", "2001:1::1", "2001:20::1", "2001:db8::1"])
def test_what_is_no_hosts_address_is_not_asked_whatever_the_python(address: str) -> None:
    assert not is_allowed(address, allow_private=True)
