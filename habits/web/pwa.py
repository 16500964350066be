"""Kept as an app on the phone: its manifest, its service worker, and the page without a network."""

from flask import Blueprint, Response, current_app, json, render_template
from flask_babel import gettext as _

from habits.web.fragments import html_locale, static
from habits.web.guards import config, public

page = Blueprint("pwa", __name__)

OFFLINE = "/offline"
PAPER = "#fbfaf5"
# What the worker lays in: all that Today, Week and Account are shown with.
SHELF = ("app.css", "more.css", "icons/favicon.svg", "vendor/htmx.min.js")
ONLINE = {"js/leave.js", "js/old-passkeys.js", "js/passkeys.js", "js/settings.js", "js/worker.js"}
SCREENSHOTS = (
    ("screenshots/today.png", "narrow", "720x1560"),
    ("screenshots/week.png", "narrow", "720x1560"),
    ("screenshots/wide.png", "wide", "1280x800"),
)
ICONS = (
    ("icons/app-192.png", "192x192", "any"),
    ("icons/app-512.png", "512x512", "any"),
    ("icons/app.svg", "any", "any"),
    ("icons/maskable-512.png", "512x512", "maskable"),
    ("icons/monochrome-512.png", "512x512", "monochrome"),
)
# Takes the place of the worker where the host switches it off: it removes itself and its copies.
RETIRED = """\
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil((async () => {
  await clients.claim();
  await registration.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
})()));
"""


@page.get("/manifest.webmanifest")
@public
def manifest():
    lang, direction = html_locale()
    body = {
        "id": "/",
        "name": "Kept",
        "short_name": "Kept",
        "description": _("A daily trust account for leaders"),
        "lang": lang,
        "dir": direction,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "display_override": ["standalone", "minimal-ui"],
        "orientation": "any",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["lifestyle", "productivity", "business"],
        "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
        "prefer_related_applications": False,
        "icons": [
            {"src": static(name), "sizes": sizes, "type": _type(name), "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [
            _shortcut(_("Check in"), "/", "icons/check-in-96.png"),
            _shortcut(_("This week"), "/weeks/", "icons/week-96.png"),
        ],
        "screenshots": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "form_factor": form}
            for name, form, sizes in SCREENSHOTS
        ],
    }
    response = Response(json.dumps(body), content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Accept-Language")
    return response


@page.get("/sw.js")
@public
def worker():
    """Another release of the files makes another worker, by the digest that names them."""
    if not config().worker:
        return _script(RETIRED)
    assets = current_app.extensions["assets"]
    scripts = [
        name for name in assets.files if name.startswith(("js/", "vendor/")) and ".js" in name
    ]
    files = [static(name) for name in (*SHELF, *sorted(scripts))] + [OFFLINE]
    return _script(
        f'import {{ start }} from "{static("js/worker.js")}";\n'
        f'start("{assets.digest}", {json.dumps(files)});\n'
    )


@page.get(OFFLINE)
@public
def offline():
    response = Response(render_template("pwa/offline.html"))
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Accept-Language")
    return response


def _script(text: str) -> Response:
    response = Response(text, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _shortcut(name: str, url: str, icon: str) -> dict:
    icons = [{"src": static(icon), "sizes": "96x96", "type": "image/png"}]
    return {"name": name, "url": url, "icons": icons}


def _type(name: str) -> str:
    return "image/svg+xml" if name.endswith(".svg") else "image/png"
