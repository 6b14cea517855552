"""Standard addresses (clause H9), found by what people say of them.

Kept of each address are the two-character pieces of two of its forms (``linli.kernel.spelling``): as it is
written and as it is said. What somebody types is brought to the form as it is said, so that
泇河社区居民委员会团结街159号 is found by 泇河社区团结街159号, by 泇河团结街159 and by 团结街 alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Count, QuerySet
from django.db.models.functions import Length

from linli.kernel.spelling import spoken, written
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Address, AddressGram

__all__ = [
    "address_pieces",
    "addresses_like",
    "best_of",
    "keep_addresses",
    "keep_pieces",
    "likely_addresses",
    "put_pieces_right",
    "typed_pieces",
]

_LOOKED_AT: Final = 200
"""Most addresses that hold the words and are compared by what the words are in them."""


def address_pieces(text: str) -> list[str]:
    """What is kept of an address to find it by."""
    return list(dict.fromkeys(piece for form in (spoken(text), written(text)) for piece in _pairs(form)))


def typed_pieces(typed: str) -> list[str]:
    """The pieces that an address must hold to be meant by what was typed; none of an empty text."""
    return _pairs(spoken(typed))


def _pairs(form: str) -> list[str]:
    if len(form) == 1:
        return [form]
    return list(dict.fromkeys(form[i : i + 2] for i in range(len(form) - 1)))


def addresses_like(found: QuerySet[Address], typed: str) -> QuerySet[Address]:
    """Of some addresses those that hold the words; all of them where nothing was typed."""
    pieces = typed_pieces(typed)
    if not pieces:
        return found if not typed.strip() else found.none()
    return found.filter(grams__gram__in=pieces).annotate(hits=Count("grams")).filter(hits=len(pieces))


def likely_addresses(typed: str, *, most: int) -> list[Address]:
    """The addresses that somebody may mean, the likeliest first; two queries at most.

    Who says the county or the township before the community is understood where the register has it without.
    """
    for words in dict.fromkeys((spoken(typed), _without_area(spoken(typed)))):
        if len(words) < 2:
            continue
        rows = addresses_like(Address.objects.all(), words).order_by(Length("text"), "text")
        found = sorted(rows[:_LOOKED_AT], key=lambda one: _unlike(one, words))
        if found:
            return found[:most]
    return []


def best_of(likely: Sequence[Address], typed: str) -> Address | None:
    """The one address that was surely meant; ``None`` where it may be several, or another one.

    Its words are all that was typed; or they end so and its community was named; or it is the only one that
    holds the words, with the figures whole: 团结街15 is not 团结街159.
    """
    words = dict.fromkeys((spoken(typed), _without_area(spoken(typed))))
    degrees = [(min(_unlike(one, each) for each in words), one) for one in likely]
    same = [one for degree, one in degrees if degree == _SAME]
    ends = [one for degree, one in degrees if degree == _ENDS and _names_place(one, next(iter(words)))]
    for found in (same, ends):
        if found:
            return found[0] if len(found) == 1 else None
    return likely[0] if len(likely) == 1 and degrees[0][0] < _PIECES else None


def _names_place(address: Address, words: str) -> bool:
    places = current_map()
    place = None if places is None else places.places.get(address.place_code)
    return place is not None and spoken(place.name) in words


_SAME, _ENDS, _HOLDS, _PIECES = range(4)


def _unlike(address: Address, words: str) -> int:
    """How far an address is from what was typed; a figure that goes on is another figure."""
    forms = (spoken(address.text), written(address.text))
    if words in forms:
        return _SAME
    if any(form.endswith(words) and not _cuts(form, words, start=True) for form in forms):
        return _ENDS
    if any(words in form and not _cuts(form, words, start=False) for form in forms):
        return _HOLDS
    return _PIECES


def _cuts(form: str, words: str, *, start: bool) -> bool:
    """Whether the words begin or end in the middle of a figure of the address."""
    at = form.rfind(words) if start else form.find(words)
    after = form[at + len(words) : at + len(words) + 1]
    before = form[at - 1 : at] if at > 0 else ""
    return (words[-1:].isdigit() and after.isdigit()) or (words[:1].isdigit() and before.isdigit())


def _without_area(words: str) -> str:
    """The words without the county and the township that they begin with."""
    places = current_map()
    if places is None:
        return words
    county = spoken(places.named("zh"))
    townships = sorted((spoken(one.name) for one in places.stations.values()), key=len, reverse=True)
    rest = words.removeprefix(county)
    return next((rest.removeprefix(one) for one in townships if one and rest.startswith(one)), rest)


def keep_addresses(addresses: Iterable[Address]) -> int:
    """Keep addresses and what they are found by; one that is known already is left as it is."""
    known = set(Address.objects.values_list("code", flat=True))
    fresh = Address.objects.bulk_create([one for one in addresses if one.code not in known], batch_size=500)
    keep_pieces(fresh)
    return len(fresh)


def keep_pieces(addresses: Iterable[Address]) -> None:
    """Keep what addresses without any pieces are found by."""
    AddressGram.objects.bulk_create(
        [AddressGram(gram=piece, address=one) for one in addresses for piece in address_pieces(one.text)],
        batch_size=1000,
    )


def put_pieces_right(apps: Any, addresses: Sequence[Any]) -> None:
    """Keep of addresses what they are found by today, and nothing else; for migrations.

    Only what differs is written: a form that changes little rewrites little of an index of many millions.
    """
    model, keys = apps.get_model("places", "AddressGram"), [one.pk for one in addresses]
    there: dict[tuple[int, str], int] = {
        (address, gram): pk
        for pk, address, gram in model.objects.filter(address__in=keys).values_list("pk", "address", "gram")
    }
    wanted = {(one.pk, piece) for one in addresses for piece in address_pieces(one.text)}
    model.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    model.objects.bulk_create(
        [model(address_id=pk, gram=piece) for pk, piece in sorted(wanted - there.keys())], batch_size=1000
    )
