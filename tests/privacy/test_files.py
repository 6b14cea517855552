"""Attachments: what a camera hides is gone, what runs or lies about itself is refused, the rest is kept."""

import contextlib
import hashlib
import io
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile
from PIL.PngImagePlugin import PngInfo

from linli.kernel.errors import InputRefused
from linli.privacy.files import inspect_file
from linli.privacy.kinds import KINDS, kind_of
from privacy.docx_files import docx
from privacy.inline import inline
from privacy.pdf_files import pdf


@pytest.fixture(autouse=True, scope="module")
def _in_this_process() -> Iterator[None]:
    """Hundreds of files: opened here. That they are opened apart is tested in test_hostile_files.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("linli.privacy.files.apart", inline)
        yield


def picture(form: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    image = Image.new(mode, size)
    image.putpixel((0, 0), 255 if mode in ("L", "P") else (255, 0, 0, 255)[: len(mode)])
    kept = io.BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x010F], data[0x0110], data[0x013B], data[0x0112] = (
        "Maker",
        "Phone-SN-1234",
        "Wang Xiaoming",
        orientation,
    )
    data.get_ifd(0x8825).update({1: "N", 2: (24.0, 2.0, 3.0), 3: "E", 4: (104.0, 11.0, 5.0)})
    return data


def refusal(name: str, content: bytes, **options: object) -> str:
    with pytest.raises(InputRefused) as refused:
        inspect_file(name, content, **options)  # type: ignore[arg-type]
    (finding,) = refused.value.findings
    for language in (refused.value.text.zh, refused.value.text.en):
        assert "{" not in language
    return finding.code


class TestPictures:
    @pytest.mark.parametrize(
        ("form", "suffix"), [("JPEG", "jpg"), ("JPEG", "JPEG"), ("PNG", "png"), ("WEBP", "webp")]
    )
    def test_lose_place_device_and_owner(self, form: str, suffix: str) -> None:
        content = (
            picture(form, exif=exif(), xmp=b"<x:xmpmeta>Wang</x:xmpmeta>")
            if form != "PNG"
            else (picture(form, exif=exif()))
        )
        assert b"Phone-SN-1234" in content
        clean = inspect_file(f"现场.{suffix}", content)
        with Image.open(io.BytesIO(clean.content)) as image:
            assert image.format == form
            assert image.size == (40, 20)
            assert dict(image.getexif()) == {}
            assert not image.getexif().get_ifd(0x8825)
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        for hidden in (b"Exif", b"Phone", b"Wang", b"xmpmeta"):
            assert hidden not in clean.content
        assert clean.sha256 == hashlib.sha256(clean.content).hexdigest()
        assert clean.name == f"现场.{suffix}"

    def test_stand_upright(self) -> None:
        clean = inspect_file("a.jpg", picture("JPEG", exif=exif(orientation=6)))
        with Image.open(io.BytesIO(clean.content)) as image:
            assert image.size == (20, 40)

    def test_lose_a_jpegs_comment_and_a_pngs_text(self) -> None:
        assert b"Wang" not in inspect_file("a.jpg", picture("JPEG", comment=b"Wang")).content
        note = PngInfo()
        note.add_text("Author", "Wang")
        note.add_itxt("XML:com.adobe.xmp", "Wang")
        assert b"Wang" not in inspect_file("a.png", picture("PNG", pnginfo=note)).content

    def test_lose_their_colour_profile_but_not_their_colour(self) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        clean = inspect_file("a.png", picture("PNG", icc_profile=profile))
        with Image.open(io.BytesIO(clean.content)) as image:
            assert "icc_profile" not in image.info
            assert image.getpixel((0, 0)) == (255, 0, 0)

    def test_survive_a_broken_colour_profile(self) -> None:
        inspect_file("a.png", picture("PNG", icc_profile=b"not a profile"))

    def test_lose_a_second_file_that_rides_behind_them(self) -> None:
        clean = inspect_file("a.jpg", picture("JPEG") + docx())
        assert b"PK\x03\x04" not in clean.content
        assert b"<script>" not in inspect_file("a.png", picture("PNG") + b"<script>").content

    def test_keep_what_is_see_through(self) -> None:
        for form, suffix in (("PNG", "png"), ("WEBP", "webp")):
            clean = inspect_file(f"a.{suffix}", picture(form, mode="RGBA", lossless=True))
            with Image.open(io.BytesIO(clean.content)) as image:
                assert image.convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)

    def test_in_palette_grey_or_print_colours_are_taken(self) -> None:
        inspect_file("a.png", picture("PNG", mode="P"))
        inspect_file("a.png", picture("PNG", mode="LA"))
        inspect_file("a.jpg", picture("JPEG", mode="L"))
        inspect_file("a.jpg", picture("JPEG", mode="CMYK"))

    def test_that_move_are_refused(self) -> None:
        frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
        for form, suffix in (("PNG", "png"), ("WEBP", "webp")):
            kept = io.BytesIO()
            frames[0].save(kept, form, save_all=True, append_images=frames[1:])
            assert refusal(f"a.{suffix}", kept.getvalue()) == "files.damaged"

    def test_cut_short_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # As WeasyPrint sets it for every process in which it is imported.
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
        noise = Image.effect_noise((200, 200), 80)
        for form, suffix in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
            kept = io.BytesIO()
            noise.convert("RGB").save(kept, form)
            whole = kept.getvalue()
            assert refusal(f"a.{suffix}", whole[: len(whole) // 2]) == "files.damaged"

    @pytest.mark.parametrize("side", [7_100, 9_500, 60_000])
    def test_that_unpack_to_too_much_are_refused_quickly(self, side: int) -> None:
        began = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            assert refusal("a.png", png_of(side, side)) == "files.pixels"
        assert time.perf_counter() - began < 2

    def test_that_are_a_thin_thread_are_refused(self) -> None:
        assert refusal("a.png", png_of(1_000_000, 1)) == "files.pixels"


def png_of(width: int, height: int) -> bytes:
    """A picture that says it is this large and has next to no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


class TestKinds:
    def test_an_empty_file_is_refused(self) -> None:
        assert refusal("a.jpg", b"") == "files.empty"

    def test_a_file_too_large_is_refused_with_both_sizes(self) -> None:
        with pytest.raises(InputRefused) as refused:
            inspect_file("a.txt", b"x" * 3_000_000, most_bytes=2 * 1024 * 1024)
        assert refused.value.findings[0].code == "files.too_large"
        assert "2.9 MB" in refused.value.text.zh
        assert "2.0 MB" in refused.value.text.zh

    @pytest.mark.parametrize(
        "name",
        ["a", "a.exe", "a.svg", "a.html", "a.gif", "a.pdf.exe", "a.xlsm", ".jpg", "a.jpg.", "a\u202egpj.exe"],
    )
    def test_an_extension_that_is_not_allowed_is_refused(self, name: str) -> None:
        if name == "a.jpg.":
            assert inspect_file(name, picture("JPEG")).name == "a.jpg"
        else:
            assert refusal(name, picture("JPEG")) == "files.kind"

    def test_a_kind_that_is_not_wanted_here_is_refused(self) -> None:
        with pytest.raises(InputRefused) as refused:
            inspect_file("a.pdf", pdf(b"<<>>"), allowed={"jpeg", "png"})
        assert ".jpg .jpeg .png" in refused.value.text.en
        assert ".webp" not in refused.value.text.en

    @pytest.mark.parametrize("name", ["a.png", "a.pdf", "a.txt", "a.docx"])
    def test_a_picture_under_another_extension_is_refused(self, name: str) -> None:
        assert refusal(name, picture("JPEG")) == "files.mismatch"

    @pytest.mark.parametrize(
        "content",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"\xef\xbb\xbf  <!DOCTYPE html><p>",
            b"<?xml version='1.0'?><svg/>",
            b"<?php echo 1;",
            b"hello <script>alert(1)</script>",
            b"GIF89a\x01\x00\x01\x00",
            b"MZ\x90\x00\x03",
            b"\x7fELF",
            b"PK\x03\x04nothing",
            b"Rar!\x1a\x07",
        ],
    )
    @pytest.mark.parametrize("name", ["a.txt", "a.png", "a.jpg", "a.docx"])
    def test_markup_and_programs_are_refused_under_any_name(self, name: str, content: bytes) -> None:
        assert refusal(name, content) == "files.mismatch"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_text_becomes_utf_8(self, encoding: str) -> None:
        text = "走访记录：3 < 5，邻里纠纷已化解。\r\n"
        clean = inspect_file("记录.txt", text.encode(encoding))
        assert clean.content.decode("utf-8") == text
        assert clean.media_type == "text/plain; charset=utf-8"


class TestPdf:
    def test_a_plain_one_is_kept_byte_for_byte(self) -> None:
        content = pdf(b"<</Type/Catalog/OpenAction[2 0 R /Fit]/JSomething 1>>", b"(text)")
        assert inspect_file("协议书.pdf", content).content == content

    @pytest.mark.parametrize(
        "found",
        [
            b"<</S/JavaScript/JS(app.alert(1))>>",
            b"<</S /JavaScript /JS 3 0 R>>",
            b"<</S/J#61vaScript>>",
            b"<</#4a#53 (x)>>",
            b"<</S/Launch/F(cmd.exe)>>",
            b"<</Names<</EmbeddedFiles 4 0 R>>>>",
            b"<</Type /EmbeddedFile>>",
        ],
    )
    def test_one_that_runs_or_carries_a_file_is_refused(self, found: bytes) -> None:
        assert refusal("a.pdf", pdf(b"<</Type/Catalog>>", found)) == "files.active"

    def test_one_that_packs_its_script_away_is_refused(self) -> None:
        packed = zlib.compress(b"1 0 <</S/JavaScript/JS(app.alert(1))>>")
        head = b"<</Type /ObjStm /N 1 /First 4 /DecodeParms <</Columns 1>> /Filter/FlateDecode>>"
        assert refusal("a.pdf", pdf(head + b"\nstream\r\n" + packed + b"\nendstream")) == "files.active"

    def test_one_that_unpacks_without_end_is_refused(self) -> None:
        packed = zlib.compress(b" " * 70_000_000)
        head = b"<</Type/ObjStm/Filter/FlateDecode>>\nstream\n"
        assert refusal("a.pdf", pdf(head + packed + b"\nendstream")) == "files.unpacks"

    def test_one_that_is_encrypted_or_cut_short_is_refused(self) -> None:
        assert refusal("a.pdf", pdf(b"<</Encrypt 3 0 R>>")) == "files.encrypted"
        assert refusal("a.pdf", pdf(b"<<>>", end=b"")) == "files.damaged"

    def test_letters_that_chance_spells_in_a_picture_are_no_script(self) -> None:
        inspect_file("a.pdf", pdf(b"<</Length 9>>\nstream\n\x01/JS \x02\x03\x04\nendstream"))

    @pytest.mark.parametrize(
        "filling", [b"stream\n", b"/ObjStm stream\n", b"/ObjStm ", b"/#4a#53", b"endstream"]
    )
    def test_one_made_to_take_long_is_answered_soon(self, filling: bytes) -> None:
        content = b"%PDF-1.7\n" + filling * (5_000_000 // len(filling)) + b"%%EOF"
        began = time.perf_counter()
        with contextlib.suppress(InputRefused):
            inspect_file("a.pdf", content)
        assert time.perf_counter() - began < 5


class TestOffice:
    def test_plain_ones_are_kept_byte_for_byte(self) -> None:
        content = docx()
        assert inspect_file("通知.docx", content).content == content
        sheet = docx({"xl/workbook.xml": b"<workbook/>"}, without="word/document.xml")
        assert inspect_file("台账.xlsx", sheet).media_type == KINDS["xlsx"].media_type
        assert refusal("台账.xlsx", content) == "files.mismatch"

    @pytest.mark.parametrize(
        "part",
        [
            {"word/vbaProject.bin": b"macro"},
            {"word/activeX/activeX1.xml": b"<x/>"},
            {"[Content_Types].xml": b"<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"},
            {
                "word/_rels/settings.xml.rels": b'<Relationship Type="http://x/attachedTemplate" '
                b'Target="http://evil/a.dotm" TargetMode="External"/>'
            },
        ],
    )
    def test_ones_that_run_or_call_out_are_refused(self, part: dict[str, bytes]) -> None:
        assert refusal("a.docx", docx(part)) == "files.active"

    def test_a_link_to_click_is_kept(self) -> None:
        link = b'<Relationship Type="http://x/hyperlink" Target="http://gov/" TargetMode="External"/>'
        inspect_file("a.docx", docx({"word/_rels/document.xml.rels": link}))

    def test_one_made_to_take_long_is_answered_soon(self) -> None:
        began = time.perf_counter()
        with contextlib.suppress(InputRefused):
            inspect_file("a.docx", docx({"word/_rels/a.rels": b"<Relationship " * 280_000}, stored=True))
        assert time.perf_counter() - began < 5

    def test_a_bomb_is_refused(self) -> None:
        assert refusal("a.docx", docx({"word/big.xml": b"0" * 30_000_000})) == "files.unpacks"

    def test_a_part_that_climbs_out_is_refused(self) -> None:
        assert refusal("a.docx", docx({"../../etc/x": b"0"})) == "files.damaged"

    def test_a_second_file_before_or_behind_is_refused(self) -> None:
        assert refusal("a.docx", docx() + b"%PDF-1.7 behind") == "files.damaged"
        assert refusal("a.docx", b"PK\x03\x04" + docx()) == "files.damaged"

    def test_one_cut_short_is_refused(self) -> None:
        content = docx()
        assert refusal("a.docx", content[: len(content) - 40]) == "files.damaged"


WHOLE = {
    "a.jpg": picture("JPEG", exif=exif()),
    "a.png": picture("PNG"),
    "a.webp": picture("WEBP"),
    "a.pdf": pdf(b"<</Type/Catalog>>"),
    "a.docx": docx(),
}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_damaged_file_is_taken_or_refused_but_nothing_else(name: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            clean = inspect_file(name, bytes(content))
        except InputRefused:
            return
    assert kind_of(clean.content) == kind_of(WHOLE[name])


@given(st.binary(min_size=1, max_size=400), st.sampled_from(["a.txt", "a.pdf", "a.docx", "a.webp"]))
def test_any_bytes_are_taken_or_refused(content: bytes, name: str) -> None:
    try:
        clean = inspect_file(name, content)
    except InputRefused:
        return
    assert clean.size == len(clean.content)


def test_the_parts_of_a_test_document_are_a_real_archive() -> None:
    assert zipfile.ZipFile(io.BytesIO(docx())).testzip() is None
