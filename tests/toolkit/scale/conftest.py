"""A ledger in a folder, and a client whose service is in this process."""

import pytest
from nhncloud_ocr_emulator import embed_text
from nhncloud_ocr_toolkit.scale import Ledger
from unit.support import PNG


def image(text):
    return embed_text(PNG, [[text]])


@pytest.fixture
def ledger(tmp_path):
    return Ledger((tmp_path / "ledger").as_uri(), longest=0.5)


@pytest.fixture
def options(ocr_emulator):
    return {
        "app_key": ocr_emulator.app_key,
        "secret_key": ocr_emulator.secret_key,
        "base_url": "https://ocr.example.com",
        "transport": ocr_emulator.transport,
    }
