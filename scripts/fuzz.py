"""Throw arbitrary bodies, images and failing servers at both clients, at length.

    python scripts/fuzz.py [EXAMPLES] [PYTEST_ARGS...]

EXAMPLES is how many of each are thrown, half of them at either client; 20,000 take some minutes.
A twentieth as many schedules of faults are played over real sockets. Exit code 0: each body gave a
result or an error of the tree, each image arrived byte for byte, and no bill was denied.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).resolve().parent.parent / "tests"
PROPERTIES = (
    "unit/test_arbitrary_bytes.py::test_any_body_gives_a_result_or_an_error_of_the_tree",
    "unit/test_arbitrary_bytes.py::test_any_image_arrives_byte_for_byte_or_is_refused_here",
)
SCHEDULES = "e2e/test_fault_schedules.py"


def main(arguments: list[str]) -> int:
    examples = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 20_000
    settings.register_profile("fuzz", max_examples=examples // 2)
    settings.load_profile("fuzz")  # before the tests are imported: they take the rest from it
    os.environ["NHNCLOUD_OCR_SCHEDULES"] = str(examples // 40)  # for either client
    # hypothesis came first
    options = ["-q", "--durations=0", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    chosen = [str(TESTS / each) for each in (*PROPERTIES, SCHEDULES)]
    return pytest.main([*chosen, *options, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
