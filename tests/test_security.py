"""SECURITY.md holds: every test that it names is there, and no requirement is passed over."""

import ast
import re
from functools import cache

import pytest

from habits import ROOT
from tests.torture.__main__ import CAMPAIGNS

PAGE = (ROOT / "SECURITY.md").read_text()
TEST = re.compile(r"`([\w/]+\.py)::([\w:]+)`")
COMMAND = re.compile(r"`make ([\w-]+)(?: WHAT=(\w+))?`")
RANGE = re.compile(r"(\d+\.\d+)\.(\d+)(?:–\1\.(\d+))?")
# OWASP ASVS 5.0.0: the last requirement of each section that is meant, all of them from 1 on.
REQUIRED = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 1, "3.4": 2, "3.5": 3,
    "4.1": 1, "4.4": 1, "5.2": 2, "5.3": 2,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.4": 5,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 1, "12.2": 2, "13.4": 1, "14.2": 1, "14.3": 1, "15.1": 1, "15.2": 1, "15.3": 1,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip


@cache
def inside(path: str) -> set[str]:
    """The tests of a file below tests/, those of a class as Class::test."""
    found = set()
    for node in ast.parse((ROOT / "tests" / path).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            found |= {f"{node.name}::{each.name}" for each in methods}
    return {name for name in found if name.rpartition("::")[2].startswith("test_")}


def rows(heading: str) -> list[list[str]]:
    """The cells of every row under a heading of the second level."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if set(row[0]) - set("-: ")][1:]


def test_every_test_that_is_named_is_there():
    named = sorted(set(TEST.findall(PAGE)))
    assert len(named) > 150
    assert [f"{path}::{name}" for path, name in named if name not in inside(path)] == []


def test_every_campaign_and_command_that_is_named_is_there():
    makefile = (ROOT / "Makefile").read_text()
    for target, campaign in COMMAND.findall(PAGE):
        assert re.search(rf"(?m)^{target}:", makefile), target
        assert not campaign or campaign in CAMPAIGNS
    assert {what for _target, what in COMMAND.findall(PAGE)} >= set(CAMPAIGNS)


@pytest.mark.parametrize("heading", ["Promises", "The likeliest mistakes"])
def test_every_promise_has_a_test(heading):
    assert len(rows(heading)) >= 17
    for row in rows(heading):
        assert TEST.search(row[-1]) or COMMAND.search(row[-1]), row[0]


def test_every_requirement_has_its_test_or_its_reason_once():
    answered = []
    for ids, what, how in rows("OWASP ASVS 5.0"):
        for section, first, last in RANGE.findall(ids):
            answered += [f"{section}.{n}" for n in range(int(first), int(last or first) + 1)]
        assert what, ids
        assert TEST.search(how) or len(how) > 5, ids
    required = [f"{section}.{n + 1}" for section, last in REQUIRED.items() for n in range(last)]
    assert sorted(answered) == sorted(required)
