import gzip

import brotli
import pytest

from habits import ROOT, assets
from habits.assets import SHEETS, Assets


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "ORDER").write_text("reset.css\nbase.css\n")
    (tmp_path / "css" / "reset.css").write_text("* { margin: 0 }")
    (tmp_path / "css" / "base.css").write_text("body { color: black }")
    (tmp_path / "css" / "unlisted.css").write_text("body { color: red }")
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "app.js").write_text("import './sheets.js'\n" * 20)
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "icon.png").write_bytes(b"\x89PNG")
    (tmp_path / ".DS_Store").write_bytes(b"rubbish")
    return tmp_path


def test_the_sheet_is_joined_in_the_listed_order(folder):
    assets = Assets.read(folder)
    assert assets.files["app.css"].plain == b"* { margin: 0 }\nbody { color: black }"
    assert sorted(assets.files) == ["app.css", "icons/icon.png", "js/app.js"]


def test_every_sheet_is_listed():
    css = ROOT / "static" / "css"
    listed = {name for order in SHEETS.values() for name in (css / order).read_text().split()}
    assert sorted(listed) == sorted(path.name for path in css.glob("*.css"))


def test_the_digest_is_that_of_the_whole(folder):
    first = Assets.read(folder).digest
    assert Assets.read(folder).digest == first
    (folder / "icons" / "icon.png").write_bytes(b"\x89PNG2")
    assert Assets.read(folder).digest != first


def test_what_may_shrink_is_compressed_both_ways(folder):
    asset = Assets.read(folder).files["js/app.js"]
    body, encoding = asset.encoded(["gzip", "br"])
    assert encoding == "br"
    assert brotli.decompress(body) == asset.plain
    body, encoding = asset.encoded(["gzip"])
    assert encoding == "gzip"
    assert gzip.decompress(body) == asset.plain
    assert asset.encoded([]) == (asset.plain, None)


def test_pictures_are_sent_as_they_are(folder):
    asset = Assets.read(folder).files["icons/icon.png"]
    assert asset.encoded(["br", "gzip"]) == (b"\x89PNG", None)
    assert asset.type == "image/png"


def test_a_file_that_is_not_there_has_no_address(folder):
    with pytest.raises(KeyError, match=r"no static file js/gone\.js"):
        Assets.read(folder).url("js/gone.js")


def test_they_are_served_for_ever_under_their_digest(app, client):
    assets = app.extensions["assets"]
    response = client.get(assets.url("app.css"))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content_type == "text/css; charset=utf-8"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert "Set-Cookie" not in response.headers


def test_an_old_digest_gets_the_current_file_afresh(app, client):
    response = client.get("/static/000000000000/app.css")
    assert response.data == app.extensions["assets"].files["app.css"].plain
    assert response.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("name", ["gone.js", "../wsgi.py", "css/tokens.css", "%2e%2e/wsgi.py"])
def test_nothing_else_is_served(app, client, name):
    assert client.get(f"/static/{app.extensions['assets'].digest}/{name}").status_code == 404


def test_a_browser_gets_brotli(app, client):
    url = app.extensions["assets"].url("app.css")
    response = client.get(url, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert response.headers["Content-Encoding"] == "br"
    assert brotli.decompress(response.data) == app.extensions["assets"].files["app.css"].plain


def test_what_was_compressed_serves_the_next_start_and_is_made_anew_when_damaged(
    folder, tmp_path_factory
):
    cache = tmp_path_factory.mktemp("cache")
    first = compressed(folder, cache)
    kept = {path: path.read_bytes() for path in cache.iterdir()}
    assert sorted(kept.values()) == sorted({first["app.css"], first["js/app.js"]})
    for path, content in kept.items():
        path.write_bytes(content[:10])
    assert compressed(folder, cache) == first
    assert {path: path.read_bytes() for path in cache.iterdir()} == kept


def test_a_cache_that_cannot_be_written_is_done_without(folder, tmp_path_factory):
    blocked = tmp_path_factory.mktemp("cache") / "file"
    blocked.write_text("no folder")
    assert compressed(folder, blocked) == compressed(folder, None)


def compressed(folder, cache) -> dict[str, bytes]:
    """As another process would find it."""
    assets._asset.cache_clear()
    files = Assets.read(folder, cache).files
    return {name: file.brotli for name, file in files.items() if file.brotli}
