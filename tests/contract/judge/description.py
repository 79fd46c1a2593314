"""What the judge asks of `openapi/general-ocr.yaml`: schemas, statuses, codes, repeatable keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

OPENAPI = Path(__file__).parents[3] / "openapi"
PATH = OPENAPI / "general-ocr.yaml"
OAUTH = OPENAPI / "oauth.yaml"

GENERAL, CROPPING = "general", "cropping"  # roles

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation: its id, method, path with `{appKey}` in it, and request media types.

    `role` says what it does: `GENERAL` or `CROPPING`, the same in every version; empty for an
    operation that recognises nothing. `header` is the one that its credentials come in.
    """

    id: str
    method: str
    path: str
    media_types: tuple[str, ...]
    role: str
    version: str
    header: str


class Description:
    """The description, read; `document` is the parsed YAML."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation that recognises, by its operationId."""
        found = {}
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, Mapping) and operation.get("x-role"):
                    body = self.resolve(operation["requestBody"])
                    found[operation["operationId"]] = Operation(
                        operation["operationId"],
                        method.upper(),
                        path,
                        tuple(body["content"]),
                        operation["x-role"],
                        operation["x-version"],
                        self._header(operation),
                    )
        return found

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """The described versions, in the order of the description."""
        return tuple(dict.fromkeys(each.version for each in self.operations.values()))

    def find(self, role: str, version: str) -> Operation:
        """The operation of a role in a version."""
        [found] = [
            each
            for each in self.operations.values()
            if (each.role, each.version) == (role, version)
        ]
        return found

    def role(self, operation: str) -> str:
        """The role of an operation; empty for what is none."""
        found = self.operations.get(operation)
        return found.role if found else ""

    def _header(self, operation: Mapping[str, Any]) -> str:
        schemes = self.document["components"]["securitySchemes"]
        [requirement] = operation["security"]
        [name] = requirement
        return str(schemes[name]["name"])

    @cached_property
    def codes(self) -> dict[tuple[int, int], str]:
        """The known (HTTP status, result code) pairs and the service's message, where known."""
        header = self.document["components"]["schemas"]["ResponseHeader"]
        known = header["properties"]["resultCode"]["x-result-codes"]
        return {(row["httpStatus"], row["code"]): row.get("message", "") for row in known}

    def resolve(self, schema: Any) -> Any:
        """Follow `$ref`s inside the document."""
        while isinstance(schema, Mapping) and "$ref" in schema:
            target: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = target
        return schema

    def statuses(self, operation: str) -> dict[int, Schema]:
        """The schema of each described status of an operation."""
        where = self.operations[operation]
        responses = self.document["paths"][where.path][where.method.lower()]["responses"]
        return {
            int(status): self.resolve(response)["content"]["application/json"]["schema"]
            for status, response in responses.items()
        }

    def request_schemas(self, operation: str) -> dict[str, Schema]:
        """The schema of the body, by request media type."""
        where = self.operations[operation]
        body = self.resolve(self.document["paths"][where.path][where.method.lower()]["requestBody"])
        return {
            media: self.resolve(content["schema"]) for media, content in body["content"].items()
        }

    def validator(self, schema: Schema) -> Draft202012Validator:
        """A validator of a schema of this document, `$ref`s and all."""
        return Draft202012Validator({**schema, "components": self.document["components"]})

    @cache  # noqa: B019 - a description lives as long as the run
    def reply_validator(self, operation: str, status: int) -> Draft202012Validator:
        """The validator of one reply's body."""
        return self.validator(self.statuses(operation)[status])

    def parts(self, schemas: Iterable[Any]) -> Iterator[Schema]:
        """The schemas that apply at one place, with all that they compose."""
        for schema in schemas:
            schema = self.resolve(schema)
            if isinstance(schema, Mapping):
                yield schema
                for word in ("allOf", "anyOf", "oneOf"):
                    yield from self.parts(schema.get(word, ()))
                yield from self.parts(schema[word] for word in ("then", "else") if word in schema)

    def properties(self, schemas: Iterable[Any]) -> dict[str, list[Any]]:
        """The described keys of an object, each with the schemas of its value."""
        found: dict[str, list[Any]] = {}
        for part in self.parts(schemas):
            for key, schema in part.get("properties", {}).items():
                found.setdefault(key, []).append(schema)
        return found

    def items(self, schemas: Iterable[Any]) -> list[Any]:
        """The schemas of an array's items."""
        return [part["items"] for part in self.parts(schemas) if "items" in part]

    def repeatable(self, schemas: Iterable[Any]) -> set[str]:
        """The keys of an object that may repeat."""
        return {key for part in self.parts(schemas) for key in part.get("x-duplicate-keys", ())}


@cache
def load(versions: tuple[str, ...] = ("v1.0",), path: Path = PATH) -> Description:
    """Read the description from its file, once, with the operations of these versions."""
    whole = document(path)
    paths = {
        path: item
        for path, item in whole["paths"].items()
        if item["post"].get("x-version") in versions
    }
    return Description({**whole, "paths": paths})


@cache
def document(path: Path) -> dict[str, Any]:
    """Read a description from its file, once."""
    # libyaml where it is: the pure reader takes half a second for this file.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: dict[str, Any] = yaml.load(path.read_bytes(), Loader=loader)
    return read
