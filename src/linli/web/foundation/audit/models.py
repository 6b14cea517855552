"""Entries of the audit log and the heads of its lanes.

The log is cut into lanes so that people who work at the same time need not wait for each other: an
account always writes to the same lane. Each entry carries a keyed hash over its content and the hash
of the entry before it; each head carries a keyed seal over the last hash and the count, so that an
entry changed, taken out, put in or cut off at the end is found by ``linli audit verify``. Each entry also
says where the other lanes stood, so that a lane cut back under a seal of former days is given away by them.
"""

from typing import Any, ClassVar

from django.db import models

__all__ = ["Entry", "FurtherTry", "Lane", "NumberOf", "Submission", "WrittenLine"]


class Lane(models.Model):
    """The head of one lane: how many entries it has and the last one's hash."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    last = models.CharField(max_length=64, default="")
    seal = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"lane {self.number}"


class NumberOf(models.Func):
    """The number that an entry's detail names, written alike in the index and in the questions it answers.

    Django's own way of asking passes the key as a parameter, which SQLite does not recognise in an index.
    """

    output_field = models.CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **given: Any) -> Any:
        """As text, by the operator that may stand in an index."""
        return self.as_sql(compiler, connection, template="(%(expressions)s ->> 'number')", **given)

    def as_sqlite(self, compiler: Any, connection: Any, **given: Any) -> Any:
        """By SQLite's function for JSON."""
        written = "json_extract(%(expressions)s, '$.number')"
        return self.as_sql(compiler, connection, template=written, **given)


class Entry(models.Model):
    """One thing done or read. Holds no personal content: what changed is named, never quoted."""

    lane = models.PositiveSmallIntegerField()
    position = models.PositiveBigIntegerField()
    """1 for the first entry of its lane."""
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=64)
    via = models.CharField(max_length=8)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    station_code = models.CharField(max_length=32, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=8, default="", blank=True)
    """Id of the key of the hash; empty in entries from before keys could be changed."""
    vouch = models.CharField(max_length=250, default="", blank=True)
    """Where the other lanes stood: a lane that was cut is given away by the others."""

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lane", "position"], name="one_entry_a_position")
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_subject"),
            models.Index(fields=["actor_id", "-at"], name="audit_actor"),
            models.Index(fields=["-at"], name="audit_at"),
            models.Index(fields=["station_code", "-at"], name="audit_station"),
            models.Index(fields=["action", "-at"], name="audit_action"),
            # In the order of the log's pages: the newest of a number are read and no others.
            models.Index(
                NumberOf("detail"), models.F("at").desc(), models.F("id").desc(), name="audit_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lane}/{self.position} {self.action}"


class Submission(models.Model):
    """A form or a program's request that was taken in, so that the same one sent again is done once."""

    key = models.CharField(max_length=100, primary_key=True)
    """A keyed digest of channel, account and the sender's own key."""
    binding = models.CharField(max_length=64, default="")
    """A keyed digest of what was asked, where and with what content; empty in rows older than it is."""
    at = models.DateTimeField(db_index=True)
    reference = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.key


class FurtherTry(models.Model):
    """A refused try beyond those with an entry of their own, until an entry tells of many at once."""

    actor_id = models.BigIntegerField()
    what = models.CharField(max_length=150)
    """The action and what it was tried on, by their ids."""
    at = models.DateTimeField()
    name = models.CharField(max_length=64, blank=True)
    via = models.CharField(max_length=8)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor_id", "what"], name="one_further_try_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.what}"


class WrittenLine(models.Model):
    """The last line that was written down outside the database: one row, so that a lost file is missed.

    The file gives away a log that was cut, this row a file that was cut. Who takes back both is given away
    by the process's log alone.
    """

    mac = models.CharField(max_length=64)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, default="heads")
    """Of that line: a log that was found broken stays so when the file is lost."""

    def __str__(self) -> str:
        return self.mac
