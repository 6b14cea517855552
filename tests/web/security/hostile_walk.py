"""Sends hostile values through every form, filter, address, header and body, and counts what fails."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_from_bytes, urlencode
from zlib import crc32

from django.core.cache import cache as counters
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

import linli.web
from web.security.addresses import PLAIN, Address, addresses
from web.security.finding_forms import Found, Sheet
from web.security.hostile_values import JSONS, NUMBERS, TEXTS, chosen, percent

__all__ = ["SHAPE", "Walk"]

SHAPE: Final = {"code", "status", "message", "fields", "findings"}
HEADERS: Final = (
    "Idempotency-Key", "If-None-Match", "Accept-Language", "X-Forwarded-For", "Cookie", "User-Agent",
    "Referer", "Authorization", "HX-Request", "Accept", "Content-Language", "Range", "If-Modified-Since",
)  # fmt: skip
FORM: Final = "application/x-www-form-urlencoded"


@cache
def names_read(holders: str) -> list[str]:
    """Every name that some view reads from a query or a form, held by a variable of such a name."""
    pattern = re.compile(rf"(?:{holders})(?:\.(?:get|getlist)\(|\[)\"(\w+)\"|_whole\(query, \"(\w+)\"")
    files = [path.read_text(encoding="utf-8") for path in Path(linli.web.__path__[0]).rglob("*.py")]
    return sorted({one[1] or one[2] for text in files for one in pattern.finditer(text)})


@dataclass
class Walk:
    """One run: who sends, how many values a field gets (0: all of them), what was counted."""

    clients: Mapping[str, Client]
    found: Found
    values: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def ask(self, surface: str, told: str, client: Client, method: str, path: str, **given: Any) -> Any:
        """Send something, take back whatever it did, and note where the server failed."""
        self.sent[surface] += 1
        mark = transaction.savepoint()
        try:
            answer = (
                client.generic(method, path, **given)
                if "files" not in given
                else client.post(path, given["files"])
            )
            self._judge(told, path, answer)
            if method == "POST" and answer.status_code in (200, 201, 302, 303):
                self.kept[surface] += 1
                self._look_again(told, client, answer)
            self._close(answer)
        finally:
            transaction.savepoint_rollback(mark)
            counters.clear()
        return answer

    def _judge(self, told: str, path: str, answer: Any) -> None:
        if answer.status_code >= 500:
            why = answer.exc_info[1] if getattr(answer, "exc_info", None) else ""
            self.faults.append(f"{told}: {answer.status_code} {type(why).__name__} {str(why)[:160]!r}")
        elif answer.status_code >= 400 and path.startswith("/api/") and not self._in_shape(answer):
            self.faults.append(f"{told}: {answer.status_code} in another shape: {answer.content[:80]!r}")

    @staticmethod
    def _in_shape(answer: Any) -> bool:
        try:
            return set(json.loads(answer.content)) == SHAPE
        except ValueError:
            return False

    def _look_again(self, told: str, client: Client, answer: Any) -> None:
        """What was taken in may break no page that shows it."""
        pages = [answer["Location"]] if answer.status_code in (302, 303) else []
        for page in pages:
            if page.startswith("/") and not page.startswith("/accounts/log"):
                seen = client.get(page)
                self._judge(f"{told}, then GET {page}", page, seen)
                self._close(seen)

    @staticmethod
    def _close(answer: Any) -> None:
        for close in getattr(answer, "_resource_closers", ()):
            close()

    def _of_the_sample(self, name: str, one_in: int) -> bool:
        """Whether a quick walk takes this one; the same ones each time. The command takes all."""
        return self.values == 0 or self.values > 1 or crc32(name.encode()) % one_in == 0

    def forms(self) -> None:
        """Each field of each form, hostile in company, and alone: a quick walk takes one in four alone."""
        for sheet in self.found.sheets.values():
            client = self.clients[sheet.role]
            for name in sheet.names:
                self.fields["form"] += 1
                if not self._of_the_sample(f"{sheet.path}{name}", 4):
                    continue
                for value in chosen(TEXTS, f"{sheet.path}{name}", self.values):
                    self._form(client, sheet, {name: TEXTS[value]}, f"{name}={value}")
            for shift in range(len(TEXTS) if self.values == 0 else 1):
                order = sorted(TEXTS)
                whole = {
                    name: TEXTS[order[(n * 5 + shift) % len(order)]] for n, name in enumerate(sheet.names)
                }
                self._form(client, sheet, whole, f"all at once, {shift}")
            self._odd(client, sheet)

    def _form(self, client: Client, sheet: Sheet, hostile: Mapping[str, bytes], told: str) -> None:
        if sheet.path.startswith("/accounts/logout"):
            return
        rows = [(name, hostile.get(name, value.encode())) for name, value in sheet.values]
        said = f"{sheet.role} POST {sheet.path} {told}"
        self.ask("form", said, client, "POST", sheet.path, data=urlencode(rows).encode(), content_type=FORM)

    def _odd(self, client: Client, sheet: Sheet) -> None:
        """Each field twice, none at all, a file for each text and a text for each file."""
        said = f"{sheet.role} POST {sheet.path}"
        if not self._of_the_sample(sheet.path, 3) and not sheet.files:
            return
        twice = urlencode([*sheet.values, *((name, "x") for name in sheet.names)]).encode()
        self.ask("form", f"{said} twice", client, "POST", sheet.path, data=twice, content_type=FORM)
        self.ask("form", f"{said} nothing", client, "POST", sheet.path, data=b"", content_type=FORM)
        files = {
            name: "a\x00b" if name in sheet.files else SimpleUploadedFile("a\x00\u202e.txt", b"\x00\xff")
            for name in sheet.names
        }
        self.ask("form", f"{said} files", client, "POST", sheet.path, files=files)
        if sheet.files:
            plain: dict[str, Any] = {name: value for name, value in sheet.values if name not in sheet.files}
            for named, content in _FILES.items():
                sent = {name: SimpleUploadedFile(named, content) for name in sheet.files}
                self.ask("form", f"{said} {named}", client, "POST", sheet.path, files={**plain, **sent})

    def filters(self) -> None:
        """Every name that some view reads, on every page, one value for all of them and one by one."""
        everywhere = names_read("GET|asked|query|given|chosen|copy")
        for route, (role, path) in self.found.pages.items():
            own = sorted(self.found.filters.get(route, set()))
            self.fields["filter"] += len(own)
            client = self.clients[role]
            for value in chosen(TEXTS, path, self.values):
                query = "&".join(f"{name}={quote_from_bytes(TEXTS[value])}" for name in everywhere)
                # An address line has an end: servers take about 8 KB.
                if len(query) < 60_000:
                    self.ask("filter", f"{role} GET {path}? all={value}", client, "GET", f"{path}?{query}")
            for name in own:
                if not self._of_the_sample(f"{path}{name}", 4):
                    continue
                for value in chosen(TEXTS, f"{path}{name}", self.values):
                    asked = f"{path}?{name}={quote_from_bytes(TEXTS[value])}"
                    self.ask("filter", f"{role} GET {path}? {name}={value}", client, "GET", asked)

    def pieces(self, number: str) -> None:
        """Every piece of every address."""
        client = self.clients["suozhang"]
        for one in addresses():
            if "<" not in one.route or one.route.startswith("accounts/logout"):
                continue
            self.fields["address"] += one.route.count("<")
            for told, path in _filled(one, number, self.values):
                both = ("GET", "POST") if self.values == 0 else (("GET", "POST")[crc32(path.encode()) % 2],)
                for method in both:
                    self.ask("address", f"{method} {one.route} {told}", client, method, path)
            self._everything(client, one.route, one.path(number=number, pk=1))

    def _everything(self, client: Client, route: str, path: str) -> None:
        """Every name that some view reads from a form, also where no page of ours shows the form."""
        if not self._of_the_sample(route, 3):
            return
        order, names = sorted(TEXTS), names_read("POST|sent|given")
        for shift in range(len(order) if self.values == 0 else 1):
            rows = [(name, TEXTS[order[(n * 5 + shift) % len(order)]]) for n, name in enumerate(names)]
            told = f"POST {route} everything, {shift}"
            self.ask("address", told, client, "POST", path, data=urlencode(rows).encode(), content_type=FORM)

    def headers(self, paths: Sequence[str]) -> None:
        """Every header that something reads, and cookies by name."""
        some = (
            self.clients.items()
            if self.values == 0
            else [("", self.clients[""]), *list(self.clients.items())[1:2]]
        )
        for role, client in some:
            for name in HEADERS:
                self.fields["header"] += 1
                for value in chosen(TEXTS, f"{role}{name}", self.values and self.values + 2):
                    given = TEXTS[value].decode("latin-1")
                    if name == "Cookie":
                        quoted = "".join(f"\\{one:03o}" for one in TEXTS[value][:400])
                        given = "; ".join(
                            f'{key}="{quoted}"' for key in ("sessionid", "csrftoken", "django_language")
                        )
                    for path in paths:
                        kept = dict(client.cookies)
                        if name == "Cookie":
                            client.cookies.clear()
                        self.ask(
                            "header",
                            f"{role} {path} {name}: {value}",
                            client,
                            "GET",
                            path,
                            headers={name: given},
                        )
                        client.cookies.update(kept)

    def bodies(self, client: Client, schema: Mapping[str, Any], pieces: Mapping[str, str]) -> None:
        """Every part of every body of the API, and its queries."""
        for path, method, operation in _operations(schema):
            address = re.sub(r"{(\w+)}", lambda m: pieces.get(m[1], "1"), path)
            for one in operation.get("parameters", []):
                if one["in"] == "query":
                    self.fields["api"] += 1
                    for value in chosen(TEXTS, f"{path}{one['name']}", self.values and self.values + 2):
                        asked = f"{address}?{one['name']}={quote_from_bytes(TEXTS[value])}"
                        self.ask("api", f"{method} {path}? {one['name']}={value}", client, method, asked)
            usual = _body(schema, operation)
            for part in usual:
                self.fields["api"] += 1
                for value in chosen(JSONS, f"{path}{part}", self.values and self.values + 6):
                    rows = [
                        f"{json.dumps(k)}: {JSONS[value] if k == part else json.dumps(v)}"
                        for k, v in usual.items()
                    ]
                    self._body(client, method, address, f"{{{', '.join(rows)}}}", f"{part}={value}")
            for value, text in JSONS.items() if usual else ():
                self._body(client, method, address, text, f"whole={value}")
                self._body(client, method, address, f'{{"a\\u0000": {text}}}', f"unknown={value}")

    def _body(self, client: Client, method: str, address: str, body: str, told: str) -> None:
        said = f"{method} {address} {told}"
        self.ask("api", said, client, method, address, data=body.encode(), content_type="application/json")

    def open311(self, service: str) -> None:
        """The public server: its queries and its one form."""
        client = self.clients[""]
        queries = (
            "service_request_id",
            "service_code",
            "status",
            "start_date",
            "end_date",
            "page",
            "page_size",
        )
        for name in queries:
            self.fields["open311"] += 1
            for value in chosen(TEXTS, name, self.values and self.values + 4):
                for ending in ("json", "xml"):
                    asked = f"/open311/v2/requests.{ending}?{name}={quote_from_bytes(TEXTS[value])}"
                    self.ask("open311", asked[:80] + value, client, "GET", asked)
        usual = {
            "service_code": service,
            "lat": "27.9",
            "long": "111.1",
            "description": "路灯不亮",
            "address_string": "x",
        }
        more = (
            "attribute[a]",
            "jurisdiction_id",
            "address_id",
            "email",
            "phone",
            "media_url",
            "api_key",
            "account_id",
        )
        for name in (*usual, *more):
            self.fields["open311"] += 1
            for value in chosen(TEXTS, name, self.values and self.values + 4):
                rows = {**{k: v.encode() for k, v in usual.items()}, name: TEXTS[value]}
                self.ask(
                    "open311", f"POST requests {name}={value}", client, "POST", "/open311/v2/requests.json",
                    data=urlencode(rows).encode(), content_type=FORM,
                )  # fmt: skip

    def lines(self, database: str) -> Iterator[str]:
        """The table: what was sent where, and what came of it."""
        every = len(TEXTS)
        for surface in sorted(self.sent):
            values = (len(JSONS) if surface == "api" else every) if self.values == 0 else self.values
            yield (
                f"{database:<11} {surface:<8} {self.fields[surface]:>5} fields x {values:>2} values "
                f"{self.sent[surface]:>7} sent {self.kept[surface]:>6} taken in"
            )
        yield f"{database:<11} {sum(self.sent.values())} sent, {len(self.faults)} x 500"


_FILES: Final = {
    "a.csv": b"kind,name,address\r\nshop,a\x00b,\xff\xfe",
    "b.csv": "kind,name,address\r\n\u202e,\uffff,长\r\n".encode() * 3,
    "c.xlsx": b"PK\x03\x04" + b"\x00" * 60,
    "d.geojson": b'{"type": "FeatureCollection", "features": [{"geometry": {"coordinates": [1e400]}}]}',
    "e.json": b'{"a": "\\ud800\\u0000", "b": 1e400}',
    "f.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
}


def _filled(one: Address, number: str, count: int) -> Iterator[tuple[str, str]]:
    """An address with a hostile piece, all others as usual."""
    for piece in re.findall(r"<([^<>]+)>", one.route):
        converter, _, name = piece.rpartition(":")
        if converter == "int":
            for value in NUMBERS if count == 0 else NUMBERS[2:]:
                yield value, one.path(number=number, pk=int(value))
        elif name not in PLAIN or name in ("key", "what"):
            for value in chosen(TEXTS, f"{one.route}{name}", count):
                hostile = percent(TEXTS[value][:300])
                yield (
                    value,
                    one.path(number=hostile if name == "number" else number).replace("/x/", f"/{hostile}/"),
                )


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _body(schema: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    """A body as the schema has it; empty where there is none."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    parts = schema["components"]["schemas"].get(name, {}).get("properties", {})
    usual = {
        "type": "request",
        "category": "streetlight",
        "title": "路灯",
        "text": "x",
        "url": "https://a.example/",
        "revision": 1,
    }
    return {part: usual.get(part, _some(told)) for part, told in parts.items()}


def _some(told: Mapping[str, Any]) -> Any:
    plain = {"string": "", "integer": 1, "number": 1.0, "boolean": True, "array": [], "object": {}}
    return plain.get(told.get("type", ""))
