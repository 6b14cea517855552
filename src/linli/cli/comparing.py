"""Two deployments side by side on a screen."""

from rich.console import Console
from rich.table import Table

from linli.kernel.texts import Language, Text, catalogue, plain
from linli.planning.comparison import Comparison, People, compare
from linli.planning.deployment import Deployment

__all__ = ["print_comparison"]

say = catalogue("linli.cli")

Row = tuple[Text, Text, Text]
MOST_MOVED = 20


def print_comparison(left: Deployment, right: Deployment, language: Language) -> None:
    """Print what changes from the left deployment to the right one."""
    change = compare(left, right)
    console = Console(highlight=False, soft_wrap=True)
    table = Table(title=say("compare.title").in_(language), title_justify="left")
    for heading in (say("compare.what"), _head(left), _head(right)):
        table.add_column(heading.in_(language))
    for row in (*_figures(change), *_posts(change), *_people(change), *_statuses(change)):
        table.add_row(*(cell.in_(language) for cell in row))
    console.print(table)
    console.print(_moved(change).in_(language), markup=False)
    for place in change.moved[:MOST_MOVED]:
        line = say("compare.place", code=place.code, name=place.name, left=place.left, right=place.right)
        console.print(line.in_(language), markup=False)


def _head(deployment: Deployment) -> Text:
    return plain(f"{deployment.territory.id} · {deployment.pack.id} · {deployment.pack.on}")


def _figures(change: Comparison) -> list[Row]:
    numbers = [
        ("beats", f"{change.beats.left:,}", f"{change.beats.right:,}"),
        ("mean_minutes", f"{change.mean_minutes.left:.2f}", f"{change.mean_minutes.right:.2f}"),
        ("longest_minutes", _number(change.longest_minutes.left), _number(change.longest_minutes.right)),
        ("mean_distance", f"{change.mean_distance.left:.3f}", f"{change.mean_distance.right:.3f}"),
        ("spread", _percent(change.balance.left.spread), _percent(change.balance.right.spread)),
        ("outside_rule", f"{change.balance.left.count.outside:,}", f"{change.balance.right.count.outside:,}"),
        (
            "in_pieces",
            f"{change.balance.left.count.in_pieces:,}",
            f"{change.balance.right.count.in_pieces:,}",
        ),
    ]
    return [(say(f"compare.{what}"), plain(left), plain(right)) for what, left, right in numbers]


def _posts(change: Comparison) -> list[Row]:
    return [
        (say(f"kind.{post.kind.value}"), plain(post.left), plain(post.right))
        for post in change.posts
        if post.left or post.right
    ]


def _people(change: Comparison) -> list[Row]:
    return [
        (
            say("summary.people", role=say(f"role.{gap.role.value}"), clause=gap.clause),
            _shown(gap.left),
            _shown(gap.right),
        )
        for gap in change.gaps
    ]


def _shown(people: People | None) -> Text:
    if people is None:
        return plain("–")
    gap = say("summary.unknown") if people.gap is None else plain(f"{people.gap:,}")
    return say("compare.people", required=f"{people.required:,}", gap=gap)


def _statuses(change: Comparison) -> list[Row]:
    """Only the checks whose outcome differs."""
    rows = []
    for status in change.statuses:
        if status.left != status.right or status.not_met.differs:
            left, right = (
                plain("–") if word is None else say(f"word.{word}", count=count)
                for word, count in ((status.left, status.not_met.left), (status.right, status.not_met.right))
            )
            rows.append(
                (
                    Text(zh=f"{status.clause} {status.title.zh}", en=f"{status.clause} {status.title.en}"),
                    left,
                    right,
                )
            )
    return rows


def _moved(change: Comparison) -> Text:
    return say(
        "compare.moved",
        moved=len(change.moved),
        stayed=change.same_places,
        only_left=len(change.only_left),
        only_right=len(change.only_right),
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f} %"
