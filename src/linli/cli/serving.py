"""``linli serve``: a written plan shown in the browser of this machine, and of no other."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import click

from linli.cli.language import echo
from linli.cli.output import MANIFEST
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["page_of", "plan_server", "serve"]

say = catalogue("linli.cli")

ADDRESS: Final = "127.0.0.1"
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


@click.command(help="在本机浏览器中查看已生成的方案 · show a written plan in this machine's browser")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口 · port")
@click.pass_context
def serve(ctx: click.Context, folder: Path, port: int) -> None:
    """Serve until Ctrl-C."""
    with plan_server(folder, port) as server:
        url = f"http://{ADDRESS}:{server.server_address[1]}/{page_of(folder)}"
        echo(ctx, say("serve.running", url=url))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            echo(ctx, say("serve.stopped"))
