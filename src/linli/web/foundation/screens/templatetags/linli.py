"""What templates speak with: ``{% say "app:key" name=value %}``, ``{{ text|said }}``, times in the zone."""

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

from linli.kernel.texts import Text
from linli.web.foundation.calendars.reading import caution
from linli.web.foundation.screens.wording import language, phrase
from linli.web.foundation.screens.wording import said as _said

__all__ = ["day", "moment", "named", "register", "said", "say", "tell", "worked_caution"]

register = template.Library()


@register.simple_tag
def say(key: str, **values: Any) -> str:
    """A text of an app in the language of the request; values are escaped like any other text."""
    return _said(phrase(key, **values))


@register.simple_tag
def tell(prefix: str, name: str, **values: Any) -> str:
    """As ``say`` where the key ends in a value, such as ``{% tell "screens:role." role %}``."""
    return _said(phrase(f"{prefix}{name}", **values))


@register.filter
def said(text: Text | None) -> str:
    """A ``Text`` in the language of the request."""
    return "" if text is None else _said(text)


@register.filter
def named(thing: Any) -> str:
    """The name of something that has ``name`` and ``name_en``."""
    english = getattr(thing, "name_en", "")
    return str(english if language() == "en" and english else thing.name)


@register.filter
def moment(at: dt.datetime | None) -> str:
    """A time for people, with the machine-readable one beside it."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), local.strftime("%Y-%m-%d %H:%M"))


@register.filter
def worked_caution(at: dt.datetime | None) -> str:
    """What is said beside a time that comes of working days and may still move; empty where it will not."""
    text = caution(at)
    return "" if text is None else _said(text)


@register.filter
def day(on: dt.date | None) -> str:
    """A date for people."""
    return "" if on is None else on.strftime("%Y-%m-%d")
