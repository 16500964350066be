"""The plan of the house, held: which layer may know which, and what each may touch."""

import ast
from functools import cache
from pathlib import Path

import pytest

from habits import ROOT

HABITS = ROOT / "habits"
LONGEST = 300  # lines of a module
GROUND = {"clock", "config", "logs", "problems"}  # standard library only, and of use to every layer
ROWS = {"db", "models"}
ASSEMBLY = {"", "assembly", "foundation"}
REQUEST = {"request", "session", "g", "current_app"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
CLOCKS |= {("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime")}


def modules():
    return sorted(path for path in HABITS.rglob("*.py"))


def name(path: Path) -> str:
    """The module below habits: "trust.plan", "web", "" for the package itself."""
    parts = path.relative_to(HABITS).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def layer(module: str) -> int:
    """The floor on which a module stands; ground is -1."""
    top = module.partition(".")[0]
    if module in ASSEMBLY:
        return 4
    if top in GROUND:
        return -1
    if top in ("trust", "days"):
        return 0
    if top in ROWS:
        return 1
    return 3 if top in ("web", "cli") else 2


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imported(path: Path):
    """Every module of habits that a module imports, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for each in names:
            if each.split(".")[0] == "habits":
                yield _existing(each), node.lineno


def _existing(dotted: str) -> str:
    parts = dotted.split(".")[1:]
    while parts:
        place = HABITS.joinpath(*parts)
        if place.is_dir() or place.with_suffix(".py").exists():
            return ".".join(parts)
        parts.pop()
    return ""


each_module = pytest.mark.parametrize("path", modules(), ids=lambda path: name(path) or "habits")


@each_module
def test_imports_go_downwards_only(path):
    mine = layer(name(path))
    # The package itself gives ROOT to all, and create_app to the command line.
    upwards = [
        f"{path.name}:{line} imports {other}"
        for other, line in imported(path)
        if other != "" and layer(other) > mine
    ]
    assert not upwards


@each_module
def test_the_web_and_the_command_line_are_strangers(path):
    other = {"web": "cli", "cli": "web"}.get(name(path).partition(".")[0])
    assert not [line for module, line in imported(path) if module.partition(".")[0] == other]


@each_module
def test_habits_are_imported_at_the_top(path):
    if name(path) == "":
        return  # create_app, so that `kept replay` starts without Flask
    inside = [
        f"{path.name}:{node.lineno}"
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("habits"))
        or (isinstance(node, ast.Import) and node.names[0].name.startswith("habits"))
    ]
    assert not inside


@each_module
def test_the_lowest_layer_is_pure(path):
    if layer(name(path)) != 0:
        return
    allowed = {
        "__future__", "bisect", "collections", "dataclasses", "datetime", "enum", "functools",
        "habits", "heapq", "itertools", "math", "operator", "re", "typing", "types", "zoneinfo",
    }  # fmt: skip
    used = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert used <= allowed


@each_module
def test_only_the_clock_reads_the_clock(path):
    if name(path) == "clock":
        return
    readings = [
        f"{path.name}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (_last(node.value), node.attr) in CLOCKS
    ]
    assert not readings


@each_module
def test_the_nouns_know_no_request_and_never_commit(path):
    if layer(name(path)) >= 3:
        return
    found = [
        f"{path.name}:{node.lineno} {alias.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
        if alias.name in REQUEST and not (alias.name == "current_app" and name(path) == "storage")
    ]
    found += [f"{path.name}:{line} commits" for line in commits(tree(path))]
    assert not found


def commits(node) -> list[int]:
    """The lines on which something is committed."""
    return [
        call.lineno
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "commit"
    ]


@each_module
def test_get_never_commits(path):
    if not name(path).startswith("web."):
        return
    committing = [
        f"{path.name}:{view.lineno} {view.name}"
        for view in ast.walk(tree(path))
        if isinstance(view, ast.FunctionDef) and _verbs(view) == {"get"} and commits(view)
    ]
    assert not committing


@each_module
def test_modules_are_short_and_say_why_they_exist(path):
    lines = len(path.read_text().splitlines())
    assert lines <= LONGEST
    assert not lines or ast.get_docstring(tree(path))


def _last(node) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _verbs(view: ast.FunctionDef) -> set[str]:
    return {
        decorator.func.attr
        for decorator in view.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)
    } & {"get", "post", "route"}
