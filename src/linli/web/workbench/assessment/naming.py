"""How an area is called, for the home page too: nothing heavy is loaded here."""

from linli.kernel.texts import Text
from linli.web.foundation.screens.wording import phrase, said
from linli.web.workbench.assessment.models import Area

__all__ = ["area_name"]


def area_name(area: Area | None) -> str:
    """An area's name; "another area" where it may not be told."""
    if area is None:
        return said(phrase("assessment:another"))
    return said(Text(area.name, area.name_en or area.name))
