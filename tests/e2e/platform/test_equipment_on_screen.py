"""The register of equipment looked at in both languages, on a desk and on a phone."""

from random import Random

import pytest

from e2e.platform.conftest import VIEWS, Site
from linli.web.demonstration.addresses import make_addresses, post_addresses
from linli.web.demonstration.scene import Scene
from linli.web.foundation.places.models import Deployment
from linli.web.ops.equipment.demonstration import fill
from linli.web.ops.equipment.models import Device

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.any_database
@pytest.mark.parametrize(("language", "size"), VIEWS)
def test_the_register_is_readable_and_accessible(site: Site, language: str, size: str) -> None:
    version, rng = Deployment.objects.get(), Random(1)  # noqa: S311 - made-up addresses
    make_addresses(version, site.stage, rng)
    addresses = post_addresses(version, site.stage.post)
    fill(Scene(version=version, stage=site.stage, cast=site.cast, rng=rng, now=site.at, addresses=addresses))
    video = Device.objects.get(code="SS-001").pk
    page = site.page("suozhang", language, size)
    page.set_default_timeout(60_000)
    for name, url in (
        ("list", "/equipment/"),
        ("device", f"/equipment/{video}/"),
        ("change", f"/equipment/{video}/change/"),
        ("figures", "/equipment/figures/"),
        ("import", "/equipment/import/"),
        ("map", "/equipment/map/"),
    ):
        page.goto(url)
        if name == "map":
            page.locator("linli-map[data-ready]").wait_for()
            page.wait_for_timeout(2000)  # for the picture: MapLibre draws on after its data are there
        site.shot(page, f"equipment-{name}-{language}-{size}")
        page.evaluate("scrollTo(0, 0)")
        site.accessible(page)
