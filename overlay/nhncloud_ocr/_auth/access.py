"""What one request needs to be let in."""

from collections.abc import Iterable, Mapping
from typing import NoReturn
from urllib.parse import quote

from .redaction import Redactor, filter_httpcore_logs

HIDDEN_APP_KEY = "hidden-app-key"  # stands for the app key in every URL until the request is sent


class Access:
    """What one request needs to be let in: never shown and never pickled."""

    __slots__ = ("app_key", "headers", "redactor", "segment", "version")

    def __init__(
        self,
        version: str,
        app_key: str,
        headers: Mapping[str, str],
        secrets: Iterable[str] = (),
    ) -> None:
        """
        version: of the API, "v1.0" or "v1.1".
        app_key: plain, not yet escaped for a URL.
        headers: those that let the request in.
        secrets: what must not be shown, besides the app key and the headers' values.
        """
        try:
            self.version = version
            self.app_key = app_key
            self.segment = quote(app_key, safe="")  # escaped: it stays one segment of the path
            self.headers = headers
            self.redactor = Redactor({app_key, *headers.values(), *secrets})
        finally:
            del app_key, headers, secrets  # a traceback with locals would show them
        filter_httpcore_logs()

    def __repr__(self) -> str:
        return "Access(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


Access.__module__ = "nhncloud_ocr"  # where people import it from
