"""Cases are found by addresses as people say them: what each is found by is worked out anew."""

from typing import ClassVar

from django.db import migrations

from linli.web.foundation.casework.searching import put_words_right
from linli.web.foundation.online import RewriteOnline

__all__ = ["Migration"]


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("casework", "0012_deadline_stretches")]
    operations: ClassVar = [RewriteOnline("case", put_words_right)]
