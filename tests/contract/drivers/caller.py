"""Makes the calls of the table: turns a row into a request and the reply into what is judged."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import httpx

from contract.drivers.image_host import Elsewhere, ImageHost
from contract.drivers.keys import Keys, spoilt
from contract.drivers.rows.bodies import At, Upload
from contract.drivers.rows.row import Row
from contract.drivers.rows.versions import V10, V11
from contract.drivers.tokens import AccessKey, NoTokenError
from contract.judge.description import GENERAL, Description, Operation
from contract.judge.exchange import Expectation, Received, Sent

# The service itself takes up to 60 s; a size row may take as long again to send.
TIMEOUT = httpx.Timeout(90.0, connect=10.0)


@dataclass(frozen=True)
class Target:
    """A server under test. `transport` replaces the network; the keys stay out of `repr`.

    With a secret key it is asked for v1.0, with an access key for v1.1.
    """

    base_url: str
    app_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    transport: httpx.BaseTransport | None = None
    access: AccessKey | None = None

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that it is asked for."""
        return (V10,) * bool(self.secret_key) + (V11,) * bool(self.access)

    def redacted(self, text: str) -> str:
        """The text without either key, in any spelling that a URL or JSON has."""
        secrets = [(self.secret_key, "{secretKey}"), (self.app_key, "{appKey}")]
        secrets += self.access.secrets() if self.access else []
        for key, name in secrets:
            in_json = json.dumps(key)[1:-1]
            spellings = {key, quote(key, safe=""), quote(key), in_json, in_json.replace("/", "\\/")}
            for spelling in sorted(spellings - {""}, key=len, reverse=True):
                text = text.replace(spelling, name)
        return text

    def cleaned(self, received: Received) -> Received:
        """The reply without either key, so that no finding can quote one, not even in part."""
        # Latin-1 keeps every byte; keys are ASCII, as what a header can hold.
        body = self.redacted(received.body.decode("latin-1")).encode("latin-1")
        headers = {name: self.redacted(value) for name, value in received.headers.items()}
        return replace(received, body=body, headers=headers)

    def client(self) -> httpx.Client:
        """A client for this server. Redirects are not followed: the contract has none."""
        more: dict[str, Any] = {"transport": self.transport} if self.transport else {}
        return httpx.Client(base_url=self.base_url, timeout=TIMEOUT, **more)


class Caller:
    """Sends rows to a server, one after the other."""

    def __init__(
        self, target: Target, description: Description, hosting: ImageHost | Elsewhere
    ) -> None:
        self.target = target
        self.description = description
        self.hosting = hosting
        self.client = target.client()

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def operation(self, row: Row) -> Operation | None:
        """The operation that a row calls; None for a path that is none."""
        if not row.role:
            return None
        return self.description.find(row.role, row.version or self.description.versions[0])

    def call(self, row: Row, expect: Expectation) -> tuple[Sent, Received]:
        """Make one call."""
        fetched = self.hosting.fetched
        try:
            received = self.target.cleaned(receive(self.client, self.request(row)))
        except NoTokenError as error:
            received = Received(failure=f"no token to ask with: {error}")
        picture = row.body.picture if isinstance(row.body, Upload | At) else None
        if isinstance(row.body, At) and self.hosting.fetched == fetched:
            picture = None  # it never saw the image
        return self.sent(row, expect, picture=picture), received

    def sent(self, row: Row, expect: Expectation | None, **more: Any) -> Sent:
        """What the judge reads of a row."""
        operation = self.operation(row)
        return Sent(
            **{
                "label": row.name,
                "operation": operation.id if operation else "",
                "media_type": row.body.media_type,
                "method": row.method,
                "value": row.body.value,
                "authorized": row.keys is Keys.OWN,
                "expect": expect,
                "page_allowed": row.page_allowed,
                **more,
            },
        )

    def request(self, row: Row) -> httpx.Request:
        """The request of a row."""
        operation = self.operation(row)
        path = row.path or (operation.path if operation else "")
        body = row.body
        content = body.content(self.hosting) if isinstance(body, At) else body.content()
        headers = {"Content-Type": body.content_type} if body.content_type else {}
        versions = self.description.versions
        keyed = operation or self.description.find(GENERAL, row.version or versions[0])
        app_key, more = credentials(row.keys, self.target, keyed)
        url = path.replace("{appKey}", quote(app_key, safe=""))
        headers |= more
        return self.client.build_request(row.method, url, content=content, headers=headers)


def receive(client: httpx.Client, request: httpx.Request) -> Received:
    """Send a request; a transport error is a reply that did not come."""
    try:
        response = client.send(request)
    except httpx.HTTPError as error:
        return Received(failure=type(error).__name__)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Received(response.status_code, headers, response.content)


def credentials(keys: Keys, target: Target, operation: Operation) -> tuple[str, dict[str, str]]:
    """The app key and the header that a row sends to an operation."""
    access = target.access
    if access is not None:
        match keys:
            case Keys.OTHER_HEADER | Keys.TOKEN_AS_SECRET:
                return target.app_key, {"Authorization": f"Bearer {access.token}"}
            case Keys.HEADER_OF_V11:
                return target.app_key, {"X-NHN-Authorization": f"Bearer {access.token}"}
            case Keys.HEADER_OF_V10:
                return target.app_key, {"Authorization": target.secret_key}
    if access is None or operation.version == V10:
        app_key, value = spoilt(keys, target.app_key, target.secret_key)
    else:
        app_key, value = _bearer(keys, target, access)
    return app_key, {} if value is None else {operation.header: value}


def _bearer(keys: Keys, target: Target, access: AccessKey) -> tuple[str, str | None]:
    """The app key and the value of v1.1's header."""
    match keys:
        case Keys.BARE:
            return target.app_key, access.token
        case Keys.BASIC | Keys.WORD_BEFORE:
            return spoilt(keys, target.app_key, access.token)
        case Keys.EMPTY:
            return target.app_key, "Bearer"
        case Keys.REVOKED:
            return target.app_key, f"Bearer {access.revoked_token}"
        case Keys.EXPIRED:
            return target.app_key, f"Bearer {access.expired_token}"
        case Keys.SECRET_AS_TOKEN:
            return target.app_key, f"Bearer {target.secret_key}"
    app_key, token = spoilt(keys, target.app_key, access.token)
    return app_key, None if token is None else f"Bearer {token}"
