"""Gettext for pages: fixed texts are compiled into their template, one of each language."""

from collections import defaultdict
from contextlib import contextmanager

from babel import Locale
from flask import g
from flask.templating import Environment as FlaskEnvironment
from flask_babel import force_locale, get_locale, get_translations
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

TEXTS = ("_", "gettext")
OF_A_LANGUAGE = ("spoken", "catalogue", "compiled")  # what g holds while one is spoken
ICONS, SIGNS = "components/icons.html", ("icon", "mark")


class Plain(Template):
    """One that is imported without asking whether whoever imports it has globals of its own."""

    def _get_default_module(self, ctx=None):
        return super()._get_default_module()  # none has: a page of macros asked nine times


class Environment(FlaskEnvironment):
    """Compiles a template once for each language in which it is asked for.

    A page has hundreds of texts, the same for everyone who speaks its language.
    """

    template_class = Plain

    @property
    def cache(self):
        try:
            return g.compiled
        except AttributeError:
            g.compiled = self._compiled[str(spoken())]
            return g.compiled

    @cache.setter
    def cache(self, _empty):
        self._compiled = defaultdict(dict)

    def _parse(self, source, name, filename):
        tree = super()._parse(source, name, filename)
        return _Fixed(self, name).visit(tree).set_environment(self)


class _Fixed(NodeTransformer):
    """Puts a text or a sign itself where a template asks for a fixed one."""

    def __init__(self, environment, template):
        self.environment, self.in_icons = environment, template == ICONS

    def visit_Call(self, node):
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or not _takes_constants(node):
            return node
        if node.node.name in SIGNS and not node.kwargs and not self.in_icons:
            return self._sign(node)
        if node.node.name in TEXTS and len(node.args) == 1:
            return self._text(node)
        return node

    def _sign(self, node):
        drawn = getattr(self.environment.get_template(ICONS).module, node.node.name)
        return nodes.Const(drawn(*(each.value for each in node.args)), lineno=node.lineno)

    def _text(self, node):
        text = _catalogue().gettext(node.args[0].value)
        if "%" not in text:
            return nodes.Const(Markup(text), lineno=node.lineno)
        inserted = [nodes.Pair(nodes.Const(each.key), each.value) for each in node.kwargs]
        return nodes.Mod(nodes.Const(Markup(text)), nodes.Dict(inserted), lineno=node.lineno)


def install(app):
    """Give the templates `_` and `ngettext` that escape what they insert."""
    app.jinja_env.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        pgettext=pgettext,
        isolated=lambda text: Markup("<bdi>{}</bdi>").format(text),
        strong=lambda text: Markup("<b>{}</b>").format(text),
    )


def gettext(message: str, **inserted) -> Markup:
    """The text in this page's language, with what is inserted escaped."""
    return _filled(_catalogue().gettext(message), inserted)


def ngettext(singular: str, plural: str, num: int, **inserted) -> Markup:
    """The same for a text that counts; `num` can be inserted too."""
    text = _catalogue().ngettext(singular, plural, num)
    return _filled(text, {"num": num} | inserted)


def pgettext(context: str, message: str) -> Markup:
    """The text where the same English means something else."""
    return Markup(_catalogue().pgettext(context, message))


def plain(message: str, **inserted) -> str:
    """The same as `gettext` for what a template will escape."""
    text = _catalogue().gettext(message)
    return text % inserted if inserted else text


def plural(singular: str, many: str, num: int) -> str:
    """The same for a text that counts."""
    return _catalogue().ngettext(singular, many, num) % {"num": num}


@contextmanager
def speaking(locale: str):
    """Another language than the request's, for a while."""
    before = {name: g.pop(name) for name in OF_A_LANGUAGE if name in g}
    with force_locale(locale):
        yield
    for name in OF_A_LANGUAGE:
        g.pop(name, None)
    for name, value in before.items():
        setattr(g, name, value)


def spoken() -> Locale:
    """The language of this request."""
    try:
        return g.spoken
    except AttributeError:
        g.spoken = get_locale()
        return g.spoken


def _takes_constants(node) -> bool:
    constant = all(isinstance(each, nodes.Const) for each in node.args)
    return constant and not (node.dyn_args or node.dyn_kwargs)


def _catalogue():
    try:
        return g.catalogue
    except AttributeError:
        g.catalogue = get_translations()
        return g.catalogue


def _filled(text: str, inserted: dict) -> Markup:
    if "%" not in text:
        return Markup(text)
    return Markup(text) % inserted
