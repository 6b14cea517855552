"""The rest of the API: who I am, case types, places, webhooks."""

from django.db.models import Count, Q
from django.http import HttpRequest
from ninja import Router, Status

from linli.web.foundation.accounts.middleware import now
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.exchange.api.asking import actor_of_request
from linli.web.foundation.exchange.api.cases import ERRORS
from linli.web.foundation.exchange.api.shapes import (
    CaseTypeOut,
    Me,
    PlaceOut,
    SubscriptionIn,
    SubscriptionOut,
)
from linli.web.foundation.exchange.models import Subscription
from linli.web.foundation.exchange.subscriptions import EndSubscription, Subscribe
from linli.web.foundation.places.locating import current_map

__all__ = ["router"]

router = Router()


@router.get("/me", response={200: Me, **ERRORS}, tags=["me"], operation_id="read_me")
def read_me(request: HttpRequest) -> Me:
    """Whom the token stands for."""
    actor = actor_of_request(request)
    return Me(
        name=actor.name, roles=sorted(actor.roles), organisations=sorted({h.organisation for h in actor.held})
    )


@router.get(
    "/case-types", response={200: list[CaseTypeOut], **ERRORS}, tags=["cases"], operation_id="list_case_types"
)
def list_case_types(request: HttpRequest) -> list[CaseTypeOut]:
    """Every case type with its categories, states, steps and fields."""
    return [_type(spec) for spec in case_types().values()]


def _type(spec: TypeSpec) -> CaseTypeOut:
    return CaseTypeOut(
        id=spec.id,
        name=spec.name.zh,
        name_en=spec.name.en,
        version=spec.version,
        categories={one.id: one.name.zh for one in spec.categories},
        states={one.id: one.name.zh for one in spec.states},
        steps={one.id: [*one.source, one.target] for one in spec.transitions},
        fields={one.id: one.kind for one in spec.fields},
        results={one.id: one.name.zh for one in spec.results},
    )


@router.get("/places", response={200: list[PlaceOut], **ERRORS}, tags=["places"], operation_id="list_places")
def list_places(request: HttpRequest) -> list[PlaceOut]:
    """The villages and communities of the deployment in force."""
    current = current_map()
    rows = [] if current is None else current.places.values()
    return [
        PlaceOut(
            code=p.code,
            name=p.name,
            station=p.station_code,
            beat=p.beat_code,
            longitude=p.longitude,
            latitude=p.latitude,
        )
        for p in rows
    ]


@router.get(
    "/webhooks",
    response={200: list[SubscriptionOut], **ERRORS},
    tags=["webhooks"],
    operation_id="list_webhooks",
)
def list_webhooks(request: HttpRequest) -> list[SubscriptionOut]:
    """One's own subscriptions, and how many messages wait in their outbox."""
    own = Subscription.objects.filter(user_id=actor_of_request(request).account)
    own = own.select_related("user", "token__user").annotate(
        waiting=Count("deliveries", filter=Q(deliveries__status="waiting"))
    )
    at = now(request)
    return [
        SubscriptionOut(id=s.pk, url=s.url, kinds=s.kinds, active=s.lives(at), waiting=s.waiting) for s in own
    ]


@router.post(
    "/webhooks", response={201: SubscriptionOut, **ERRORS}, tags=["webhooks"], operation_id="subscribe"
)
def subscribe(request: HttpRequest, given: SubscriptionIn) -> Status[SubscriptionOut]:
    """Be told of changes; the secret that messages are signed with is given this once."""
    action = Subscribe(url=given.url, kinds=tuple(given.kinds))
    one = perform(action, actor_of_request(request), now(request))
    return Status(
        201, SubscriptionOut(id=one.pk, url=one.url, kinds=one.kinds, active=True, secret=one.secret)
    )


@router.delete(
    "/webhooks/{subscription}", response={204: None, **ERRORS}, tags=["webhooks"], operation_id="unsubscribe"
)
def unsubscribe(request: HttpRequest, subscription: int) -> Status[None]:
    """Be told no more."""
    perform(EndSubscription(subscription_id=subscription), actor_of_request(request), now(request))
    return Status(204, None)
