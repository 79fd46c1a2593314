"""What a program finds in its environment, to reach a service of the tests."""

from nhncloud_ocr_emulator import Emulator


def variables(emulator: Emulator) -> dict[str, str]:
    """Return the keys and the URL of an emulator, for the environment of a client."""
    return {
        "NHNCLOUD_OCR_APP_KEY": emulator.app_key,
        "NHNCLOUD_OCR_SECRET_KEY": emulator.secret_key,
        "NHNCLOUD_OCR_BASE_URL": emulator.base_url,
    }
