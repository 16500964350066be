"""Every answer bears the headers, and nothing private stays on the way."""

import re

from tests.web.guards.home import TOKEN


def test_every_answer_bears_the_headers(home, app, at_home):
    app.add_url_rule("/fault", "fault", lambda: 1 / 0)
    answers = [
        at_home.open(home.url(endpoint, arguments), method="GET")
        for _method, endpoint, arguments in home.rules("GET")
    ]
    answers += [
        at_home.get("/absent"),
        at_home.get("/api/v1/absent"),
        at_home.get("/api/v1/today", headers={"Authorization": f"Bearer {TOKEN}"}),
        at_home.get("/fault"),
        at_home.delete("/settings"),
        at_home.post("/settings", data="x" * 300_000),
        at_home.post("/settings", headers={"Origin": "null"}),
        at_home.get("/static/0/absent.css"),
        at_home.post("/sign-in", json={}),
        at_home.options("/settings"),
        at_home.head("/settings"),
        at_home.get("/settings", base_url="http://127.0.0.1"),
        app.test_client().get("/settings"),
    ]
    assert {a.status_code for a in answers} >= {200, 302, 307, 400, 403, 404, 405, 413, 500}
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        for name in ("Opener", "Resource"):
            assert answer.headers[f"Cross-Origin-{name}-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert "publickey-credentials-get=(self)" in answer.headers["Permissions-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Strict-Transport-Security" not in answer.headers


def test_nothing_private_is_stored_on_the_way(home, at_home):
    for _method, endpoint, arguments in home.rules("GET"):
        if not endpoint.startswith(("static.", "pwa.")) and endpoint != "api.document":
            headers = {"Authorization": f"Bearer {TOKEN}"} if home.is_api(endpoint) else {}
            answer = at_home.get(home.url(endpoint, arguments), headers=headers)
            varies = "Authorization" if home.is_api(endpoint) else "Cookie"
            assert answer.headers["Cache-Control"] == "private, no-store", endpoint
            assert varies in answer.headers["Vary"], endpoint


def test_static_files_are_for_ever_under_their_digest_only(app, client):
    current = re.search(r"/static/\w+/app.css", client.get("/").text)[0]
    assert "immutable" in client.get(current).headers["Cache-Control"]
    assert client.get("/static/0/app.css").headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in client.get(current).headers
