"""``linli serve``: the platform; or, given its folder, a written plan, shown to this machine alone."""

import importlib
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import click

from linli.cli.language import echo, spoken
from linli.cli.output import MANIFEST
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["page_of", "plan_server", "serve"]

say = catalogue("linli.cli")

ADDRESS: Final = "127.0.0.1"
PLATFORM: Final = "linli.web.commands.serving"
PAGES: Final = ("plan.html", "compare.html")
"""The page that the bare address leads to: the first that is there."""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without listing each request; the bare address leads to the page."""

    def do_GET(self) -> None:
        """A file, or the page for the bare address."""
        if self.path in ("/", ""):
            self.send_response(302)
            self.send_header("Location", f"/{page_of(Path(self.directory))}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the address was printed once."""


def page_of(folder: Path) -> str:
    """The page to open of a folder that Linli wrote.

    Raises
    ------
    LinliError
        The folder is no output of Linli.
    """
    if (folder / MANIFEST).is_file():
        for page in PAGES:
            if (folder / page).is_file():
                return page
    raise LinliError(say("serve.no_plan", folder=folder, page=PAGES[0]))


def plan_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of a plan's folder on this machine alone; port 0 takes a free one.

    Raises
    ------
    LinliError
        The folder is no output of ``linli plan``, or the port is taken.
    """
    page_of(folder)
    try:
        return ThreadingHTTPServer((ADDRESS, port), partial(_Quiet, directory=str(folder)))
    except OSError:
        raise LinliError(say("serve.port_taken", port=port)) from None


@click.command(help="启动平台，或查看已生成的方案 · run the platform, or show a written plan")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口 · port")
@click.option(
    "--host",
    default=ADDRESS,
    show_default=True,
    help="平台监听的地址；默认只有本机可用 · address the platform listens on; this machine alone by default",
)
@click.option(
    "--demo",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="载入一份方案和合成的演示数据 · load a written plan and made-up demonstration data",
)
@click.option(
    "--load-only",
    is_flag=True,
    help="只准备数据库和演示数据，不启动 · set the database up and load the demonstration, then stop",
)
@click.pass_context
def serve(
    ctx: click.Context, folder: Path | None, port: int, host: str, demo: Path | None, *, load_only: bool
) -> None:
    """Serve until Ctrl-C."""
    if folder is None:
        # The two halves of the house do not import each other: found by name, as subcommands are.
        platform = importlib.import_module(PLATFORM)
        platform.serve_platform(language=spoken(ctx), host=host, port=port, demo=demo, load_only=load_only)
        return
    with plan_server(folder, port) as server:
        url = f"http://{ADDRESS}:{server.server_address[1]}/{page_of(folder)}"
        echo(ctx, say("serve.running", url=url))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            echo(ctx, say("serve.stopped"))
