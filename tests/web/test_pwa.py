"""What makes an app of the pages: whose each is, what may be kept, worker and manifest."""

import json
import re

import pytest

from habits import create_app
from tests import cast, databases

KEPT = ("/", "/weeks/", "/weeks/2026-W47", "/account")
NOT_KEPT = ("/settings", "/people", "/commitments", "/days/2026-11-22", "/account/ledger")


@pytest.fixture
def client(app, dana):
    with app.app_context():
        cast.promise(dana)
    client = app.test_client()
    cast.sign_in(client, dana)
    return client


def test_three_pages_may_be_kept_until_their_day_ends(client, dana):
    for path in KEPT:
        reply = client.get(path)
        assert reply.headers["Kept-Leader"] == dana.opaque, path
        assert reply.headers["Kept-For"] == str(9 * 3600), path  # from 18:00 to 3:00


def test_no_other_page_may_be_kept(client):
    assert [path for path in NOT_KEPT if "Kept-For" in client.get(path).headers] == []


def test_a_page_that_says_something_once_is_not_kept(client):
    client.post("/promises", data={"key": "a-key-of-this", "title": "x", "pillar": "character"})
    assert "Kept-For" not in client.get("/").headers
    assert "Kept-For" in client.get("/").headers


def test_a_renewal_leaves_what_is_said_once_to_the_leader(client):
    client.post("/promises", data={"key": "a-key-of-this", "title": "x", "pillar": "character"})
    assert "Promised for today." not in client.get("/", headers={"Kept-Copy": "renew"}).text
    assert "Promised for today." in client.get("/").text


def test_who_is_signed_out_is_told_apart_from_who_is_not_known(app, client):
    assert app.test_client().get("/").headers["Kept-Leader"] == "none"
    assert "Kept-For" not in app.test_client().get("/").headers
    assert "Kept-Leader" not in client.get("/healthz").headers  # nobody was looked up
    client.post("/sign-out")
    assert client.get("/").headers["Kept-Leader"] == "none"


def test_who_may_only_add_a_passkey_is_nobody_yet(app, client, dana):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token that nobody has"
    assert client.get("/").headers["Kept-Leader"] == "none"


def test_the_worker_names_its_release_and_every_file_it_lays_in(client):
    script = client.get("/sw.js")
    assert script.mimetype == "text/javascript"
    files = json.loads(re.search(r", (\[.*\])\);", script.text)[1])
    assert all(client.get(name).status_code == 200 for name in files)
    assert {name.rpartition("/")[2] for name in files} >= {"app.css", "htmx.min.js", "outbox.js"}


def test_what_the_modules_import_is_laid_in_with_them(app, client):
    files = json.loads(re.search(r", (\[.*\])\);", client.get("/sw.js").text)[1])
    names = {name.rpartition("/js/")[2] for name in files}
    for name in names:
        script = app.extensions["assets"].files.get(f"js/{name}")
        if script is None:
            continue
        imported = re.findall(r'^import .* from "\./(.*)";', script.plain.decode(), re.MULTILINE)
        assert set(imported) <= names, name


def test_switched_off_it_takes_itself_away(tmp_path, database, clock):
    app = create_app(databases.config(tmp_path, database, worker=False), clock)
    script = app.test_client().get("/sw.js").text
    assert "registration.unregister()" in script
    assert "respondWith" not in script


def test_the_page_without_a_network_is_nobodys(client):
    reply = client.get("/offline")
    assert "public" in reply.headers["Cache-Control"]
    assert "Dana" not in reply.text
    assert "Kept-Leader" not in reply.headers
    assert 'data-leader=""' in reply.text


def test_the_manifest_says_all_that_installing_needs(client):
    manifest = client.get("/manifest.webmanifest").json
    assert (manifest["id"], manifest["scope"], manifest["start_url"]) == ("/", "/", "/")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable", "monochrome"}
    assert {shot["form_factor"] for shot in manifest["screenshots"]} == {"narrow", "wide"}
    assert [short["name"] for short in manifest["shortcuts"]] == ["Check in", "This week"]
    for picture in manifest["icons"] + manifest["screenshots"]:
        assert client.get(picture["src"]).status_code == 200


def test_every_write_that_can_wait_is_marked_on_today(client):
    page = client.get("/").text
    for action in ("/answers", "/promises", "/lapses"):
        forms = re.findall(rf'<form method="post" action="{action}"[^>]*>', page)
        assert forms, action
        assert all("data-queue" in form for form in forms)
