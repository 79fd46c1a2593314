from __future__ import annotations

from msgspec import Struct


class ResponseHeader(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "is_successful": "isSuccessful",
        "result_code": "resultCode",
        "result_message": "resultMessage",
    },
):
    """Says whether the call succeeded.

    Attributes:
        is_successful (bool): Whether the analysis succeeded.
        result_code (int): 0 on success. [documented]
            `x-result-codes` lists the known codes, each with its HTTP status. [note]
            4000003 and 4000006 mean something else under another status. [documented]
            More codes exist than any table lists. [reported]
            A malformed body or failed validation gives 400, a wrong method 405, a wrong media type 415, a wrong key
            4010001. [reported]
            5000503 is sent when something behind the service answers 429. [documented]
        result_message (str): SUCCESS, or what went wrong.
            The texts differ between languages and editions of the guide. [documented]
    """

    is_successful: bool
    result_code: int
    result_message: str
