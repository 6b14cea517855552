"""A process is killed between the commit that shreds a case and the deletion of its files."""

from web.running.installation import Installation, until

SHRED = """
import os, signal
from django.utils import timezone
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.deadlines import Shred
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.jobs import files
at = timezone.now()
case = perform(OpenCase(kind="request", category="other", title="旧事"), SYSTEM, at)
perform(Attach(case_id=case.pk, file_name="a.txt", content="照片说明".encode()), SYSTEM, at)
Case.objects.filter(pk=case.pk).update(closed_at=at, result="fixed", shred_at=at)
files._delete = lambda paths: os.kill(os.getpid(), signal.SIGKILL)
perform(Shred(case_id=case.pk), SYSTEM, at)
"""


# Guard 16
def test_the_next_worker_deletes_what_a_killed_process_left(county_at_work: Installation) -> None:
    dying = county_at_work.start_python(SHRED, PYTHONUNBUFFERED="1")
    assert dying.wait(timeout=60) == -9
    assert county_at_work.one("SELECT COUNT(*) FROM casework_tombstone") == 1
    assert county_at_work.one("SELECT COUNT(*) FROM casework_attachment") == 0
    path = county_at_work.folder / "files" / str(county_at_work.one("SELECT path FROM jobs_filetodelete"))
    assert path.exists()
    county_at_work.start_worker()
    until(lambda: not path.exists(), seconds=60)
    until(lambda: county_at_work.one("SELECT COUNT(*) FROM jobs_filetodelete") == 0)
