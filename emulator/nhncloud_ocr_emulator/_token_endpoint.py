"""The OAuth endpoint where v1.1's tokens come from: RFC 6749, section 4.4, and RFC 7009.

On the service it is another host with another envelope; here it is the same port.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from hmac import compare_digest
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from ._asgi import Receive
from ._effects import Effects
from ._fault_queue import Faults
from ._faults import Fault
from ._incoming import Incoming
from ._paths import TOKEN_CREATE, TOKEN_REVOKE
from ._replies import Reply
from ._settings import Settings
from ._shown import seen
from ._tokens import Tokens

__all__ = ["TokenEndpoint"]

_FORM: Final = b"application/x-www-form-urlencoded"
_LIMIT: Final = 64 * 1024  # bytes of a form
_MOST_FIELDS: Final = 50
_NO_STORE: Final = ((b"cache-control", b"no-store"), (b"pragma", b"no-cache"))


class _OAuthError(Exception):
    """A refusal as RFC 6749, section 5.2, tells it."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error, description)
        self.error = error
        self.description = description
        self.status = status


class TokenEndpoint:
    """Gives out tokens for one access key, and ends them."""

    def __init__(self, settings: Settings, tokens: Tokens) -> None:
        self.faults = Faults(unknown=("result_code", "repeated_keys", "trailing_commas"))
        self._settings = settings
        self._tokens = tokens

    async def answer(
        self, call: Incoming, receive: Receive, effects: Effects, fault: Fault
    ) -> Reply:
        """The reply to a call: after the method and the access key, the form.

        Raises DisconnectedError when the caller goes away.
        """
        try:
            if fault.replaces():
                return _asked_for(fault, call)
            self._admit(call)
            fields = await self._fields(call, receive, effects)
            if call.raw_path == TOKEN_REVOKE:
                return self._revoke(fields)
            return self._create(fields, fault)
        except _OAuthError as refused:
            call.reason = refused.description
            return _refusal(refused)

    def _admit(self, call: Incoming) -> None:
        if call.raw_path not in (TOKEN_CREATE, TOKEN_REVOKE):
            raise _OAuthError("invalid_request", "there is no such path", 404)
        if call.method != "POST":
            what = f"the method is {seen(call.method)}, not POST"
            raise _OAuthError("invalid_request", what, 405)
        name, password = _basic(call.headers.get(b"authorization", b""))
        wanted = self._settings.user_access_key_id, self._settings.secret_access_key
        if not any(
            compare_digest(name_.encode(), wanted[0].encode())
            and compare_digest(password_.encode(), wanted[1].encode())
            # RFC 6749, section 2.3.1, encodes both before base64; hardly a client does.
            for name_, password_ in ((name, password), (unquote_plus(name), unquote_plus(password)))
        ):
            raise _OAuthError("invalid_client", "the access key is not the one accepted", 401)

    async def _fields(self, call: Incoming, receive: Receive, effects: Effects) -> dict[str, str]:
        if call.media_type != _FORM:
            what = f"the Content-Type is {seen(call.content_type)}, not {_FORM.decode()}"
            raise _OAuthError("invalid_request", what)
        body = bytearray()

        async def read() -> None:
            while not call.complete and len(body) <= _LIMIT:
                body.extend(await call.read(receive))

        try:
            await effects.within(self._settings.upload_seconds, read())
            if len(body) > _LIMIT:
                raise _OAuthError("invalid_request", f"the form has more than {_LIMIT} bytes")
            pairs = parse_qsl(
                body.decode(),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_MOST_FIELDS,
            )
        except TimeoutError:
            raise _OAuthError("invalid_request", "the form did not come in time") from None
        except ValueError:  # not UTF-8, or too many fields
            raise _OAuthError("invalid_request", "the form cannot be read") from None
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise _OAuthError("invalid_request", "a field of the form stands in it twice")
        return fields

    def _create(self, fields: dict[str, str], fault: Fault) -> Reply:
        grant = fields.get("grant_type")
        if not grant:
            raise _OAuthError("invalid_request", "the form has no grant_type")
        if grant != "client_credentials":
            what = f"grant_type is {seen(grant)}, not client_credentials"
            raise _OAuthError("unsupported_grant_type", what)
        # In its sample the vendor has a number, in its table a text: a fault asks for the text.
        life: object = int(self._tokens.expires_in)
        if fault.expires_in is not None:
            life = fault.expires_in
        token = self._tokens.create()
        return _json(200, {"access_token": token, "token_type": "Bearer", "expires_in": life})

    def _revoke(self, fields: dict[str, str]) -> Reply:
        token = fields.get("token")
        if not token:
            raise _OAuthError("invalid_request", "the form has no token")
        self._tokens.revoke(token)
        return Reply(200, b"", None, headers=_NO_STORE)  # also for a token that is none (RFC 7009)


def _basic(header: bytes) -> tuple[str, str]:
    scheme, _, encoded = header.partition(b" ")
    if not header:
        raise _OAuthError("invalid_client", "there is no header Authorization", 401)
    if scheme.lower() != b"basic":
        raise _OAuthError("invalid_client", "the header Authorization is not Basic", 401)
    try:
        decoded = b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        decoded = ""
    name, colon, password = decoded.partition(":")
    if not colon:
        raise _OAuthError("invalid_client", "what follows Basic is no name:password", 401)
    return name, password


def _asked_for(fault: Fault, call: Incoming) -> Reply:
    call.reason = f"asked for: {fault!a:.400}"
    if fault.html:
        return fault.reply(gateway=False)
    status = fault.status or 400
    error = fault.error or ("server_error" if status >= 500 else "invalid_request")
    if status == 401 and not fault.error:
        error = "invalid_client"
    return _refusal(_OAuthError(error, fault.message or "asked for by a fault", status))


def _refusal(refused: _OAuthError) -> Reply:
    reply = _json(
        refused.status, {"error": refused.error, "error_description": refused.description}
    )
    extra: tuple[tuple[bytes, bytes], ...] = ()
    if refused.status == 401:
        extra = ((b"www-authenticate", b'Basic realm="oauth2"'),)
    elif refused.status == 405:
        extra = ((b"allow", b"POST"),)
    return reply._replace(headers=(*reply.headers, *extra))


def _json(status: int, document: dict[str, object]) -> Reply:
    return Reply(status, json.dumps(document).encode(), None, headers=_NO_STORE)
