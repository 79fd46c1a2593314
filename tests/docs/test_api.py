"""The public API changes only on purpose, and whoever changes it is told what that breaks."""

import api_snapshot
import pytest
from api_changes import changes
from api_facts import facts_of

OLD = """
__all__ = ["Client", "Failed", "act", "Policy"]

class Base:
    def __init__(self, key: str, *, timeout: float = 1.0) -> None: ...
    def close(self) -> None: ...

class Client(Base):
    def call(self, image: bytes, size: int = 0) -> str: ...
    @property
    def usage(self) -> int: ...
    def _own(self) -> None: ...

class Failed(Exception, ValueError): ...

class Policy:
    attempts: int = 3

def act(one, /, two=2, *, three): ...
"""


@pytest.fixture
def read(tmp_path):
    """Read the API of a module with this source."""

    def read(source):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        (folder / "module.py").write_text(source, "utf-8")
        return facts_of("module", folder)

    return read


def test_the_api_is_as_it_was_written_down() -> None:
    found = changes(api_snapshot.stored(), api_snapshot.today())
    assert not found, "\n" + api_snapshot.report(found)


def test_what_is_public_is_read(read) -> None:
    facts = read(OLD)
    assert facts["module.Client"] == "class(Base)"
    assert facts["module.Client(key)"] == "required, place 1: str"
    assert facts["module.Client(timeout)"] == "optional, by name: float = 1.0"
    assert facts["module.Client.close"] == "def: None"
    assert facts["module.Client.usage"] == "property: int"
    assert facts["module.Client.call(size)"] == "optional, place 2: int = 0"
    assert facts["module.act(one)"] == "required, place 1: "
    assert facts["module.Policy.attempts"] == "field: int = 3"
    assert not [name for name in facts if "_own" in name or "Base" in name.split(".")[1]]


@pytest.mark.parametrize(
    ("old", "new", "verdict", "said"),
    [
        ("def call(", "def ask(", "BREAKS", "module.Client.call is gone"),
        ("size: int", "length: int", "BREAKS", "module.Client.call(size) is gone"),
        ("size: int = 0", "size: int", "BREAKS", "module.Client.call(size) was"),
        ("size: int = 0", "size: int = 0, *, mode: str", "BREAKS", "(mode) is new and must be"),
        ("timeout: float = 1.0", "timeout: float", "BREAKS", "module.Client(timeout) was"),
        ("two=2, *, three", "*, two=2, three", "BREAKS", "module.act(two) was"),
        ("    def call(", "    async def call(", "BREAKS", "module.Client.call was"),
        ("Exception, ValueError", "Exception", "BREAKS", "module.Failed was"),
        ("Exception, ValueError", "Exception, ValueError, OSError", "look", "module.Failed was"),
        ("size: int = 0", "size: int = 1", "look", "module.Client.call(size) was"),
        ("image: bytes,", "image: bytes = b'',", "look", "module.Client.call(image) was"),
        ("attempts: int = 3", "attempts: int = 3\n    most: int", "look", "module.Policy.most"),
        ("attempts: int = 3", "attempts: int = 3\n    most: int = 9", "adds", "module.Policy.most"),
        ("size: int = 0", "size: int = 0, *, fast=True", "adds", "module.Client.call(fast)"),
        ("    def call(", "    def new(self, must): ...\n    def call(", "adds", "Client.new (def"),
    ],
)
def test_each_change_is_told_with_what_it_breaks(read, old, new, verdict, said) -> None:
    assert old in OLD
    change = min(changes(read(OLD), read(OLD.replace(old, new))))
    assert change.verdict.value == verdict
    assert said in change.text


def test_changes_that_break_are_told_first(read) -> None:
    new = OLD.replace("size: int = 0", "size: int = 1").replace("def close", "def end")
    report = api_snapshot.report(changes(read(OLD), read(new)))
    assert [line.partition(":")[0] for line in report.splitlines()[:-1]] == [
        "BREAKS",
        "look",
        "adds",
    ]
    assert "--write" in report
