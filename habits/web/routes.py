"""Rules of the URL map that compile what builds an address once somebody asks for one."""

from werkzeug.routing import Rule


class Route(Rule):
    """A rule that is quickly made: what builds its address takes most of the time to make an app,
    and few processes ever ask for all of them."""

    def _compile_builder(self, append_unknown=True):
        name = "_build_unknown" if append_unknown else "_build"
        compiled = super()._compile_builder

        def build(rule, **values):
            built = compiled(append_unknown).__get__(rule)
            setattr(rule, name, built)
            return built(**values)

        return build
