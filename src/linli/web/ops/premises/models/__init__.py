"""Rows of the register of premises, its papers, its inspections."""

from linli.web.ops.premises.models.checks import (
    Answer,
    Checklist,
    Draw,
    Evidence,
    Inspection,
    Interval,
    Photo,
    Rectification,
)
from linli.web.ops.premises.models.papers import Drill, EmergencyPlan, Honour, KeptFile, Letter, Reminder
from linli.web.ops.premises.models.places import (
    CourtyardSurvey,
    IncidentsTold,
    JointMeeting,
    Presence,
    SchoolPoint,
)
from linli.web.ops.premises.models.register import DutyTelephone, Happening, Premises

__all__ = [
    "Answer",
    "Checklist",
    "CourtyardSurvey",
    "Draw",
    "Drill",
    "DutyTelephone",
    "EmergencyPlan",
    "Evidence",
    "Happening",
    "Honour",
    "IncidentsTold",
    "Inspection",
    "Interval",
    "JointMeeting",
    "KeptFile",
    "Letter",
    "Photo",
    "Premises",
    "Presence",
    "Rectification",
    "Reminder",
    "SchoolPoint",
]
