"""What a plan came to, on one screen: beats, posts, people, clauses and how far the search got."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.table import Table

from linli.kernel.texts import Language, Text, catalogue, plain
from linli.planning.comparison import people_by_role
from linli.planning.deployment import CheckStatus, ClauseCheck, Deployment
from linli.planning.yardstick import Count, count_beats
from linli.report.figures import judged_checks, published_figures, totals, word

__all__ = ["print_summary"]

say = catalogue("linli.cli")

Row = tuple[Text, Text]

STATUSES: Final[tuple[CheckStatus, ...]] = (
    "met",
    "not_met",
    "not_yet_due",
    "unknown",
    "waiting",
    "not_applicable",
    "declined",
    "reproduced",
    "differs",
    "worked_out",
)


def print_summary(deployment: Deployment, language: Language) -> None:
    """Print the summary of a deployment."""
    table = Table(title=_title(deployment).in_(language), show_header=False, title_justify="left")
    # Chinese has no spaces to break at: a cell folds anywhere rather than losing a figure.
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for what, value in (
        *_beats(deployment),
        *_posts(deployment),
        *_people(deployment),
        *_clauses(deployment),
    ):
        table.add_row(what.in_(language), value.in_(language))
    for what, value in _searches(deployment):
        table.add_row(what.in_(language), value.in_(language))
    Console(highlight=False, soft_wrap=True).print(table)


def _title(deployment: Deployment) -> Text:
    return say(
        "summary.title",
        territory=deployment.territory.name,
        pack=deployment.pack.title,
        on=deployment.pack.on,
        seed=deployment.seed,
    )


def _beats(deployment: Deployment) -> list[Row]:
    size = say(
        "summary.beats_value",
        beats=len(deployment.beats),
        stations=len(deployment.stations),
        places=len(deployment.places),
    )
    found = count_beats(deployment)
    rows = [(say("summary.beats"), size), (say("summary.rule"), _rule(found))]
    rows.append((say("summary.pieces"), _pieces(found)))
    if found.heavy:
        heavy = say("summary.heavy_value", count=found.heavy, worth=found.worth_beats)
        rows.append((say("summary.heavy"), heavy))
    return [*rows, *_today(deployment), *_travel(deployment)]


def _today(deployment: Deployment) -> list[Row]:
    """What became of today's beats, and why places leave them."""
    keeping = deployment.keeping
    if keeping is None:
        return []
    value = say(
        "summary.today_value",
        beats=keeping.beats,
        unchanged=keeping.unchanged,
        places=keeping.places,
        kept=keeping.kept,
        weight=f"{keeping.weight:g}",
    )
    reasons = Counter(place.left for place in deployment.places if place.left is not None)
    listed = [
        say("summary.left_value", reason=word("left", reason), count=count)
        for reason, count in reasons.most_common()
    ]
    rows = [(say("summary.today"), value)]
    return [*rows, (say("summary.left"), _joined(listed))] if listed else rows


def _rule(found: Count) -> Text:
    """How many beats are inside the rule of their clause, by the rule's own measure."""
    named = say("summary.rule_named") if found.outside else plain("")
    unknown = say("summary.rule_unknown", count=found.not_known) if found.not_known else plain("")
    return say("summary.rule_value", inside=found.inside, outside=found.outside, named=named, unknown=unknown)


def _pieces(found: Count) -> Text:
    if not found.in_pieces:
        return say("summary.pieces_none", beats=found.beats)
    whole = found.beats - found.in_pieces
    return say("summary.pieces_value", whole=whole, apart=found.in_pieces, most=found.most_pieces)


def _travel(deployment: Deployment) -> list[Row]:
    found = totals(deployment)
    travel = say(
        "summary.travel_value",
        mean=_minutes(found.mean_minutes),
        longest=_minutes(found.longest_minutes),
        note=_without_stop(deployment.territory.travel_note),
    )
    rows = [(say("summary.travel"), travel)]
    if found.farthest_minutes is not None:
        farthest = say("summary.to_post_value", longest=_minutes(found.farthest_minutes))
        rows.append((say("summary.to_post"), farthest))
    return rows


def _without_stop(sentence: Text) -> Text:
    """A sentence as it stands inside brackets."""
    return Text(zh=sentence.zh.rstrip("。"), en=sentence.en.rstrip("."))


def _minutes(value: float | None) -> str:
    return f"{value or 0.0:.1f}"


def _posts(deployment: Deployment) -> list[Row]:
    kinds = Counter(post.kind.value for post in deployment.posts)
    shown = [say(f"summary.{kind}", count=count) for kind, count in sorted(kinds.items())]
    return [(say("summary.posts"), _joined(shown) if shown else say("summary.none"))]


def _people(deployment: Deployment) -> list[Row]:
    rows = []
    for (clause, role), people in people_by_role(deployment).items():
        unknown = say("summary.unknown")
        value = say(
            "summary.people_value",
            required=f"{people.required:,}",
            have=unknown if people.have is None else plain(f"{people.have:,}"),
            gap=unknown if people.gap is None else plain(f"{people.gap:,}"),
        )
        rows.append((say("summary.people", role=say(f"role.{role.value}"), clause=clause), value))
    return rows


def _clauses(deployment: Deployment) -> list[Row]:
    judged, published = judged_checks(deployment), published_figures(deployment)
    rows = [(say("summary.checks"), _outcomes(judged) if judged else say("summary.none"))]
    if published:
        rows.append((say("summary.figures"), _outcomes(published)))
    return rows


def _outcomes(checks: Iterable[ClauseCheck]) -> Text:
    counts = Counter(check.status for check in checks)
    return _joined([say(f"status.{status}", count=counts[status]) for status in STATUSES if counts[status]])


def _searches(deployment: Deployment) -> list[Row]:
    rows = []
    for search in deployment.searches:
        gap = (
            say("summary.no_bound")
            if search.gap is None
            else say("summary.gap", gap=f"{search.gap * 100:.2f}")
        )
        value = say(
            "summary.search_value", ended=say(f"ended.{search.ended}"), iterations=search.iterations, gap=gap
        )
        rows.append((say(f"progress.{search.part}"), value))
    return rows


def _joined(texts: list[Text]) -> Text:
    return Text(zh="，".join(text.zh for text in texts), en=", ".join(text.en for text in texts))
