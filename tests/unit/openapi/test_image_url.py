"""The image URL's pattern: the rule about a written port, and nothing else."""

import re
from urllib.parse import urlsplit

import check_spec
import pytest
from hypothesis import given, strategies as st

SCHEMA = check_spec.load(check_spec.DESCRIPTION)["components"]["schemas"]["ImageUrlRequest"]
IMAGE_URL = SCHEMA["properties"]["imageUrl"]

GOOD_URLS = [
    "https://example.com/example.jpg",
    "http://example.com",
    "https://example.com:80/a.png",
    "https://example.com:443/a.png",
    "http://example.com:10000/a.png",
    "http://example.com:10999/a.png",
    "http://example.com:11000/a.png",
    "http://example.com:11999/a.png",
    "http://example.com:12000/a.png",
    "https://example.com:/a.png",
    "https://example.com:0443/a.png",
    "https://example.com:443",
    "https://example.com:443?x=1",
    "https://example.com:443#top",
    "https://example.com?at=12:30",
    "https://example.com/a:8080/b@c:9",
    'https://example.com/a b[1]{2}|\\^`".png',
    "https://한글.kr/a.png",
    "https://한글.kr:10080/사진.png",
    "HTTPS://EXAMPLE.COM/A.PNG",
    "hTTp://example.com/a.png",
    "https://[2001:db8::1]/a.png",
    "https://[2001:db8::1]:443/a.png",
    "https://[::ffff:192.0.2.1]:12000/",
    "https://[fe80::1%25eth0]/a.png",
    "https://user@example.com/a.png",
    "https://user:secret@example.com/a.png",
    "https://user:8080@example.com:443/a.png",
    "https://a@b:9@example.com/a.png",
    "https://192.0.2.1/a.png",
    "http://localhost:10500/a.png",
    "https://a_b.example/a.png",
]

BAD_URLS = [
    "https://example.com:0/a.png",
    "https://example.com:8/a.png",
    "https://example.com:79/a.png",
    "https://example.com:81/a.png",
    "https://example.com:442/a.png",
    "https://example.com:444/a.png",
    "https://example.com:8080/a.png",
    "https://example.com:8443/a.png",
    "https://example.com:9999/a.png",
    "https://example.com:12001/a.png",
    "https://example.com:13000/a.png",
    "https://example.com:65535/a.png",
    "https://example.com:100000/a.png",
    "https://example.com:120000/a.png",
    "https://example.com:8080",
    "https://example.com:8080?x=1",
    "https://example.com:8080#top",
    "https://example.com:port/a.png",
    "https://example.com:-80/a.png",
    "https://example.com:+80/a.png",
    "https://example.com:８０/a.png",
    "https://example.com:80:80/a.png",
    "https://한글.kr:8080/a.png",
    "HTTPS://EXAMPLE.COM:22/A.PNG",
    "https://[2001:db8::1]:8080/a.png",
    "https://user:secret@example.com:8080/a.png",
    "https://user:443@example.com:22/a.png",
]


@pytest.mark.parametrize("url", GOOD_URLS)
def test_an_image_url_without_a_forbidden_port_fits(url: str) -> None:
    assert re.search(IMAGE_URL["pattern"], url)


@pytest.mark.parametrize("url", [*BAD_URLS, "", "https://", "example.com/a.png", "a.png"])
def test_an_image_url_with_a_forbidden_port_or_no_host_does_not_fit(url: str) -> None:
    assert not re.search(IMAGE_URL["pattern"], url)


LETTERS = "abzAZ09가힣한-_.~%"
hosts = st.text(LETTERS, min_size=1) | st.sampled_from(["[::1]", "[2001:db8::ff]"])
ports = st.integers(0, 70_000).map(str) | st.text("0123456789", max_size=7)
ports |= st.sampled_from(["80", "443", "9999", "10000", "11999", "12000", "12001"])


@given(
    scheme=st.sampled_from(["http", "https", "HTTPS", "Http"]),
    user=st.none() | st.text(LETTERS + ":@!$&'()*+,;="),
    host=hosts,
    port=st.none() | ports,
    rest=st.text(LETTERS + "/?#:@[]", max_size=12),
)
def test_the_pattern_reads_a_port_as_urllib_does(
    scheme: str, user: str | None, host: str, port: str | None, rest: str
) -> None:
    rest = rest and "/" + rest
    url = f"{scheme}://{'' if user is None else user + '@'}{host}"
    url += ("" if port is None else f":{port}") + rest
    try:
        written = urlsplit(url).port
    except ValueError:  # past 65535
        written = 0
    allowed = written is None or written in (80, 443) or 10_000 <= written <= 12_000
    assert bool(re.search(IMAGE_URL["pattern"], url)) == allowed


def test_the_image_url_has_no_limit_but_its_pattern() -> None:
    assert IMAGE_URL.keys() == {"type", "description", "pattern"}
