from __future__ import annotations

from msgspec import Struct


class InferText(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "value": "value",
        "conf": "conf",
    },
):
    """A word.

    Attributes:
        value (str): The recognised content.
            It may start with a blank. [documented]
        conf (float): The confidence of the recognition.
            It lies between 0 and 1. [documented]
    """

    value: str
    conf: float
