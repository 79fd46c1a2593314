"""A service that takes only so many calls a second."""

import tempfile
import time
from pathlib import Path

from bulk_trials.place import Place, say


def limit(arguments):
    """A limit of 40 calls a second."""
    with tempfile.TemporaryDirectory() as folder:
        images = min(arguments.images, 1000)
        place = Place(Path(folder), images, rate_limit=40, burst=40)
        with place.emulator:
            begun = time.monotonic()
            code = place.start().wait()
            seconds = time.monotonic() - begun
            ((requests, first, last),) = place.query(
                "SELECT count(*), min(sent), max(ended) FROM attempt"
            )
        used = (images - 40) / 40 / (last - first)
        refused = (requests - images) / requests
        say(
            f"limit of 40/s, {images} images: {seconds:.1f} s, {used:.0%} used, "
            f"{refused:.1%} refused"
        )
        return code == 0 and used >= 0.9 and refused <= 0.15
