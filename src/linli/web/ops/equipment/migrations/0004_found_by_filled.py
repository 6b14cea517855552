"""Rows of before are brought to the normal form of words."""

from typing import ClassVar

from django.db import migrations

from linli.web.foundation.findable import put_found_by_right
from linli.web.foundation.online import RewriteOnline

__all__ = ["Migration"]


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("equipment", "0003_found_by")]
    operations: ClassVar = [RewriteOnline("device", put_found_by_right("code", "name", "address"))]
