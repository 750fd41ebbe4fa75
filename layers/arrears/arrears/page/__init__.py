"""The look that every page shares: one file with everything in it, which asks nothing of anyone.

A page is a template in `templates/` that extends document.html; parts.html has what pages are made of. Charts are
described by facts and drawn by Observable Plot, whose script stands in the page; each has a table that says the same.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_SCRIPTS = ("vendor/d3.min.js", "vendor/plot.min.js", "charts.js")
_FONTS = {"regular": 400, "bold": 700}


def render(template: str, title: str, charts: Sequence[Mapping[str, Any]] = (), **told: Any) -> str:
    """A whole page from one template. What it is told is escaped; without charts it has no script at all.

    A chart is {"id", "kind", ...}; charts.js says what each kind is made of. Whatever is read here ends up on the page
    as it is, so it must be fit to be seen.
    """
    scripts = [_text(name) for name in _SCRIPTS] if charts else []
    described = json.dumps(list(charts), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return (
        _templates()
        .get_template(template)
        .render(
            title=title,
            style=_as_it_is(_style()),
            scripts=[_as_it_is(script) for script in scripts],
            charts=_as_it_is(described) if charts else None,  # cannot end its element: it has no "<"
            allowed=" ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'",
            **told,
        )
    )


@cache
def _templates() -> Environment:
    loader = PackageLoader(__package__, "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _style() -> str:
    faces = "".join(
        f"@font-face{{font-family:House;font-weight:{weight};src:url(data:font/woff2;base64,{_font(name)})}}\n"
        for name, weight in _FONTS.items()
    )
    return faces + _text("style.css")


def _as_it_is(text: str) -> Markup:
    """Text of our own files."""
    return Markup(text)  # noqa: S704  # nosec B704


def _font(name: str) -> str:
    return b64encode((resources.files(__package__) / "fonts" / f"{name}.woff2").read_bytes()).decode()


@cache
def _text(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8")


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
