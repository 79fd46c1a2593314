"""A service made of canned answers, a clock that only counts, and one way to drive both clients."""

import asyncio
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import httpx
from nhncloud_ocr import AsyncOcrClient, OcrClient, OcrError, OcrResult, RetryPolicy

DATA = Path(__file__).resolve().parents[1] / "data"
IMAGES = DATA / "images"

PNG = (IMAGES / "ours/s37_tiny_30x16.png").read_bytes()
JPEG = (IMAGES / "ours/s22_mixed_q12.jpg").read_bytes()

KEYS: dict[str, Any] = {  # any: they are handed on beside other options
    "app_key": "an-app-key-of-16",
    "secret_key": "a-secret-key-of-32-characters-....",
}
ONCE = RetryPolicy(attempts=1)


@dataclass(frozen=True)
class Answer:
    """What the service sends back."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    def response(self) -> httpx.Response:
        return httpx.Response(self.status, headers=self.headers, content=self.body)


Scripted: TypeAlias = Answer | Exception


class Service:
    """Gives the scripted answers in turn, and the last one for ever; keeps the requests it got."""

    def __init__(self, *script: Scripted) -> None:
        self.script = script or (success(),)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.script[min(len(self.requests), len(self.script)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer.response()


class FakeClock:
    """Time passes only when somebody sleeps; `random` gives `chance` unless told otherwise."""

    def __init__(
        self, random: Callable[[], float] = lambda: 1.0, now: float = 1_800_000_000.0
    ) -> None:
        self.sleeps: list[float] = []
        self.random = random
        self.epoch = now
        self.elapsed = 0.0

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.elapsed += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)

    def set(self, client: Any) -> None:
        client.clock = client.clock._replace(
            monotonic=lambda: self.elapsed,
            now=lambda: self.epoch + self.elapsed,
            random=self.random,
            sleep=self.sleep,
            async_sleep=self.async_sleep,
        )


class Driver:
    """One of the two clients, called in one way."""

    def __init__(self, kind: type[OcrClient] | type[AsyncOcrClient]) -> None:
        self.kind = kind
        self._runner = asyncio.Runner()

    def client(self, handler: Callable[[httpx.Request], httpx.Response], **options: Any) -> Any:
        return self.kind(**{**KEYS, "transport": httpx.MockTransport(handler), **options})

    def recognize(
        self, client: Any, *image: Any, cropping: bool = False, **arguments: Any
    ) -> OcrResult:
        method = client.recognize_cropping if cropping else client.recognize
        return self.run(method(*image, **arguments))

    def read(self, answer: Scripted, *, cropping: bool = False, **options: Any) -> OcrResult:
        """What a call makes of one answer."""
        client = self.client(Service(answer), **{"retry": ONCE, **options})
        return self.recognize(client, PNG, cropping=cropping)

    def failure(self, answer: Scripted, *, cropping: bool = False) -> Any:
        """The error that a call makes of one answer."""
        return self.give_up(self.client(Service(answer), retry=ONCE), cropping=cropping)

    def give_up(self, client: Any, *image: Any, **arguments: Any) -> Any:
        """The error that a call ends in."""
        image = image if image or "image_url" in arguments else (PNG,)
        try:
            result = self.recognize(client, *image, **arguments)
        except OcrError as error:
            return error
        raise AssertionError(f"no error, but {result!r}")

    def run(self, returned: Any) -> Any:
        """The result of a call, awaited if the client is the async one."""
        return self._runner.run(returned) if inspect.iscoroutine(returned) else returned

    def close(self, client: Any) -> None:
        self.run(client.close() if self.kind is OcrClient else client.aclose())

    def shut(self) -> None:
        self._runner.close()


def word(value: str = "stella", conf: float = 0.99) -> dict[str, Any]:
    return {"value": value, "conf": conf}


def box(left: float = 32, top: float = 23) -> dict[str, float]:
    return {
        **{"x1": left, "y1": top, "x2": left + 33, "y2": top},
        **{"x3": left + 33, "y3": top + 12, "x4": left, "y4": top + 12},
    }


def envelope(code: int = 0, message: str = "SUCCESS", **more: Any) -> dict[str, Any]:
    return {
        "header": {"isSuccessful": code == 0, "resultCode": code, "resultMessage": message},
        **more,
    }


def page(texts: Any = None, boxes: Any = None, **more: Any) -> dict[str, Any]:
    """A success as the guide describes it, of one word in its box unless told otherwise."""
    texts = [{"inferTexts": [word()]}] if texts is None else texts
    boxes = [{"boundingBoxes": [box()]}] if boxes is None else boxes
    result = {"fileType": "png", "listOfInferTexts": texts, "listOfBoundingBoxes": boxes, **more}
    return envelope(result=result)


def answer(value: Any, status: int = 200, **headers: str) -> Answer:
    sent = {
        "Content-Type": "application/json",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    return Answer(json.dumps(value, ensure_ascii=False).encode(), status, sent)


def success(**more: Any) -> Answer:
    return answer(page(**more))


def refusal(code: int, status: int = 200, message: str = "no", **headers: str) -> Answer:
    return answer(envelope(code, message), status, **headers)
