"""An unsafe request comes from here, or changes nothing."""

from tests.web.guards.home import ABSENT, KEY, LETS_IN_OR_OUT

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]


def test_every_unsafe_request_from_elsewhere_is_refused_and_changes_nothing(home, at_home):
    before = home.stored()
    let_through = []
    for method, endpoint, arguments in home.rules("POST", "PUT", "PATCH", "DELETE"):
        url = home.url(endpoint, arguments)
        for headers in FOREIGN:
            for body in (
                {"data": KEY},
                {"json": KEY},
                {"data": "{}", "content_type": "text/plain"},
            ):
                # in JSON, because thousands of equal pages would have to be read
                as_json = headers | {"Accept": "application/json"}
                response = at_home.open(url, method=method, headers=as_json, **body)
                if response.status_code != 403:
                    let_through.append((method, url, headers, response.status_code))
    assert let_through == []
    assert home.stored() == before


def test_the_same_requests_from_here_pass_that_guard(home, at_home):
    here = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    for method, endpoint, arguments in home.rules("POST"):
        url = home.url(endpoint, arguments, session_id=ABSENT)
        if endpoint in LETS_IN_OR_OUT:
            continue
        response = at_home.open(url, method=method, headers=here, data=KEY)
        assert response.status_code != 403, url


def test_another_name_of_this_machine_leads_to_the_public_address(client):
    answer = client.get("/weeks/?x=1", base_url="http://127.0.0.1:8000")
    assert answer.headers["Location"] == "http://localhost/weeks/?x=1"
    assert client.get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200
    away = client.get("//evil.example/x", base_url="http://127.0.0.1")
    assert away.headers.get("Location", "http://localhost/").startswith("http://localhost/")
