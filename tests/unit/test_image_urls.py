"""Which image URLs are sent, as they are, and which are refused here."""

import json

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import InvalidImageError, OcrError
from unit.support import Service

ACCEPTED = [
    "https://example.com/example.jpg",
    "http://example.com",
    "http://example.com:80/a.png",
    "https://example.com:443/a.png",
    "http://example.com:443/a.png",
    "https://example.com:10000/a.png",
    "https://example.com:11999/a.png",
    "https://example.com:12000/a.png",
    "https://example.com:/a.png",
    "https://example.com:0443/a.png",
    "HTTPS://EXAMPLE.COM/A.PNG",
    "https://한글.kr/사진 1.png",
    "https://xn--bj0bj06e.kr/a.png",
    "https://user:pw@example.com/a.png",
    "https://user:8080@example.com/a.png",
    "https://user@example.com:11000/a.png",
    "https://[2001:db8::1]/a.png",
    "https://[2001:db8::1]:12000/a.png",
    "https://203.0.113.7/a.png",
    "https://example.com/a.png?next=http://x:8080/#:99",
    "https://example.com/" + "a" * 5000,
    "https://example.com/\"'\\{}",
]
REFUSED = {
    "empty": "",
    "a path": "a.png",
    "no host": "https://",
    "no host but a path": "https:///a.png",
    "no host but a port": "https://:443/a.png",
    "no scheme": "example.com/a.png",
    "no scheme but slashes": "//example.com/a.png",
    "ftp": "ftp://example.com/a.png",
    "file": "file:///etc/passwd",
    "data": "data:image/png;base64,iVBORw0KGgo=",
    "javascript": "javascript:alert(1)",
    "port 79": "http://example.com:79/a.png",
    "port 81": "http://example.com:81/a.png",
    "port 442": "http://example.com:442/a.png",
    "port 444": "http://example.com:444/a.png",
    "port 8080": "http://example.com:8080/a.png",
    "port 9999": "https://example.com:9999/a.png",
    "port 12001": "https://example.com:12001/a.png",
    "port 0": "https://example.com:0/a.png",
    "port 65536": "https://example.com:65536/a.png",
    "port -1": "https://example.com:-1/a.png",
    "port of letters": "https://example.com:https/a.png",
    "IPv6 with a port": "https://[2001:db8::1]:8080/a.png",
    "IPv6 without its end": "https://[2001:db8::1/a.png",
    "user info with a port": "https://user:pw@example.com:8080/a.png",
}


@pytest.mark.parametrize("url", ACCEPTED)
def test_accepted_and_sent_verbatim(driver, url) -> None:
    service = Service()
    driver.recognize(driver.client(service), image_url=url)
    assert json.loads(service.requests[0].content) == {"imageUrl": url}


@pytest.mark.parametrize("cropping", [False, True])
@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_refused_here(driver, url, cropping) -> None:
    service = Service()
    with pytest.raises(InvalidImageError, match="image_url"):
        driver.recognize(driver.client(service), image_url=url, cropping=cropping)
    assert service.requests == []


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_without_precheck_the_service_decides(driver, url) -> None:
    service = Service()
    driver.recognize(driver.client(service, precheck=False), image_url=url)
    assert json.loads(service.requests[0].content) == {"imageUrl": url}


def test_the_message_names_the_port_and_those_allowed(sync) -> None:
    with pytest.raises(InvalidImageError, match=r"8080.*80, 443.*10000-12000"):
        sync.recognize(sync.client(Service()), image_url="http://example.com:8080/a.png")


@pytest.mark.parametrize("precheck", [True, False])
def test_half_a_character_cannot_be_sent(driver, precheck) -> None:
    service = Service()
    with pytest.raises(InvalidImageError):
        driver.recognize(
            driver.client(service, precheck=precheck), image_url="https://example.com/\ud800"
        )
    assert service.requests == []


@pytest.mark.parametrize("wrong", [3, b"https://example.com/a.png", ["https://example.com"]])
def test_only_a_string_is_a_url(driver, wrong) -> None:
    with pytest.raises(TypeError, match="image_url"):
        driver.recognize(driver.client(Service()), image_url=wrong)


@given(
    st.text()
    | st.text(st.sampled_from("htps:/[]@.80123 \t\n한")).map(lambda tail: "https://" + tail)
)
def test_any_text_is_sent_as_it_is_or_refused(sync, url) -> None:
    service = Service()
    try:
        sync.recognize(sync.client(service), image_url=url)
    except OcrError as error:
        assert type(error) is InvalidImageError
        assert service.requests == []
    else:
        assert json.loads(service.requests[0].content) == {"imageUrl": url}
