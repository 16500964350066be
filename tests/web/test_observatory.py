"""The headers, marked as MDN's HTTP Observatory marks them (its charts as of 2026)."""

import re

import pytest

from habits import create_app
from tests import cast, databases

AT_LEAST = 135  # A+ begins at 100
HOME = "https://kept.example.org"
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
HALF_A_YEAR = 15_768_000  # seconds


@pytest.fixture
def public(database, tmp_path, clock):
    """A Kept at a public address."""
    app = create_app(databases.config(tmp_path, database, origin=HOME), clock)
    app.test_client_class = cast.Browser
    return app


def get(client, path):
    return client.get(path, base_url=HOME)


def marks(answer) -> dict[str, int]:
    """What each of the Observatory's tests gives or takes; the whole is 100 and these."""
    return {
        "content security policy": _policy(answer.headers.get("Content-Security-Policy", "")),
        "cookies": _cookies(answer.headers.getlist("Set-Cookie")),
        "sharing": -50 if answer.headers.get("Access-Control-Allow-Origin") == "*" else 0,
        "referrer": 5 if answer.headers.get("Referrer-Policy") in PRIVATE else -5,
        "transport": _transport(answer.headers.get("Strict-Transport-Security", "")),
        "scripts": -50 if re.search(r'<script[^>]+src="(https?:)?//', answer.text) else 0,
        "sniffing": 0 if answer.headers.get("X-Content-Type-Options") == "nosniff" else -5,
        "frames": _frames(answer.headers),
        "resources": _is("Resource", answer, {"same-origin", "same-site"}),
        "embedding": _is("Embedder", answer, {"require-corp", "credentialless"}),
        "opening": _is("Opener", answer, {"same-origin", "same-origin-allow-popups"}),
    }


def _policy(policy: str) -> int:
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    if not policy or "unsafe" in policy or "http:" in policy:
        return -25
    return 10 if rules.get("default-src") == "'none'" else 5


def _cookies(cookies: list[str]) -> int:
    if not cookies:
        return 0
    safe = all({"Secure", "HttpOnly"} <= set(cookie.split("; ")) for cookie in cookies)
    if not safe:
        return -40
    return 5 if all("SameSite=" in cookie for cookie in cookies) else 0


def _transport(said: str) -> int:
    age = re.search(r"max-age=(\d+)", said)
    if not age:
        return -20
    return 0 if int(age[1]) >= HALF_A_YEAR else -10


def _frames(headers) -> int:
    by_policy = "frame-ancestors 'none'" in headers.get("Content-Security-Policy", "")
    return 5 if by_policy or headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def _is(name: str, answer, wanted: set[str]) -> int:
    return 10 if answer.headers.get(f"Cross-Origin-{name}-Policy") in wanted else 0


def test_the_observatory_gives_an_a_plus_and_more_than_135_everywhere(public):
    client = public.test_client()
    sheet = re.search(r"/static/\w+/app.css", get(client, "/").text)[0]
    for path in ("/", "/sign-in", "/sign-up", "/recover", "/settings", "/nowhere", sheet):
        score = 100 + sum(marks(get(client, path)).values())
        assert score >= AT_LEAST, (path, score, marks(get(client, path)))


def test_the_cookie_of_a_session_is_marked_safe(public):
    client = public.test_client()
    answer = client.post("/sign-in/options", json={}, base_url=HOME)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-kept=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert marks(answer)["cookies"] == 5


def test_https_is_said_to_hold_for_two_years_and_all_below(public):
    assert get(public.test_client(), "/").headers["Strict-Transport-Security"] == (
        "max-age=63072000; includeSubDomains"
    )


@pytest.mark.parametrize(
    "name",
    ["Content-Security-Policy", "Strict-Transport-Security", "Cross-Origin-Opener-Policy"],
)
def test_without_a_header_the_mark_is_lower(public, name):
    """Or the marks above would say nothing."""
    answer = get(public.test_client(), "/")
    before = sum(marks(answer).values())
    del answer.headers[name]
    assert sum(marks(answer).values()) < before
