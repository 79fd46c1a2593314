"""Read the public API of a module from its source: names, parameters, bases, fields."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
_NOT_MEANT = {"clock"}  # time as the tests of the client set it
Definition = ast.ClassDef | Function


class Found(NamedTuple):
    """A definition, and the module that holds it."""

    node: ast.stmt
    module: str


def facts_of(module: str, folder: Path) -> dict[str, str]:
    """Return what is public in a module under a folder: {} if there is no such module."""
    if _file(module, folder) is None:
        return {}
    facts: dict[str, str] = {}
    for name in _public_names(module, folder):
        found = _resolve(module, name, folder)
        facts |= dict(_facts(f"{module}.{name}", found, folder))
    return facts


def _file(module: str, folder: Path) -> Path | None:
    base = folder / Path(*module.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)


@cache
def _tree(module: str, folder: Path) -> ast.Module:
    path = _file(module, folder)
    if path is None:
        raise LookupError(f"{module} is not under {folder}")
    return ast.parse(path.read_text("utf-8"))


def _public_names(module: str, folder: Path) -> list[str]:
    """The names of `__all__` if it is a list of texts, else of `_HOMES`, else what is defined."""
    tree = _tree(module, folder)
    for wanted in ("__all__", "_HOMES"):
        for node in ast.walk(tree):
            target = _target(node)
            value = getattr(node, "value", None)
            if target == wanted and isinstance(value, ast.List | ast.Tuple | ast.Dict):
                keys = value.keys if isinstance(value, ast.Dict) else value.elts
                values = [each.value for each in keys if isinstance(each, ast.Constant)]
                names = [each for each in values if isinstance(each, str)]
                if names and len(names) == len(keys):
                    return [name for name in names if not name.startswith("_")]
    defined = [node for node in tree.body if isinstance(node, Definition)]
    return [node.name for node in defined if not node.name.startswith("_")]


def _target(node: ast.AST) -> str:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def _resolve(module: str, name: str, folder: Path) -> Found | None:
    """Find where a name is defined, through imports; None if not in our packages."""
    if _file(module, folder) is None:
        return None
    for node in ast.walk(_tree(module, folder)):
        if (
            isinstance(node, Definition)
            and node.name == name
            and node in _tree(module, folder).body
        ):
            return Found(node, module)
        if _target(node) == name and node in _tree(module, folder).body:
            return Found(node, module) if isinstance(node, ast.stmt) else None
    for node in ast.walk(_tree(module, folder)):
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            if (alias.asname or alias.name) == name:
                return _resolve(_origin(module, node, folder), alias.name, folder)
    return None


def _origin(module: str, node: ast.ImportFrom, folder: Path) -> str:
    if not node.level:
        return node.module or ""
    path = _file(module, folder)
    package = module.split(".")
    if path is not None and path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *((node.module or "").split(".") if node.module else [])])


def _facts(name: str, found: Found | None, folder: Path) -> Iterator[tuple[str, str]]:
    if found is None:
        yield name, "name"
    elif isinstance(found.node, ast.ClassDef):
        yield from _class(name, found, found.node, folder)
    elif isinstance(found.node, Function):
        yield from _function(name, found.node, bound=False)
    else:
        value = getattr(found.node, "value", None)
        yield name, f"value: {ast.unparse(value)}" if value is not None else "value"


def _class(name: str, found: Found, node: ast.ClassDef, folder: Path) -> Iterator[tuple[str, str]]:
    yield name, f"class({', '.join(ast.unparse(base) for base in node.bases)})"
    said: set[str] = set()
    for member in _members(found, folder):
        own = _target(member) or getattr(member, "name", "")
        if own in said or own in _NOT_MEANT or (own.startswith("_") and own != "__init__"):
            continue
        said.add(own)
        if own == "__init__" and isinstance(member, Function):
            yield from _parameters(name, member, bound=True)
        elif isinstance(member, Function) and _is_property(member):
            yield f"{name}.{own}", f"property: {_text(member.returns)}"
        elif isinstance(member, Function):
            static = any(ast.unparse(each) == "staticmethod" for each in member.decorator_list)
            yield from _function(f"{name}.{own}", member, bound=not static)
        elif isinstance(member, ast.AnnAssign):
            default = f" = {ast.unparse(member.value)}" if member.value is not None else ""
            yield f"{name}.{own}", f"field: {_text(member.annotation)}{default}"
        elif own:
            yield f"{name}.{own}", "field"


def _members(found: Found, folder: Path) -> Iterator[ast.stmt]:
    """Yield what a class and its bases of our packages define, its own first."""
    node = found.node
    if not isinstance(node, ast.ClassDef):
        return
    yield from node.body
    for base in node.bases:
        name = ast.unparse(base).partition("[")[0]
        origin = _resolve(found.module, name, folder)
        if origin is not None:
            yield from _members(origin, folder)


def _is_property(node: Function) -> bool:
    return any("property" in ast.unparse(each) for each in node.decorator_list)


def _function(name: str, node: Function, *, bound: bool) -> Iterator[tuple[str, str]]:
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    yield name, f"{kind}: {_text(node.returns)}"
    yield from _parameters(name, node, bound=bound)


def _parameters(name: str, node: Function, *, bound: bool) -> Iterator[tuple[str, str]]:
    """Yield each parameter: whether it must be given, its place or `by name`, type and default."""
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    defaults += args.defaults
    for place, (arg, default) in enumerate(zip(positional, defaults, strict=True)):
        if not (bound and place == 0):
            yield f"{name}({arg.arg})", _parameter(f"place {place + (not bound)}", arg, default)
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield f"{name}({arg.arg})", _parameter("by name", arg, default)
    for arg, stars in ((args.vararg, "*"), (args.kwarg, "**")):
        if arg is not None:
            yield f"{name}({stars}{arg.arg})", f"optional: {_text(arg.annotation)}"


def _parameter(place: str, arg: ast.arg, default: ast.expr | None) -> str:
    if default is None:
        return f"required, {place}: {_text(arg.annotation)}"
    return f"optional, {place}: {_text(arg.annotation)} = {ast.unparse(default)}"


def _text(annotation: ast.expr | None) -> str:
    return "" if annotation is None else ast.unparse(annotation)
