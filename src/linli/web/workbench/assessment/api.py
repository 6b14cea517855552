"""Assessment over the API, read only: periods with their versions, figures, consequences."""

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.exchange.api.asking import actor_of_request
from linli.web.foundation.exchange.api.cases import ERRORS
from linli.web.workbench.assessment.models import Consequence, Figure, Version
from linli.web.workbench.assessment.reach import KIND
from linli.web.workbench.assessment.selectors import consequences, figures, periods, version_for

__all__ = ["router"]

say = catalogue("linli.web.workbench.assessment")
router = Router(tags=["assessment"])

Id = Annotated[int, Field(ge=0, lt=2**31)]
After = Annotated[int, Query(ge=0, lt=2**31)]
Size = Annotated[int, Query(ge=1, le=500)]
Word = Annotated[str, Query(max_length=80)]


class VersionOut(Schema):
    """One computation of a period."""

    id: int
    number: int
    status: str
    reason: str
    computed_at: dt.datetime | None
    locked_at: dt.datetime | None
    synthetic: bool
    facts: str


class PeriodOut(Schema):
    """A month that is assessed, with all its versions, the newest first."""

    id: int
    pack: str
    month: str
    objection_days: int
    versions: list[VersionOut]


class FigureOut(Schema):
    """A figure; ``None`` is "not known", in an interval also "none is defined"."""

    id: int
    indicator: str
    clause: str
    area_kind: str
    area: str
    period: str
    value: float | None
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    records: int
    evidence: str
    formula: str
    code_version: str


class FigurePage(Schema):
    """A page of figures; ``next`` goes into ``after`` for the page that follows."""

    items: list[FigureOut]
    next: int | None


class ConsequenceOut(Schema):
    """What a rule proposes for an area, and where that stands."""

    id: int
    version: int
    rule: str
    clause: str
    kind: str
    area_kind: str
    area: str
    period: str
    status: str
    yuan: float | None
    met_by_not_recording: bool
    shown_at: dt.datetime | None
    object_until: dt.datetime | None
    decided_at: dt.datetime | None


class ConsequencePage(Schema):
    """A page of consequences, the newest first; ``next`` goes into ``after``."""

    items: list[ConsequenceOut]
    next: int | None


@router.get("/periods", response={200: list[PeriodOut], **ERRORS}, operation_id="list_assessment_periods")
def list_periods(request: HttpRequest) -> list[PeriodOut]:
    """Every period with its versions."""
    actor = actor_of_request(request)
    if not may_anywhere(actor, "view", KIND):
        raise Forbidden(say("forbidden.view"))
    return [
        PeriodOut(
            id=one.pk,
            pack=one.pack,
            month=one.month,
            objection_days=one.objection_days,
            versions=[_version(version) for version in one.versions.all()],
        )
        for one in periods(actor)
    ]


def _version(one: Version) -> VersionOut:
    return VersionOut(
        id=one.pk,
        number=one.number,
        status=one.status,
        reason=one.reason,
        computed_at=one.computed_at,
        locked_at=one.locked_at,
        synthetic=one.synthetic,
        facts=one.facts,
    )


@router.get(
    "/versions/{version}/figures",
    response={200: FigurePage, **ERRORS},
    operation_id="list_assessment_figures",
)
def list_figures(
    request: HttpRequest,
    version: Id,
    indicator: Word = "",
    area: Word = "",
    after: After = 0,
    size: Size = 100,
) -> FigurePage:
    """The figures of a version for the areas that the token's account reaches, and the territory's."""
    actor = actor_of_request(request)
    found = figures(actor, version_for(actor, version)).filter(pk__gt=after)
    if indicator:
        found = found.filter(indicator=indicator)
    if area:
        found = found.filter(area=area)
    rows = list(found.order_by("pk")[: size + 1])
    more = len(rows) > size
    return FigurePage(items=[_figure(one) for one in rows[:size]], next=rows[size - 1].pk if more else None)


def _figure(one: Figure) -> FigureOut:
    return FigureOut(
        id=one.pk,
        indicator=one.indicator,
        clause=one.clause,
        area_kind=one.area_kind,
        area=one.area,
        period=one.token,
        value=one.value,
        low=one.low,
        high=one.high,
        numerator=one.numerator,
        denominator=one.denominator,
        records=one.records,
        evidence=one.evidence,
        formula=one.formula,
        code_version=one.code_version,
    )


@router.get(
    "/consequences", response={200: ConsequencePage, **ERRORS}, operation_id="list_assessment_consequences"
)
def list_consequences(
    request: HttpRequest, status: Word = "", after: After = 0, size: Size = 100
) -> ConsequencePage:
    """What is proposed for the areas that the token's account reaches."""
    found = consequences(actor_of_request(request))
    if status:
        found = found.filter(status=status)
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-pk")[: size + 1])
    more = len(rows) > size
    return ConsequencePage(
        items=[_consequence(one) for one in rows[:size]], next=rows[size - 1].pk if more else None
    )


def _consequence(one: Consequence) -> ConsequenceOut:
    return ConsequenceOut(
        id=one.pk,
        version=one.version_id,
        rule=one.rule,
        clause=one.clause,
        kind=one.kind,
        area_kind=one.area_kind,
        area=one.area,
        period=one.token,
        status=one.status,
        yuan=one.yuan,
        met_by_not_recording=one.met_by_not_recording,
        shown_at=one.shown_at,
        object_until=one.object_until,
        decided_at=one.decided_at,
    )
