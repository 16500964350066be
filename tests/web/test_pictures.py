"""A week and the account to show: the page's figures, and no name unless it is chosen."""

import itertools
import re
import shutil
import xml.etree.ElementTree as ElementTree

import pytest

from habits import create_app, demo, roster
from habits.db import db
from habits.models import Commitment, Leader
from habits.web.pictured import HEIGHT, PALETTES, WIDTH
from tests import cast, databases
from tests.clock import MONDAY
from tests.web import rows

WEEK = "/weeks/2026-W47"
CHOSEN = "?promises=yes&name=yes"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def filled(sqlite, tmp_path_factory):
    """Where Dana of the demo leads; pictures are made from values, whatever stores these."""
    folder = tmp_path_factory.mktemp("filled")
    app = create_app(databases.config(folder, sqlite.create(folder)))
    with app.app_context():
        demo.fill(MONDAY)
        db.session.commit()
        db.engine.dispose()
    return folder / "kept.db"


@pytest.fixture
def database(filled, tmp_path):
    shutil.copy(filled, tmp_path / "kept.db")
    return f"sqlite:///{tmp_path / 'kept.db'}"


@pytest.fixture
def lead(app):
    """Dana, who has looked at her week already."""
    with app.app_context():
        dana = roster.leaders()[0]
    client = app.test_client()
    cast.sign_in(client, dana)
    client.post(f"{WEEK}/guess", data={"key": "no-guess-1", "guess": ""})
    return client


def drawn(client, url) -> ElementTree.Element:
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    return ElementTree.fromstring(answer.data)


def words(picture) -> str:
    return " ".join(text for text in picture.itertext() if text.strip())


def change(app, model, **values):
    with app.app_context():
        db.session.execute(db.update(model).values(**values))
        db.session.commit()


def test_the_picture_of_a_week_has_the_figures_of_its_page(lead):
    page = rows.text(lead.get(WEEK))
    kept, due = re.search(r"You kept (\d+) of (\d+)", page).groups()
    picture = words(drawn(lead, f"{WEEK}/picture.svg"))
    assert f"I kept {kept} of {due}." in picture
    assert f"{kept}/{due}" in picture
    shapes = [use.get("href") for use in drawn(lead, f"{WEEK}/picture.svg").iter(f"{SVG}use")]
    grid = lead.get(WEEK).text.partition('<table class="week"')[2].partition("</table>")[0]
    for shape in ("#i-broken", "#i-released"):
        assert 0 < grid.count(shape) <= shapes.count(shape)


def test_the_picture_of_the_account_has_the_figures_of_its_page(lead):
    balance = rows.balance(lead.get("/account"))
    for span in ("week", "month", "quarter", "year", "all"):
        assert f"{balance:.1f}" in words(drawn(lead, f"/account/picture.svg?range={span}"))
        page = lead.get(f"/account/share?range={span}").text
        assert f"range={span}" in page
        assert f"Account {balance:.1f}" in page


def test_no_name_is_seen_unless_it_is_chosen(app, lead):
    with app.app_context():
        titles = [
            row.title for row in db.session.query(Commitment).where(Commitment.leader_id == 1)
        ]
    for url in (f"{WEEK}/picture.svg", f"{WEEK}/share", "/account/picture.svg"):
        shown = lead.get(url).text.partition("</head>")[2] or lead.get(url).text
        assert not [title for title in titles if title in shown], url
        assert "Dana" not in shown, url
        assert "Ben" not in shown, url
    chosen = words(drawn(lead, f"{WEEK}/picture.svg{CHOSEN}"))
    assert "I start every meeting on" in chosen
    assert "Dana" in chosen
    assert "Ben" not in chosen
    assert "I start every meeting on the minute: " in lead.get(f"{WEEK}/share{CHOSEN}").text


def test_the_page_has_the_picture_the_text_and_a_sheet_to_print(lead):
    page = lead.get(f"{WEEK}/share?promises=yes&colours=dark").text
    shown, printed = re.findall(r'<img class="picture-\w+" src="([^"]+)"', page)
    assert shown.replace("&amp;", "&") == f"{WEEK}/picture.svg?promises=yes&colours=dark"
    assert printed.replace("&amp;", "&") == f"{WEEK}/picture.svg?promises=yes&colours=paper"
    assert f'width="{WIDTH}" height="{HEIGHT}" alt="I kept ' in page
    assert "<noscript><a" in page
    assert "Balance " in page[page.index('class="as-text"') :]
    assert f'href="{WEEK}/share"' in lead.get(WEEK).text
    assert 'href="/account/share"' in lead.get("/account").text


def test_a_week_is_not_shown_before_the_guess(app, lead, clock):
    clock.advance(days=7)
    assert lead.get("/weeks/2026-W48/share").location == "/weeks/2026-W48"
    assert lead.get("/weeks/2026-W48/picture.svg").status_code == 404


def test_what_is_no_week_range_or_colour_is_a_404(app, client, lead):
    for url in ("/weeks/2026-W54/share", "/weeks/2019-W01/picture.svg", "/account/share?range=x",
                "/account/picture.svg?range=", f"{WEEK}/picture.svg?colours=pink"):  # fmt: skip
        assert lead.get(url).status_code == 404, url
    with app.app_context():
        ben = cast.leader("Ben")
    cast.sign_in(client, ben)  # who has no account yet
    assert client.get("/account/share").status_code == 404
    assert client.get("/account/picture.svg").status_code == 404


def test_a_picture_needs_nothing_from_elsewhere(lead):
    urls = (f"{WEEK}/picture.svg", "/account/picture.svg")
    for url, colours in itertools.product(urls, PALETTES):
        picture = drawn(lead, f"{url}?colours={colours}")
        assert picture.find(f"{SVG}rect").get("fill") == PALETTES[colours]["paper"]
        assert {node.tag for node in picture.iter()}.isdisjoint(
            {f"{SVG}style", f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject"}
        )
        assert not [
            n for n in picture.iter() if n.get("style") or n.get("class") not in (None, "sprite")
        ]
        addresses = [node.get("href") for node in picture.iter() if node.get("href")]
        ids = {f"#{node.get('id')}" for node in picture.iter() if node.get("id")}
        assert addresses
        assert set(addresses) <= ids


def test_hostile_words_stay_words(app, lead):
    for title in ("<script>x</script>&\"'", "\ufffe\uffffx", "\u202eevil", "W" * 120):
        change(app, Commitment, title=title)
        change(app, Leader, name=title[:60])
        picture = drawn(lead, f"{WEEK}/picture.svg{CHOSEN}")
        assert not list(picture.iter(f"{SVG}script")), title
        said = words(picture)
        assert said.count("\u2066") + said.count("\u2068") == said.count("\u2069")


def test_it_is_mirrored_where_people_read_from_right_to_left(app, lead):
    def wordmark(picture):
        return next(node for node in picture.iter(f"{SVG}text") if node.text == "Kept")

    left = float(wordmark(drawn(lead, f"{WEEK}/picture.svg")).get("x"))
    change(app, Leader, locale="ar")
    picture = drawn(lead, f"{WEEK}/picture.svg")
    assert picture.get("direction") == "rtl"
    assert float(wordmark(picture).get("x")) == WIDTH - left


def test_many_promises_stay_within_the_picture(app, lead):
    with app.app_context():
        for n in range(12):
            cast.promise(db.session.get(Leader, 1), f"Promise {n}")
    picture = drawn(lead, f"{WEEK}/picture.svg?promises=yes")
    assert "more" in words(picture)
    places = [float(node.get("y")) for node in picture.iter(f"{SVG}text")]
    assert max(places) < HEIGHT
    lines = sorted(
        {float(p) for p in re.findall(r"M84 ([\d.]+)h", lead.get(f"{WEEK}/picture.svg").text)}
    )
    assert lines[-1] == 1172
