"""Hostile input through every form, address and route: a clear answer, soon, and never a fault."""

import json
import random
import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

import html5lib

from habits import create_app
from habits.db import db
from habits.models.leaders import Leader
from tests import cast, databases
from tests.clock import MONDAY

LONGEST = 5  # seconds
MARK = "hostile-mark"
BODY = 20_000_000  # bytes
FORM = "application/x-www-form-urlencoded"
LEAVING = ("/sign-out", "/delete", "/deletion", "/sessions", "/passkeys")
VALUES = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e\u2066abc\u2069",
    "\u200b\u200d",
    "e" + "\u0301" * 3000,
    "x" * 100_000,
    "💥" * 50_000,
    f"<{MARK}>",
    f'"><{MARK} onload=alert(1)>',
    f"'><{MARK}>",
    f"</textarea><{MARK}>",
    f"<script>{MARK}</script>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}",
    "${7*7}",
    "{% for x in y %}",
    "%(num)d %s %(missing)s %",
    "'; DROP TABLE leaders--",
    "' OR '1'='1",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "../../../../etc/passwd",
    "%2e%2e%2f",
    "\r\nSet-Cookie: a=b",
    "0",
    "-1",
    "1.5",
    "1e309",
    "NaN",
    "٣",
    str(2**31),
    str(2**63),
    "9" * 5000,
    "0x10",
    "true",
    "null",
    "[]",
    "{}",
    "[" * 10_000,
    '{"a":' * 5_000,
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "2026-11-23",
    "24:00",
    "25:61",
    "Europe/Nowhere",
    "2026-W53",
    "https://evil.example/",
    "//evil.example",
]


@dataclass(frozen=True)
class Door:
    """A form of a page: where it is sent, and with which fields."""

    action: str
    fields: tuple[tuple[str, str], ...]


@dataclass
class Found:
    tries: int = 0
    doors: int = 0
    rules: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return self.tries > 0 and self.doors > 20 and not self.faults


class Siege:
    """Dana's browser in hostile hands."""

    def __init__(self, app, seed: int):
        self.app, self.chance = app, random.Random(seed)
        self.found = Found()
        with app.app_context():
            dana = cast.leader("Dana")
            ben = cast.person(dana)
            for number in range(4):
                cast.promise(dana, f"Promise {number}", person_id=ben.id)
        self._enter()
        self.pages, self.doors = self._walk()
        self.found.doors = len(self.doors)

    def try_a_form(self) -> None:
        door = self.chance.choice(self.doors)
        fields = dict(door.fields)
        names = list(fields) or ["key"]
        for name in self.chance.sample(names, self.chance.randint(1, min(3, len(names)))):
            fields[name] = self._value()
        if "key" in fields and self.chance.random() < 0.95:
            fields["key"] = f"hostile-key-{self.found.tries}"
        if self.chance.random() < 0.1:
            fields[self._value()[:50] or "odd"] = self._value()
        headers = {"HX-Request": "true"} if self.chance.random() < 0.3 else {}
        body = urlencode(fields, errors="surrogatepass")
        self._ask("POST", door.action, data=body, content_type=FORM, headers=headers)

    def try_an_address(self) -> None:
        page = self.chance.choice(self.pages)
        value = _quoted(self._value()[:4000])
        shape = self.chance.randrange(3)
        if shape == 0:
            path = urlsplit(page).path.rstrip("/") + "/" + value
        elif shape == 1:
            path = f"{urlsplit(page).path}?{value}={value}"
        else:
            names = re.findall(r"[?&]([a-z_]+)=", page) or ["month", "range", "before", "day"]
            path = f"{urlsplit(page).path}?{self.chance.choice(names)}={value}"
        self._ask("GET", path)

    def try_a_rule(self) -> None:
        """A rule of the URL map with anything in its places, and any body."""
        rule = self.chance.choice(list(self.app.url_map.iter_rules()))
        path = re.sub(r"<[^>]+>", lambda _place: _quoted(self._value()[:200]), rule.rule)
        method = self.chance.choice(sorted(rule.methods - {"OPTIONS"}))
        if method == "POST" and path.startswith(LEAVING):
            method = "GET"
        kind, body = self.chance.choice(
            [
                ("application/json", self.chance.randbytes(500)),
                ("application/json", "[" * 20_000),
                ("application/json", json.dumps({"key": self._value(), "a": [self._value()] * 3})),
                ("multipart/form-data", self.chance.randbytes(300)),
                ("multipart/form-data; boundary=x", "--x\r\n" * 2_000),
                ("text/plain", f"key={_quoted(self._value())}"),
                (FORM, self.chance.randbytes(300)),
            ]
        )
        self._ask(method, path, data=body, content_type=kind)

    def try_a_large_body(self) -> None:
        door = self.chance.choice(self.doors)
        self._ask("POST", door.action, data={"key": "a-large-key", "note": "x" * BODY})

    def _ask(self, method: str, path: str, **kwargs) -> None:
        began = time.monotonic()
        try:
            response = self.client.open(path, method=method, **kwargs)
        except Exception as problem:  # noqa: BLE001  whatever it is, it reached the caller
            self.found.faults.append(f"{method} {path[:200]}: {problem!r}"[:500])
            return
        took = time.monotonic() - began
        self.found.tries += 1
        status = response.status_code
        self.found.statuses[status] = self.found.statuses.get(status, 0) + 1
        if status >= 500 or took > LONGEST or _is_unescaped(response):
            sent = str(kwargs.get("data"))[:300]
            self.found.faults.append(f"{method} {path[:200]} {sent}: {status} in {took:.1f} s")
        if status == 401 or response.location and "/sign-in" in response.location:
            self._enter()

    def _value(self) -> str:
        return self.chance.choice(VALUES)

    def _enter(self) -> None:
        self.client = self.app.test_client()
        with self.app.app_context():
            dana = db.session.scalar(db.select(Leader))
        cast.sign_in(self.client, dana, fresh=True)

    def _walk(self) -> tuple[list[str], list[Door]]:
        """Every page that links lead to, and every form in them."""
        seen, waiting, doors = {"/"}, ["/"], {}
        while waiting and len(seen) < 300:
            page = self.client.get(waiting.pop())
            if page.mimetype != "text/html":
                continue
            tree = html5lib.parse(page.text, namespaceHTMLElements=False)
            for link in tree.iter("a"):
                href = (link.get("href") or "").partition("#")[0]
                if href.startswith("/") and href not in seen:
                    seen.add(href)
                    waiting.append(href)
            for form in tree.iter("form"):
                door = _door(form)
                if form.get("method") == "post" and not door.action.startswith(LEAVING):
                    names = tuple(name for name, _value in door.fields)
                    doors.setdefault((re.sub(r"\d+", "0", door.action), names), door)
        return sorted(seen), list(doors.values())


def campaign(url: str, folder, tries: int, seed: int = 1) -> Found:
    """So many tries in all, most through forms. The database is fresh and of either kind."""
    config = databases.config(folder, url)
    app = create_app(config, lambda: MONDAY + timedelta(hours=2))
    siege = Siege(app, seed)
    siege.found.rules = len(list(app.url_map.iter_rules()))
    for number in range(tries):
        if number % 500 == 499:
            siege.try_a_large_body()
        elif number % 10 < 6:
            siege.try_a_form()
        elif number % 10 < 8:
            siege.try_an_address()
        else:
            siege.try_a_rule()
    with app.app_context():
        db.engine.dispose()
    return siege.found


def _quoted(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"))


def _door(form) -> Door:
    fields = []
    for element in form.iter():
        if element.tag in ("input", "textarea", "select", "button") and element.get("name"):
            fields.append((element.get("name"), element.get("value") or ""))
    return Door(form.get("action") or "/", tuple(dict(fields).items()))


def _is_unescaped(response) -> bool:
    if response.mimetype != "text/html" or MARK not in response.text:
        return False
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    return any(
        element.tag == MARK or (element.tag == "script" and MARK in (element.text or ""))
        for element in tree.iter()
        if isinstance(element.tag, str)
    )
