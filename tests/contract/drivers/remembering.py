"""An emulator that reads each picture once: many calls send the same few."""

from __future__ import annotations

from hashlib import sha256

from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._effects import Effects
from nhncloud_ocr_emulator._reader import Reader
from nhncloud_ocr_emulator._settings import Settings
from nhncloud_ocr_emulator.recognition import FAILED, UNAVAILABLE, Recognition, Refused

# What an engine said of an image, by the image's hash and whether it was for cropping.
Memory = dict[tuple[bytes, bool], Recognition | Refused]

_OF_THE_MOMENT = (FAILED, UNAVAILABLE)  # no time, no process: it says nothing of the image


class RememberingReader(Reader):
    """Reads an image that it has not seen yet, and says of all others what it said before.

    The suite is about the server, not about the engine behind it, and a real one would need hours
    to say the same of the same pictures for each drift.
    """

    def __init__(self, settings: Settings, memory: Memory) -> None:
        super().__init__(settings)
        self._memory = memory

    async def read(
        self, image: bytes, effects: Effects, *, cropping: bool, end: float
    ) -> Recognition:
        """As `Reader.read`, once for each image and operation."""
        asked = (sha256(image).digest(), cropping)
        said = self._memory.get(asked)
        if said is None:
            said = await self._outcome(image, effects, cropping=cropping, end=end)
            if isinstance(said, Recognition) or said.code not in _OF_THE_MOMENT:
                self._memory[asked] = said
        if isinstance(said, Refused):
            # Another one each time: whoever raises an exception leaves a traceback in it.
            raise Refused(said.code, said.reason)
        return said

    async def _outcome(
        self, image: bytes, effects: Effects, *, cropping: bool, end: float
    ) -> Recognition | Refused:
        try:
            return await super().read(image, effects, cropping=cropping, end=end)
        except Refused as refused:
            return refused


def remember(emulator: Emulator, memory: Memory) -> None:
    """Have an emulator that has not been called yet look into a memory before it reads."""
    service = emulator.app.service
    service.reader = RememberingReader(service.settings, memory)
