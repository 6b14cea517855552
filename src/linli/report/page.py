"""plan.html: one file with everything in it, which opens from a disk on a machine without a network.

The page's scripts run only by their hashes (Content-Security-Policy); nothing in the page asks the
network for anything. Every text is there in both languages; without scripts a static map and the
clauses remain.
"""

import base64
import hashlib
import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from linli.assessment.chance.results import ChanceTable
from linli.kernel.texts import Language, Text, catalogue
from linli.planning.deployment import Deployment
from linli.report.chance import chance_view
from linli.report.clauses import clause_entries, figure_entries, measured
from linli.report.figures import TOLERANCE, credits_of, tolerances, word
from linli.report.layers import map_layers, telling
from linli.report.maps import draw_map
from linli.report.method import figures, method, number, synthetic_banner
from linli.report.payload import page_payload
from linli.report.shapes import Shapes
from linli.report.tables import Tables
from linli.report.wording import formula_words, unit_words

__all__ = [
    "asset",
    "asset_text",
    "environment",
    "picture",
    "policy",
    "render_page",
    "script_data",
    "write_page",
]

SCRIPTS = ("map-engine", "chart-engine", "plan")
TABLES = ("stations", "beats", "posts", "roles", "hiring", "places")


def write_page(
    deployment: Deployment,
    shapes: Shapes,
    path: Path,
    *,
    language: Language = "zh",
    chance: ChanceTable | None = None,
) -> None:
    """Write the page of a plan; ``language`` is the one it opens in."""
    text = render_page(deployment, shapes, language=language, chance=chance)
    path.write_text(text, encoding="utf-8", newline="\n")


def render_page(
    deployment: Deployment, shapes: Shapes, *, language: Language = "zh", chance: ChanceTable | None = None
) -> str:
    """The page as text; with ``chance``, beside each scoring clause what chance alone would make of it."""
    say = catalogue(__package__)
    payload = page_payload(deployment, shapes, language=language)
    payload["tolerance"] = min(tolerances(deployment).values(), default=TOLERANCE)
    layer = telling(map_layers(deployment))[0]
    scripts = [asset(f"{name}.js") for name in SCRIPTS]
    styles = [asset("map.css"), asset("page.css")]
    return (
        environment()
        .get_template("page.html")
        .render(
            deployment=deployment,
            language=language,
            title=say("title.plan", territory=deployment.territory.name),
            banner=synthetic_banner(deployment),
            figures=figures(deployment),
            clauses=clause_entries(deployment),
            published=figure_entries(deployment),
            failing_names=Tables(deployment).failing_names,
            paragraphs=method(deployment, from_points=shapes.from_points, chance=chance is not None),
            chance=chance_view(chance),
            table_ids=TABLES,
            credits=credits_of(deployment),
            static_map=picture(draw_map(deployment, shapes, layer, language=language)),
            static_alt=say("html.map.alt", territory=deployment.territory.name, layer=layer.title),
            payload=script_data(payload),
            worker=Markup(asset("map-worker.js")),  # noqa: S704 - our own built file
            scripts=[Markup(s) for s in scripts],  # noqa: S704
            styles=[Markup(s) for s in styles],  # noqa: S704
            policy=policy(scripts),
        )
    )


@cache
def environment() -> jinja2.Environment:
    """The templates, every value in them escaped."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("linli.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        say=catalogue(__package__),
        word=word,
        measured=measured,
        unit_words=unit_words,
        formula_words=formula_words,
    )
    made.filters.update(number=number, both=_both)
    return made


def _both(text: Text) -> Markup:
    """A text in both languages, of which the style sheet shows one."""
    if text.zh == text.en:
        return Markup("{}").format(text.zh)
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
        text.zh, text.en
    )


@cache
def asset(name: str) -> str:
    """A built file of the page; long scripts are kept in parts."""
    folder = resources.files("linli.report") / "static"
    whole = folder / name
    if whole.is_file():
        return whole.read_text(encoding="utf-8")
    stem = name.rpartition(".")[0]
    parts = sorted(
        p.name for p in folder.iterdir() if p.name.startswith(f"{stem}.") and p.name.endswith(".part")
    )
    return "".join((folder / part).read_text(encoding="utf-8") for part in parts)


@cache
def asset_text(name: str) -> str:
    """A style sheet kept beside the templates."""
    return (resources.files("linli.report") / "templates" / name).read_text(encoding="utf-8")


def policy(scripts: list[str]) -> str:
    """The page's Content-Security-Policy: these scripts and no others, no network at all."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "worker-src blob:; connect-src blob: data:; base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def script_data(value: Any) -> Markup:
    """JSON that cannot end the element that it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(re.sub("[<>\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04x}", text))  # noqa: S704


def picture(svg: str) -> str:
    """An SVG as the address of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
