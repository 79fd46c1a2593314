"""Many images, each paid once: a journal of what was sent, written before it is sent.

from nhncloud_ocr_toolkit.bulk import Journal, run

async with AsyncOcrClient() as client:
    with Journal("run.db") as journal:
        async for row in run(client, ["scans/"], journal, max_calls=1000):
            print(row.ref, row.state, row.text)
"""

from .entry import run
from .export import export
from .journal import Journal, Status
from .manifests import manifest
from .states import JournalError, Row

__all__ = ["Journal", "JournalError", "Row", "Status", "export", "manifest", "run"]
