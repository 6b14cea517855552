"""A browser for the report's pages: Debian's Chromium with software drawing, no network, Chinese first."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from linli.report import write_page
from linli.report.shapes import work_out_shapes
from report.synthetic import synthetic_plan

SIZES = {"desktop": {"width": 1366, "height": 900}, "phone": {"width": 390, "height": 844}}
WITH_WEBGL = [
    "--no-sandbox",
    # Pages are drawn by the processor, which is quicker than a made-up graphics card: that draws maps.
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
WITHOUT_WEBGL = ["--no-sandbox", "--disable-gpu", "--disable-3d-apis"]


def _complains(message: ConsoleMessage) -> bool:
    """Errors and warnings of the page; not what a made-up graphics card says of giving its picture away."""
    return message.type in ("error", "warning") and "GPU stall due to ReadPixels" not in message.text


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is not installed; install the package chromium to run the browser tests")
    return found


@pytest.fixture(scope="session")
def launch(chromium: str) -> Iterator[Callable[..., Browser]]:
    with sync_playwright() as playwright:
        started: dict[bool, Browser] = {}

        def start(*, webgl: bool = True) -> Browser:
            if webgl not in started:
                arguments = WITH_WEBGL if webgl else WITHOUT_WEBGL
                started[webgl] = playwright.chromium.launch(executable_path=chromium, args=arguments)
            return started[webgl]

        yield start
        for one in started.values():
            one.close()


@pytest.fixture(scope="session")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    deployment, territory = synthetic_plan()
    path = tmp_path_factory.mktemp("page") / "plan.html"
    write_page(deployment, work_out_shapes(deployment, territory), path)
    return path


@pytest.fixture
def open_page(launch: Callable[..., Browser]) -> Iterator[Callable[..., Page]]:
    contexts = []

    def start(path: Path, *, size: str = "desktop", webgl: bool = True, scripts: bool = True) -> Page:
        context = launch(webgl=webgl).new_context(
            viewport=SIZES[size], locale="zh-CN", offline=True, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if _complains(m) else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith(("file:", "data:", "blob:")) else page.complaints.append(r.url)
            ),
        )
        page.goto(path.as_uri())
        return page

    yield start
    for context in contexts:
        context.close()
