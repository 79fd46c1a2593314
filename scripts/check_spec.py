"""Run every linter over the descriptions of openapi/, and validate their examples.

    python scripts/check_spec.py                  all of them
    python scripts/check_spec.py --python-only    without the two that need node

Prints a line for each check; exits with 1 when any of them finds something.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

OPENAPI = Path(__file__).resolve().parent.parent / "openapi"
DESCRIPTION = OPENAPI / "general-ocr.yaml"
DESCRIPTIONS = (DESCRIPTION, OPENAPI / "oauth.yaml")
_PATHS = tuple(map(str, DESCRIPTIONS))
NODE_LINTERS = {
    "Redocly recommended-strict": (
        "@redocly/cli@2.77.0",
        *("lint", *_PATHS, "--extends=recommended-strict"),
    ),
    "Spectral oas all": (
        "@stoplight/spectral-cli@6.16.3",
        *("lint", *_PATHS, "--ruleset", str(OPENAPI / "spectral.yaml")),
        *("--fail-severity", "hint"),
    ),
}


class _Loader(yaml.SafeLoader):
    """Refuses a repeated key, of which YAML parsers otherwise keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                raise yaml.MarkedYAMLError(None, None, f"repeated key {key}", node.start_mark)
        return super().construct_mapping(node, deep)


def load(path: Path) -> dict[str, Any]:
    """Read a description.

    Raises:
        yaml.YAMLError: it is not YAML, or an object of it repeats a key.
    """
    document: dict[str, Any] = yaml.load(path.read_text("utf-8"), _Loader)
    return document


def linted(document: dict[str, Any]) -> list[str]:
    """What openapi-spec-validator finds."""
    return [str(error.message) for error in OpenAPIV31SpecValidator(document).iter_errors()]


def resolve(document: dict[str, Any], node: Any) -> Any:
    """``node``, or what its ``$ref`` points to inside the document."""
    while isinstance(node, dict) and "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def examples(document: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Every example with its place and its schema: of media types, parameters and schemas."""
    stack: list[tuple[str, Any]] = [("#", document)]
    while stack:
        place, node = stack.pop()
        if isinstance(node, list):
            stack += [(f"{place}/{index}", child) for index, child in enumerate(node)]
        if not isinstance(node, dict):
            continue
        stack += [(f"{place}/{key}", child) for key, child in node.items()]
        if isinstance(node.get("examples"), list):
            for index, value in enumerate(node["examples"]):
                yield f"{place}/examples/{index}", value, node
        if "schema" in node and isinstance(node.get("examples"), dict):
            for name, example in node["examples"].items():
                yield (
                    f"{place}/examples/{name}",
                    resolve(document, example)["value"],
                    node["schema"],
                )
        if "schema" in node and "example" in node:
            yield f"{place}/example", node["example"], node["schema"]


def unfit_examples(document: dict[str, Any]) -> list[str]:
    """What does not validate, and the shared examples that nothing refers to."""
    findings = []
    for place, value, schema in examples(document):
        # The references of the schema are relative to the whole document.
        validator = Draft202012Validator({**schema, "components": document["components"]})
        for error in validator.iter_errors(value):
            findings.append(f"{place}{error.json_path.removeprefix('$')}: {error.message}")
    text = repr(document["paths"]) + repr(document["components"])
    for name in document["components"].get("examples", {}):
        if f"'#/components/examples/{name}'" not in text:
            findings.append(f"#/components/examples/{name}: nothing refers to it")
    return findings


def node_findings(npx: str, arguments: tuple[str, ...]) -> list[str]:
    """What a linter from npm prints when it does not find the descriptions clean."""
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "1"}
    result = subprocess.run(
        [npx, "--yes", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    )
    return [] if result.returncode == 0 else [result.stdout + result.stderr]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when nothing is found, else 1."""
    parser = argparse.ArgumentParser(description="Lint the descriptions of openapi/.")
    parser.add_argument("--python-only", action="store_true", help="leave out what needs node")
    options = parser.parse_args(arguments)

    found: dict[str, list[str]] = {}
    for path in DESCRIPTIONS:
        try:
            document = load(path)
        except yaml.YAMLError as error:
            print(f"{path.name}: YAML: {error}")
            return 1
        found[f"{path.name}: openapi-spec-validator"] = linted(document)
        count = len(list(examples(document)))
        found[f"{path.name}: {count} examples"] = unfit_examples(document)
    npx = shutil.which("npx")
    if not options.python_only and npx:
        for name, command in NODE_LINTERS.items():
            found[name] = node_findings(npx, command)
    for name, findings in found.items():
        print(f"{name}: {'nothing found' if not findings else ''}")
        print("".join(f"  {finding}\n" for finding in findings), end="")
    if not options.python_only and not npx:
        print(f"left out, for node's npx is not here: {', '.join(NODE_LINTERS)}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
