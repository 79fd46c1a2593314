"""Wherever something is raised while keys are taken up, checked or sent: no frame shows one.

A tracer stands for the signal: it raises at one line after another of the client's own.
"""

import linecache
import sys
from itertools import count
from pathlib import Path

import httpx
import nhncloud_ocr
import pytest
from nhncloud_ocr import AccessToken, OcrClient, OcrError
from unit.support import PNG, answer, page

ROOT = str(Path(nhncloud_ocr.__file__).parent)
MASKING = str(Path(ROOT, "_auth", "spellings.py"))  # very many lines: see test_interrupts
APP_KEY = "AppKeyCanary0123"
SECRET_KEY = "SecretCanary4567890123456789"
ACCESS_KEY = "AccessKeyIdCanary777"
TOKEN = "TokenCanary.abcdef.12345"
SECRETS = (APP_KEY, SECRET_KEY, ACCESS_KEY, TOKEN)


class Signal(BaseException):
    """What a handler of somebody else's raises. text: of the line where it came."""

    def __init__(self, text):
        super().__init__(text)
        self.text = text


class Transport(httpx.BaseTransport):
    def handle_request(self, request):
        if "oauth" in request.url.host:
            token = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
            return httpx.Response(200, json=token)
        return httpx.Response(200, content=answer(page()).body)


def with_secret_key():
    return OcrClient(APP_KEY, SECRET_KEY, transport=Transport())


def with_another_secret_key():
    return with_secret_key().with_options(secret_key=SECRET_KEY)


def with_callables():
    return OcrClient(lambda: APP_KEY, lambda: SECRET_KEY, transport=Transport())


def with_access_token():
    credentials = AccessToken(APP_KEY, ACCESS_KEY, SECRET_KEY)
    return OcrClient(credentials=credentials, transport=Transport())


CLIENTS = [with_secret_key, with_another_secret_key, with_callables, with_access_token]
STRIDE = {with_access_token: 5}  # it has many lines: not every one of them is tried


def raised_at(number, make):
    """Make a client and a call, and return what came of it if a signal came at that line.

    None: it has fewer lines. Lines that end a `with` are left out: there no signal is handled.
    """
    lines = count(1)

    def trace_lines(frame, event, argument):
        if event != "line" or text_of(frame).startswith("with "):
            return trace_lines
        if next(lines) == number:
            sys.settrace(None)
            raise Signal(text_of(frame))
        return trace_lines

    def trace(frame, event, argument):
        path = frame.f_code.co_filename
        return trace_lines if path.startswith(ROOT) and path != MASKING else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        make().recognize(PNG)
    except (Signal, OcrError) as exc:
        return exc
    finally:
        sys.settrace(before)
    return None


def text_of(frame):
    return linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()


def shown(exc):
    """Yield each local variable that a traceback would show, with the place."""
    traceback = exc.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        traceback = traceback.tb_next
        if frame.f_code.co_filename.startswith(ROOT):
            for name, value in frame.f_locals.items():
                yield f"{name} in {frame.f_code.co_qualname}", repr(value)


def takes_no_time(exc):
    """Whether it was raised where a key is being let go of, or before anything was done with it."""
    text = exc.text if isinstance(exc, Signal) else ""
    return text == "try:" or text.startswith(("del ", "key = None"))


@pytest.mark.parametrize("make", CLIENTS)
@pytest.mark.skipif(sys.gettrace() is not None, reason="somebody else traces already")
def test_no_frame_shows_a_key_wherever_something_is_raised(make) -> None:
    raised_at(10**9, make)  # all is imported by now
    leaks = set()
    for number in count(1, STRIDE.get(make, 1)):
        exc = raised_at(number, make)
        if exc is None:
            break
        for error in (exc, exc.__context__, exc.__cause__):
            if error is None or takes_no_time(exc):
                continue
            places = {place for place, said in shown(error) if any(key in said for key in SECRETS)}
            leaks |= {f"{place}, raised at {exc}" for place in places}
    assert number > 100
    assert not sorted(leaks)
