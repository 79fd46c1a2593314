"""A call as code, to be copied from the playground: the keys stand in it as variables' names."""

from __future__ import annotations

import json
import shlex
from textwrap import indent
from typing import NamedTuple

from ._paths import TOKEN_CREATE, Version

__all__ = ["Example", "snippet"]


class Example(NamedTuple):
    """What is called, and with what."""

    base_url: str
    version: Version
    cropping: bool
    image: str  # a file's name, or a URL
    by_url: bool
    fault: str  # what X-Emulator-Fault is to say; empty for nothing


def snippet(language: str, example: Example) -> str:
    """Return the call, ready to run once the environment has the keys.

    Args:
        language: "curl", "async" for Python with its async client; anything else is Python.
        example: The call.
    """
    if language == "curl":
        return _curl(example)
    return _python(example, waits=language == "async")


def _python(example: Example, *, waits: bool) -> str:
    new = example.version == "v1.1"
    kind = "AccessToken" if new else "SecretKey"
    client = "AsyncOcrClient" if waits else "OcrClient"
    keys = ("USER_ACCESS_KEY_ID", "SECRET_ACCESS_KEY") if new else ("SECRET_KEY",)
    arguments = [f'os.environ["NHNCLOUD_OCR_{key}"]' for key in ("APP_KEY", *keys)]
    if new:
        arguments.append(f"token_url={json.dumps(example.base_url + TOKEN_CREATE.decode())}")
    operation = "recognize_cropping" if example.cropping else "recognize"
    image = json.dumps(example.image, ensure_ascii=False)
    if not example.image.isprintable():
        image = ascii(example.image)
    wait, with_ = ("await ", "async with") if waits else ("", "with")
    block = (
        f"{with_} {client}(\n"
        "    credentials=credentials,\n"
        f"    base_url={json.dumps(example.base_url)},\n"
        ") as ocr:\n"
        f"    page = {wait}ocr.{operation}({'image_url=' if example.by_url else ''}{image})\n"
        "    for line in page.lines:\n"
        "        print(line.text)\n"
    )
    if waits:
        block = f"\n\nasync def main() -> None:\n{indent(block, '    ')}\n\nasyncio.run(main())\n"
    imports = ["import asyncio", "import os"] if waits else ["import os"]
    lines = [
        *imports,
        "",
        f"from nhncloud_ocr import {', '.join(sorted((kind, client)))}",
        "",
        f"credentials = {kind}(",
        *(f"    {argument}," for argument in arguments),
        ")",
        block,
    ]
    return "\n".join(lines)


def _curl(example: Example) -> str:
    path = "general/cropping" if example.cropping else "general"
    header = "Authorization: $NHNCLOUD_OCR_SECRET_KEY"
    lines = []
    if example.version == "v1.1":
        header = "X-NHN-Authorization: Bearer $token"
        lines = [
            f"token=$(curl -s {example.base_url}{TOKEN_CREATE.decode()} \\",
            '  -u "$NHNCLOUD_OCR_USER_ACCESS_KEY_ID:$NHNCLOUD_OCR_SECRET_ACCESS_KEY" \\',
            "  -d grant_type=client_credentials \\",
            """  | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')""",
            "",
        ]
    lines += [
        f'curl "{example.base_url}/{example.version}/appkeys/$NHNCLOUD_OCR_APP_KEY/{path}" \\',
        f'  -H "{header}" \\',
    ]
    if example.fault:
        lines.append(f"  -H {shlex.quote(f'X-Emulator-Fault: {example.fault}')} \\")
    if example.by_url:
        body = json.dumps({"imageUrl": example.image}, ensure_ascii=False)
        lines.append(f"  --json {shlex.quote(body)}")
    else:
        name = example.image.replace("\\", "\\\\").replace('"', '\\"')
        part = f'image=@"{name}"'
        lines.append(f"  -F {shlex.quote(part)}")
    return "\n".join(lines) + "\n"
