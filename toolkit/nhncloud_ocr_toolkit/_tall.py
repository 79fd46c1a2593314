"""Which images cropping reads better."""

from __future__ import annotations

from nhncloud_ocr import OcrError

from ._picture import open_picture

TALL = 2.5  # height to width: past it cropping reads an image better (documented)


def is_tall(data: bytes) -> bool:
    """Whether an image is taller than that; False where its header does not say."""
    try:
        picture = open_picture(data)
    except (OcrError, ValueError):
        return False
    return picture.height > TALL * picture.width
