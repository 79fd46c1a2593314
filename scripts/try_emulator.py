"""Try the installed emulator on a bare Python: its playground, and its engine. For `check_dist.py`.

python -I -W error scripts/try_emulator.py
"""

import re
from importlib.util import find_spec

import httpx
from nhncloud_ocr_emulator import Emulator

KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}

engine = "fixture" if find_spec("tesserocr") is None else "tesseract"
with (
    Emulator(engine=engine) as emulator,
    httpx.Client(
        base_url=f"{emulator.base_url}/playground/",
        headers={"Origin": emulator.base_url, "X-Playground": "1"},
        timeout=90,
    ) as browser,
):
    seen, wanted = set(), {""}
    while wanted - seen:
        name = min(wanted - seen)
        part = browser.get(name).raise_for_status()
        kind = KINDS.get(name.rpartition(".")[2], "text/html")
        assert part.headers["Content-Type"].startswith(kind), (name, part.headers)
        seen.add(name)
        wanted |= set(re.findall(r'(?:src|href|from)[= ]"(?:\./)?([\w.]+)"', part.text))
    assert "viewer.js" in seen, seen
    sample = browser.get("sample.png").raise_for_status().content
    reply = browser.post("recognize", files={"image": ("sample.png", sample)})
assert reply.json()["header"]["resultCode"] == 0, reply.text
assert '"29,300"' in reply.text, reply.text
