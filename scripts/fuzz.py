"""Throw arbitrary bodies and images at both clients: the unit tests' properties, at length.

    python scripts/fuzz.py [EXAMPLES] [PYTEST_ARGS...]

EXAMPLES is how many of each are thrown, half of them at either client; 20,000 take some minutes.
Exit code 0: each body gave a result or an error of the tree, each image arrived byte for byte.
"""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

UNIT = Path(__file__).resolve().parent.parent / "tests/unit"
PROPERTIES = (
    "test_arbitrary_bytes.py::test_any_body_gives_a_result_or_an_error_of_the_tree",
    "test_arbitrary_bytes.py::test_any_image_arrives_byte_for_byte_or_is_refused_here",
)


def main(arguments: list[str]) -> int:
    examples = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 20_000
    settings.register_profile("fuzz", max_examples=examples // 2)
    settings.load_profile("fuzz")  # before the tests are imported: they take the rest from it
    options = [
        "-q",
        "--durations=0",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]  # hypothesis came first
    return pytest.main([*(str(UNIT / each) for each in PROPERTIES), *options, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
