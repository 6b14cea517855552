"""By what name a case's history knows who acted: staff by theirs, whoever raised it as "the reporter".

A resident's name is what they said of themselves: it lies in a ``PersonalValue``, is read with the verb
``personal`` and an entry, and is erased with the rest. Nothing that is shown, given out or printed holds it.
"""

from typing import Final

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.roles import is_alone
from linli.web.foundation.casework.models import Event
from linli.web.foundation.casework.types.model import TypeSpec

__all__ = ["ACCOUNT_NAME", "account_keep_days", "doer", "field_name", "written_name"]

say = catalogue("linli.web.foundation.casework")

ACCOUNT_NAME: Final = "reporter_account"
"""The field of a reporter's personal values in which the name of their account lies."""
DAYS: Final = 30
"""How long it is kept after closing where the case's type asks for nothing else that is personal."""


def written_name(actor: Actor) -> str:
    """What a history keeps of who acts: nothing of somebody who is here for themselves alone."""
    return "" if is_alone(actor.roles) else actor.name[:64]


def doer(event: Event) -> Text:
    """Who did something, as it is shown."""
    if event.actor_id is None:
        return say("system")
    return Text(zh=event.actor_name, en=event.actor_name) if event.actor_name else say("reporter")


def field_name(spec: TypeSpec, field: str) -> Text:
    """What a personal value is called: as its type says, or what Linli keeps by itself."""
    found = spec.field_by_id.get(field)
    if found is not None:
        return found.name
    return say("field.reporter_account") if field == ACCOUNT_NAME else Text(zh=field, en=field)


def account_keep_days(spec: TypeSpec) -> int:
    """As long as what else the type asks the reporter for."""
    return max((one.personal.keep_days for one in spec.fields if one.personal is not None), default=DAYS)
