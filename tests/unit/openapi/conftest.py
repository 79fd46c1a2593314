"""Trees to generate in, and generated packages to import under names of their own."""

import importlib.util
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import ModuleType

import generate
import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of all that the generated client is made from and used by."""
    for name in ("openapi", "generated", "overlay"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "scripts").mkdir()
    for name in ("scripts/generate.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Collection[str]], Path]:
    """Generates, once for each set of overrides that is left out; returns the package's folder."""
    made: dict[frozenset[str], Path] = {}

    def make(leave_out: Collection[str] = ()) -> Path:
        key = frozenset(leave_out)
        if key not in made:
            made[key] = tmp_path_factory.mktemp("generated") / generate.PACKAGE
            generate.generate(ROOT, made[key], leave_out)
        return made[key]

    return make


@pytest.fixture
def imported(
    generated: Callable[[Collection[str]], Path],
) -> Iterator[Callable[[Collection[str]], ModuleType]]:
    """Imports what `generated` made, with all its modules, and forgets it after the test."""
    names = []

    def load(leave_out: Collection[str] = ()) -> ModuleType:
        folder = generated(leave_out)
        names.append(name := f"{generate.PACKAGE}_{len(names)}")
        spec = importlib.util.spec_from_file_location(
            name, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec
        assert spec.loader
        package = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(package)
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if parts[-1] != "__init__":
                importlib.import_module(".".join([name, *parts]))
        return package

    yield load
    for module in [each for each in sys.modules if each.partition(".")[0] in names]:
        del sys.modules[module]
