"""The check that every page passes has to be one that a page can fail."""

import pytest

from tests.html import problems

PAGE = "<!doctype html><html lang=en><head><title>Today</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    "good",
    [
        '<label>Name <input name="name"></label>',
        '<label for="n">Name</label><input id="n" name="name">',
        '<input type="hidden" name="key"><input name="q" aria-label="Search">',
        '<button data-hx-post="/x" data-hx-target="#row"><svg><title>Kept</title></svg></button>'
        '<p id="row"></p>',
        '<a href="#row">Row</a><p id="row"></p>',
        '<script src="/static/app.js"></script><script type="application/json">{}</script>',
        "<dialog><p>A sheet</p></dialog>",
        "<p>Fish &amp; chips</p>",
    ],
)
def test_a_good_page_has_no_problems(good):
    assert problems(PAGE.format(good)) == []
    assert problems(good) == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ('<p id="a"></p><p id="a"></p>', "id 'a' 2 times"),
        ('<input name="name">', "has no label"),
        ('<label for="m">Name</label><p id="m"></p><input id="n" name="name">', "has no label"),
        ("<select></select>", "has no label"),
        ("<button><svg></svg></button>", "without a name"),
        ('<a href="/"></a>', "without a name"),
        ('<img src="/x.png">', "without alt"),
        ('<p style="color: red">x</p>', "inline style"),
        ("<style>p { color: red }</style>", "inline style"),
        ("<script>alert(1)</script>", "inline script"),
        ('<p onclick="x()">x</p>', "attribute onclick"),
        ('<p hx-get="/x">x</p>', "attribute hx-get"),
        ('<p data-hx-on:click="x()">x</p>', "attribute data-hx-on:click"),
        ('<a href="javascript:alert(1)">x</a>', "code in href"),
        ('<p data-hx-vals="js:{a: 1}">x</p>', "code in data-hx-vals"),
        ("<p><div>x</div></p>", "unexpected-end-tag"),
        ("<form><form></form></form>", "unexpected-start-tag"),
        ("<p>Fish &chips; &nbsp</p>", "entity"),
        ("<ul><li>x</span></ul>", "unexpected-end-tag"),
    ],
)
def test_a_bad_page_and_a_bad_fragment_are_found(bad, said):
    assert any(said in problem for problem in problems(PAGE.format(bad))), problems(bad)
    assert any(said in problem for problem in problems(bad))


@pytest.mark.parametrize(
    "dangling",
    [
        '<button data-hx-get="/x" data-hx-target="#gone">x</button>',
        '<p aria-describedby="gone">x</p>',
        '<button popovertarget="gone">x</button>',
        '<a href="#gone">x</a>',
    ],
)
def test_on_a_page_every_reference_leads_somewhere(dangling):
    assert any("no such id" in problem for problem in problems(PAGE.format(dangling)))
    assert problems(dangling) == []  # a fragment may point into the page around it


def test_a_page_has_a_language_and_a_title():
    page = "<!doctype html><html><head><title> </title></head><body></body></html>"
    assert problems(page) == ["<html> without lang", "no title"]
