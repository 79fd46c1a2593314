"""Make generated/nhncloud_ocr_api from openapi/general-ocr.yaml, or check that it is up to date.

    python scripts/generate.py            replace the generated client
    python scripts/generate.py --check    change nothing; print the difference and exit with 1

The templates are those of the installed openapi-python-client with the replacements of
openapi/templates/overrides.toml.
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path

from ruff import find_ruff_bin

PACKAGE = "nhncloud_ocr_api"
IDLE = ("client.py", "errors.py")  # written without asking; nothing that is generated uses them


class GenerationError(Exception):
    """The client could not be generated; the message says why."""


def override_templates(overrides: Path, target: Path, leave_out: Collection[str] = ()) -> None:
    """Write the changed templates into the folder ``target``.

    Args:
        overrides: the table of replacements, ``overrides.toml``.
        leave_out: names of overrides that are not applied (a test shows that they are needed).

    Raises:
        GenerationError: a text to replace does not stand exactly once in its template.
    """
    spec = importlib.util.find_spec("openapi_python_client")
    if spec is None or spec.origin is None:
        raise GenerationError(
            "openapi-python-client is not installed (dependency group 'generate')"
        )
    stock = Path(spec.origin).parent / "templates"
    for override in tomllib.loads(overrides.read_text("utf-8"))["override"]:
        if override["name"] in leave_out:
            continue
        for replace in override["replace"]:
            changed = target / replace["template"]
            source = changed if changed.exists() else stock / replace["template"]
            text = source.read_text("utf-8")
            if append := replace.get("append"):
                changed.write_text(text + append, "utf-8")
                continue
            if text.count(replace["old"]) != 1:
                raise GenerationError(
                    f"override {override['name']}: {replace['template']} of the installed "
                    f"openapi-python-client holds {text.count(replace['old'])} times, not once: "
                    f"{replace['old'].strip()}"
                )
            before, after = text.split(replace["old"])
            rest = "" if replace.get("to_end") else after
            changed.write_text(before + replace["new"] + rest, "utf-8")


def generate(root: Path, target: Path, leave_out: Collection[str] = ()) -> None:
    """Generate the package from the description under ``root`` into the new folder ``target``.

    Raises:
        GenerationError: an override does not fit, or the generator or a hook warned or failed.
    """
    openapi = root / "openapi"
    with tempfile.TemporaryDirectory() as folder:
        override_templates(openapi / "templates" / "overrides.toml", Path(folder), leave_out)
        command = [sys.executable, "-m", "openapi_python_client", "generate"]
        command += ["--path", str(openapi / "general-ocr.yaml"), "--meta", "none"]
        command += ["--config", str(openapi / "generator.yaml"), "--fail-on-warning"]
        command += ["--custom-template-path", folder, "--output-path", str(target)]
        # The hooks call `ruff` by its name: the one of this Python's environment comes first.
        path = os.pathsep.join([str(Path(find_ruff_bin()).parent), os.environ.get("PATH", "")])
        environment = {**os.environ, "PATH": path, "PYTHONUTF8": "1"}
        result = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment)
    if result.returncode != 0:
        raise GenerationError(f"openapi-python-client failed:\n{result.stdout}{result.stderr}")
    if "requests-alone" not in leave_out:
        for name in IDLE:
            (target / name).unlink()
    (target / "py.typed").touch()


def difference(old: Path, new: Path) -> Iterator[str]:
    """The unified diff, line by line, that would turn the folder ``old`` into ``new``."""

    def files(folder: Path) -> dict[str, str]:
        return {
            path.relative_to(folder).as_posix(): path.read_text("utf-8")
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    before, after = files(old), files(new)
    for name in sorted(before.keys() | after.keys()):
        if (name in before) != (name in after):
            yield f"{'only committed' if name in before else 'not committed'}: {name}"
        yield from difflib.unified_diff(
            before.get(name, "").splitlines(),
            after.get(name, "").splitlines(),
            f"committed/{name}",
            f"generated/{name}",
            lineterm="",
        )


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when the client is up to date afterwards, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare, change nothing")
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(__file__).resolve().parent.parent,
        help="the tree with openapi/ and generated/ (default: this one)",
    )
    options = parser.parse_args(arguments)
    committed = options.root / "generated" / PACKAGE
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / PACKAGE
        try:
            generate(options.root, fresh)
        except GenerationError as error:
            print(error, file=sys.stderr)
            return 1
        if options.check:
            lines = list(difference(committed, fresh))
            print("\n".join(lines) if lines else f"{PACKAGE} is up to date")
            return 1 if lines else 0
        shutil.rmtree(committed, ignore_errors=True)
        shutil.copytree(fresh, committed)
    print(f"{PACKAGE} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
