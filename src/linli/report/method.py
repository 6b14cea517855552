"""How the plan's figures came about, as paragraphs that every number can point to."""

from dataclasses import dataclass

from linli.kernel.texts import Catalogue, Text, catalogue, plain
from linli.planning.deployment import Deployment, SearchSummary
from linli.planning.yardstick import Count, count_beats, in_pieces
from linli.report.figures import TOLERANCE, tolerances, totals, word
from linli.report.wording import rule_words

__all__ = ["Figure", "Paragraph", "figures", "method", "number", "synthetic_banner"]

MOST_NAMED = 50
"""Beats in pieces that the method section names; the tables have all."""

POSITIONS = frozenset({"longitude", "latitude"})


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One part of the method section; ``id`` is its anchor."""

    id: str
    title: Text
    texts: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of the first page: shown value, its unit, the anchor it rests on."""

    key: str
    label: Text
    value: Text
    number: float | int | None
    unit: Text
    basis: str


def number(value: float | int | None, digits: int = 0) -> str:
    """A number as the report prints it: thousands separated, a dash for what is not known."""
    return "—" if value is None else f"{value:,.{digits}f}"


def figures(deployment: Deployment) -> tuple[Figure, ...]:
    """The figures of the first page, in the order in which a planner asks for them."""
    found = totals(deployment)
    not_met = sum(c.status == "not_met" for c in deployment.checks)
    judged = sum(c.status in ("met", "not_met") for c in deployment.checks)
    return (
        _figure("stations", found.stations, "one", "method-residents"),
        _figure("places", found.places, "one", "method-residents"),
        _figure("residents", found.residents, "person", "method-residents"),
        _figure("beats", found.beats, "one", "method-search"),
        _figure("posts", found.posts, "one", "method-search"),
        _figure("new_posts", found.new_posts, "one", "method-search"),
        _counted("outside_rule", found.count.outside, found.count, "method-rule"),
        _counted("in_pieces", found.count.in_pieces, found.count, "method-neighbours"),
        _figure("mean_minutes", found.mean_minutes, "minutes", "method-travel", 1),
        _figure("longest_minutes", found.longest_minutes, "minutes", "method-travel", 1),
        _figure("farthest_minutes", found.farthest_minutes, "minutes", "method-travel", 1),
        _figure("gap", found.gap, "person", "method-staffing"),
        _share("not_met", not_met, judged, "clauses"),
    )


def _figure(key: str, value: float | int | None, unit: str, basis: str, digits: int = 0) -> Figure:
    say = catalogue(__package__)
    return Figure(
        key=key,
        label=say(f"figure.{key}"),
        value=plain(number(value, digits)),
        number=value if value is None else round(value, digits),
        unit=say(f"unit.{unit}"),
        basis=basis,
    )


def _share(key: str, part: int, whole: int, basis: str) -> Figure:
    say = catalogue(__package__)
    return Figure(
        key=key,
        label=say(f"figure.{key}"),
        value=say("figure.of", part=number(part), whole=number(whole)),
        number=part,
        unit=say("unit.one"),
        basis=basis,
    )


def _counted(key: str, part: int, found: Count, basis: str) -> Figure:
    """So many of all beats; a dash where no beat can be judged."""
    if key == "outside_rule" and found.not_known == found.beats:
        return _figure(key, None, "one", basis)
    return _share(key, part, found.beats, basis)


def synthetic_banner(deployment: Deployment) -> Text | None:
    """The sentence that says what is made up, or ``None`` where nothing is."""
    made_up = deployment.territory.synthetic
    if not made_up:
        return None
    say = catalogue(__package__)
    fields = {name.rpartition(".")[2] for name in made_up}
    words = [say("synthetic.position")] if fields & POSITIONS else []
    words += [word("field", name) for name in sorted(fields - POSITIONS, key=_by_weight)]
    return say("synthetic.fields", fields=_listed(words))


def _by_weight(field: str) -> tuple[bool, str]:
    return field != "residents", field


def _listed(words: list[Text]) -> Text:
    """Words as a list in a sentence; English begins with a capital."""
    say = catalogue(__package__)
    comma, last = say("synthetic.separator"), say("synthetic.last")
    head, tail = words[:-1], words[-1]
    if not head:
        return Text(zh=tail.zh, en=tail.en[:1].upper() + tail.en[1:])
    zh = comma.zh.join(w.zh for w in head) + last.zh + tail.zh
    en = comma.en.join(w.en for w in head) + last.en + tail.en
    return Text(zh=zh, en=en[:1].upper() + en[1:])


def method(deployment: Deployment, *, from_points: bool, chance: bool = False) -> tuple[Paragraph, ...]:
    """How residents, workload, balance, travel, staff, neighbours, outlines and chance were reckoned."""
    say = catalogue(__package__)
    weights = deployment.weights
    outlines = say("method.shapes.points") if from_points else say("method.shapes.borders")
    adjacency = word("adjacency", deployment.territory.adjacency_method)
    return (
        _paragraph("residents", *_counting(deployment, say)),
        _paragraph(
            "workload",
            say(
                "method.workload.text",
                residents=f"{weights.residents:g}",
                incidents=f"{weights.incidents:g}",
                premises=f"{weights.premises:g}",
            ),
        ),
        _paragraph("rule", *_rules(deployment, say)),
        *((_paragraph("today", *_today(deployment, say)),) if deployment.keeping else ()),
        _paragraph("balance", say("method.balance.text", tolerance=_tolerance_words(deployment))),
        _paragraph("travel", _travel(deployment, say)),
        _paragraph("staffing", say("method.staffing.text")),
        _paragraph(
            "neighbours", say("method.neighbours.text", adjacency=adjacency), *_pieces(deployment, say)
        ),
        _paragraph("shapes", outlines),
        _paragraph("search", *(_search(s, say) for s in deployment.searches)),
        *((_paragraph("chance", say("method.chance.text")),) if chance else ()),
    )


def _paragraph(key: str, *texts: Text) -> Paragraph:
    return Paragraph(id=f"method-{key}", title=catalogue(__package__)(f"method.{key}"), texts=texts)


def _counting(deployment: Deployment, say: Catalogue) -> list[Text]:
    sources = deployment.territory.sources
    joined = Text(zh="；".join(s.zh for s in sources), en="; ".join(s.en for s in sources))
    texts = [say("method.residents.text", sources=joined)]
    missing = totals(deployment).places_without_residents
    if missing:
        texts.append(say("method.residents.missing", count=missing))
    banner = synthetic_banner(deployment)
    if banner is not None:
        meaning = say("synthetic.meaning")
        texts.append(Text(zh=f"{banner.zh}。{meaning.zh}", en=f"{banner.en}. {meaning.en}"))
    return texts


def _rules(deployment: Deployment, say: Catalogue) -> list[Text]:
    """What each clause measures a beat in and how far it may go, and how many beats are outside."""
    found = count_beats(deployment)
    texts = [say("method.rule.text")]
    texts += [say("method.rule.one", clause=r.clause, rule=rule_words(r)) for r in deployment.beat_rules]
    texts.append(say("method.rule.count", outside=found.outside, beats=found.beats))
    if found.not_known:
        texts.append(say("method.rule.unknown", count=found.not_known))
    return texts


def _today(deployment: Deployment, say: Catalogue) -> list[Text]:
    """How many of today's beats and places stay, and each place that does not, with its reason."""
    keeping = deployment.keeping
    if keeping is None:
        return []
    counts = {name: getattr(keeping, name) for name in ("beats", "unchanged", "places", "kept")}
    texts = [say("method.today.text", weight=f"{keeping.weight:g}", **counts)]
    leaving: dict[str, list[str]] = {}
    for place in deployment.places:
        if place.left is not None:
            leaving.setdefault(place.left, []).append(place.name)
    for reason, names in leaving.items():
        more = "…" if len(names) > MOST_NAMED else ""
        shown = Text(zh="、".join(names[:MOST_NAMED]) + more, en=", ".join(names[:MOST_NAMED]) + more)
        texts.append(say("method.today.left", reason=word("left", reason), count=len(names), names=shown))
    return texts


def _pieces(deployment: Deployment, say: Catalogue) -> list[Text]:
    found = count_beats(deployment)
    texts = [say("method.pieces.text", apart=found.in_pieces, beats=found.beats)]
    if found.in_pieces:
        names = [say("method.pieces.one", name=b.name, pieces=b.parts) for b in in_pieces(deployment)]
        texts.append(_listed(names[:MOST_NAMED]))
    return texts


def _tolerance_words(deployment: Deployment) -> str:
    stated = sorted(set(tolerances(deployment).values())) or [TOLERANCE]
    return " / ".join(f"{t * 100:g}%" for t in stated)


def _travel(deployment: Deployment, say: Catalogue) -> Text:
    note = deployment.territory.travel_note
    return say("method.travel.text", note=Text(zh=note.zh.rstrip("。"), en=note.en.rstrip(".")))


def _search(search: SearchSummary, say: Catalogue) -> Text:
    gap = say("method.search.no_gap")
    if search.gap is not None:
        gap = say("method.search.gap", gap=f"{search.gap * 100:.2f}%")
    return say(
        "method.search.text",
        part=word("part", search.part),
        method=search.method,
        objective=f"{search.objective:,.6g}",
        gap=gap,
        iterations=f"{search.iterations:,}",
        ended=word("ended", search.ended),
    )
