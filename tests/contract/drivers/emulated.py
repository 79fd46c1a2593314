"""Our emulator as a target: both versions, and a token that has ended without waiting a day."""

from __future__ import annotations

import httpx
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator.engines import ENGINES, EngineUnavailableError

from contract.drivers.caller import Target
from contract.drivers.tokens import AccessKey

__all__ = ["ENGINES", "EngineUnavailableError", "target_of"]


def target_of(
    emulator: Emulator, base_url: str, transport: httpx.BaseTransport | None = None
) -> Target:
    """The emulator at a URL, or in process."""

    def expired() -> str:
        tokens = emulator.tokens
        life, tokens.expires_in = tokens.expires_in, 0
        try:
            return tokens.create()
        finally:
            tokens.expires_in = life

    access = AccessKey(
        f"{base_url}/oauth2/token/create",
        emulator.user_access_key_id,
        emulator.secret_access_key,
        transport,
        expired,
    )
    return Target(base_url, emulator.app_key, emulator.secret_key, transport, access)
