"""The register of premises and its history. Nothing in it is about a person but the duty telephone."""

from typing import ClassVar

from django.db import models

from linli.kernel.texts import Text
from linli.privacy.fields import Purpose
from linli.web.foundation.findable import Findable
from linli.web.ops.premises.kinds import COURTYARD

__all__ = ["DutyTelephone", "Happening", "Premises"]


class Premises(Findable):
    """A shop, venue, hotel, school, unit, courtyard or new housing."""

    FOUND_BY: ClassVar = ("code", "name", "name_en", "address")

    code = models.CharField(max_length=40, unique=True, null=True)
    """Of the bureau's own register, or drawn at random."""
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    address = models.CharField(max_length=200)
    address_code = models.CharField(max_length=40, blank=True)
    """The standard address (H9), where there is one."""
    version = models.ForeignKey("places.Deployment", null=True, on_delete=models.PROTECT, related_name="+")
    station_code = models.CharField(max_length=32, blank=True)
    beat_code = models.CharField(max_length=40, blank=True)
    place_code = models.CharField(max_length=32, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """The unit that is responsible: its manager sees the premises and their inspections."""
    key_clause = models.CharField(max_length=4, blank=True)
    """The clause by which it is a key unit; empty for none."""
    basis = models.CharField(max_length=8, blank=True)
    """Class of a courtyard by its last survey (N9)."""
    opening_hours = models.CharField(max_length=120, blank=True)
    alarm_linked_on = models.DateField(null=True)
    """Since when its alarm is linked to the command centre (N2)."""
    accepted_on = models.DateField(null=True)
    """When the security installations of new housing passed (L11)."""
    inspected_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    """The day by which the schedule asks for the next inspection."""
    registered_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["station_code", "id"], name="premises_station"),
            models.Index(fields=["beat_code", "id"], name="premises_beat"),
            models.Index(fields=["place_code", "id"], name="premises_place"),
            models.Index(fields=["kind", "id"], name="premises_kind"),
            models.Index(fields=["organisation", "id"], name="premises_unit"),
            models.Index(fields=["due_on"], condition=models.Q(closed_on__isnull=True), name="premises_due"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def schedule_class(self) -> str:
        """The class that its schedule goes by."""
        if self.kind == COURTYARD:
            return self.basis or "poor"
        return "key" if self.key_clause else "ordinary"


class DutyTelephone(models.Model):
    """The telephone that a unit gave for reaching whoever is on duty. No name is kept with it."""

    PURPOSE: ClassVar[Purpose] = Purpose(
        purpose=Text(
            zh="紧急情况联系单位值班室、送达检查和整改通知",
            en="to reach the unit's duty desk and serve notices",
        ),
        legal_basis=Text(
            zh="履行法定职责（个人信息保护法第十三条第三项、企业事业单位内部治安保卫条例）",
            en="legal duty (Personal Information Protection Law, art. 13(3); "
            "Regulations on Internal Security of Units)",
        ),
        keep_days=90,
    )

    premises = models.OneToOneField(Premises, on_delete=models.CASCADE, related_name="duty_telephone")
    value = models.CharField(max_length=20, blank=True)
    set_at = models.DateTimeField()
    keep_until = models.DateTimeField(null=True)
    """Set when the premises close."""
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.premises_id}"


class Happening(models.Model):
    """One thing that happened to an entry of the register. Never edited."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="happenings")
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["premises", "-at"], name="premises_happening_at")]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.kind}"
