"""Whether posts and beats name each other, and every place is served by at most one post."""

from collections import Counter
from collections.abc import Iterator

from linli.kernel.texts import Text, catalogue
from linli.planning.verification.register import Register

__all__ = ["posts"]

say = catalogue("linli.planning.verification")


def posts(known: Register) -> Iterator[Text]:
    """Each post stands in one of its beats, at its place, and serves only places of its beats."""
    served = {code for post in known.deployment.posts for code in post.serves if code == post.place}
    for post in known.deployment.posts:
        inside = {code for beat in post.beats for code in known.beats[beat].places}
        if post.place not in inside:
            yield say("posts.outside", post=post.id, place=post.place)
        for code in sorted(set(post.serves) - inside):
            yield say("posts.serves_outside", post=post.id, place=code)
        if post.place not in served:
            yield say("posts.serves_itself", post=post.id, place=post.place)
        place = known.places[post.place]
        if abs(post.longitude - place.longitude) + abs(post.latitude - place.latitude) > 1e-5:
            yield say("posts.position", post=post.id, place=post.place)
    yield from _named_by_both(known)
    yield from _served_once(known)


def _named_by_both(known: Register) -> Iterator[Text]:
    by_posts = {(beat, post.id) for post in known.deployment.posts for beat in post.beats}
    by_beats = {(beat.id, post) for beat in known.deployment.beats for post in beat.posts}
    for beat, post in sorted(by_posts ^ by_beats):
        yield say("posts.one_sided", post=post, beat=beat)


def _served_once(known: Register) -> Iterator[Text]:
    served = Counter(code for post in known.deployment.posts for code in post.serves)
    for place in known.deployment.places:
        if served[place.code] > 1:
            yield say("posts.served_twice", place=place.code, count=served[place.code])
        if (served[place.code] == 0) != (place.minutes_to_post is None):
            yield say("posts.minutes", place=place.code)
