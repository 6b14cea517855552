"""Addresses are found by what people say of them: what each is found by is worked out anew."""

from typing import ClassVar

from django.db import migrations

from linli.web.foundation.online import RewriteOnline
from linli.web.foundation.places.addresses import put_pieces_right

__all__ = ["Migration"]


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("places", "0001_initial")]
    operations: ClassVar = [RewriteOnline("address", put_pieces_right, batch=500)]
