"""The result codes that the service and the gateway before its old host document.

Numbers and messages are the vendor's; what makes the service send a code is known for few of
them, so the places that raise one say which triggers are inferred.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__ = ["GATEWAY", "SERVICE"]

# Result code -> message, as the service answers them: with HTTP 200.
SERVICE: Final = MappingProxyType(
    {
        0: "SUCCESS",
        -1: "Unknown error.",
        400: "Bad Request",
        401: "Unauthorized",
        403: "Forbidden",
        404: "Not Found",
        405: "Method Not Allowed",
        415: "Unsupported Media Type",
        4000001: "Invalid parameter.",
        4000002: "Invalid file.",
        4000003: "Invalid file type.",
        4000004: "Uploaded file is empty.",
        4000005: "Required headers is missing.",
        4000006: (
            "Api call limit exceeded, If you need to adjust the limit, "
            "please contact customer service."
        ),
        4000501: "General OCR not found in the image.",
        4000502: "Image size exceeded. Please check image URL.",
        4000503: "Image download takes more than 20 seconds. Please check image URL.",
        4000504: "Image download fail. Please check image URL.",
        4000505: "Image out of ratio. Please check image.",
        4010001: "Invalid appKey or secretKey.",
        4010002: "Invalid uuid.",
        4010003: "Not allowed user.",
        4010004: "Invalid project.",
        4010005: "Unauthorized role.",
        4010006: "Invalid token.",
        4010007: "Permission denied.",
        4041007: "URL Not Found",
        4131000: "Request size is larger than permissible limit.",
        5000001: "Internal Api fail.",
        5000002: "Error parsing fail.",
        5000003: "Database server error.",
        5000004: "All or some resource delete fail.",
        5000005: "File read fail.",
        5000503: ("The API you requested is temporarily unavailable. Please try again later."),
        5005001: "General OCR Api fail.",
        5005002: "General OCR Api returned empty body.",
        5005003: "General OCR failed to recognize the image.",
    }
)

# Result code -> (HTTP status, message), as the old host's gateway answers them. 4000003 and
# 4000006 mean other things here than in the service. The vendor does not print the messages of
# 4000007, 4031007 and the 5...001: theirs are inferred from the status.
GATEWAY: Final = MappingProxyType(
    {
        4000003: (400, "Invalid URI"),
        4000006: (400, "Client IP is invalid"),
        4000007: (400, "Bad Request"),
        4031007: (403, "Forbidden"),
        4041007: (404, "URL Not Found"),
        4131000: (413, "Request size is larger than permissible limit."),
        4291000: (429, "Too Many Requests"),
        4291001: (429, "Usage quota exceeded"),
        5020001: (502, "Bad Gateway"),
        5030001: (503, "Service Unavailable"),
        5040001: (504, "Gateway Timeout"),
    }
)
