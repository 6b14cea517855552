"""What residents may raise, told to the intake queue: public case types, and the villages in force."""

from collections.abc import Mapping
from typing import Any

from linli.web.foundation.casework.types.model import Category, FieldSpec, TypeSpec
from linli.web.foundation.casework.types.register import shipped_types
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Deployment
from linli.web.intake.offers import Offer, OfferedCategory, OfferedField, Village, Why

__all__ = ["PublicTypes"]


class PublicTypes:
    """Every case type that is public, with its public categories and fields."""

    def offers(self) -> tuple[Offer, ...]:
        """As the case types declare it."""
        return tuple(_offer(spec) for spec in shipped_types().values() if spec.public)

    def villages(self) -> tuple[Village, ...]:
        """The villages of the deployment in force, by station."""
        current = current_map()
        if current is None:
            return ()
        places = sorted(current.places.values(), key=lambda place: (place.station_code, place.code))
        return tuple(
            Village(
                code=place.code,
                name=place.name,
                longitude=place.longitude,
                latitude=place.latitude,
                station=current.stations[place.station_code].name
                if place.station_code in current.stations
                else "",
            )
            for place in places
        )

    def outlines(self) -> Mapping[str, Any]:
        """The beats' outlines, for finding one's way on the map."""
        found = Deployment.objects.filter(status=Deployment.Status.IN_FORCE).values_list(
            "outlines", flat=True
        )
        return found.first() or {"type": "FeatureCollection", "features": []}


def _offer(spec: TypeSpec) -> Offer:
    return Offer(
        kind=spec.id,
        name=spec.name,
        categories=tuple(_category(spec, one) for one in spec.categories if one.public),
        fields=tuple(_field(one) for one in spec.fields if one.public and one.on_opening),
        positioned=spec.positioned,
        reopen_days=spec.reopen_days,
    )


def _category(spec: TypeSpec, category: Category) -> OfferedCategory:
    return OfferedCategory(
        kind=spec.id,
        id=category.id,
        name=category.name,
        hours=category.due_hours or spec.due_hours,
        working=spec.calendar == "working",
    )


def _field(spec: FieldSpec) -> OfferedField:
    why = None
    if spec.personal is not None:
        why = Why(spec.personal.purpose, spec.personal.legal_basis, spec.personal.keep_days)
    return OfferedField(
        id=spec.id,
        name=spec.name,
        kind=spec.kind,
        help=spec.help,
        required=spec.required,
        choices=spec.choices,
        why=why,
    )
