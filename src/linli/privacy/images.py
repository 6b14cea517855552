"""Pictures drawn anew: what can be seen is kept, without place, time, device, owner or a hidden rest.

Run in a process apart, as a decoder makes room for every pixel that a few bytes promise.
"""

import io
import warnings
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageCms, ImageOps

from linli.privacy.apart import serve
from linli.privacy.sizes import LONGEST_SIDE, MOST_LOSSLESS, MOST_PIXELS, WHOLE_PIXELS

__all__ = ["DamagedImage", "ImageTooLarge", "answer", "redrawn"]

JPEG_QUALITY: Final = 90
SHOWN: Final = frozenset({"transparency"})
"""What an image's file says about it that changes how it looks, once colours are sRGB."""
PLAIN: Final = {
    "JPEG": ("L", "RGB"),
    "WEBP": ("RGB", "RGBA"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
}


class DamagedImage(Exception):
    """The picture cannot be decoded to its end, or is a moving one."""


class ImageTooLarge(Exception):
    """The picture has more pixels than are taken in."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(f"{width} × {height}")
        self.width, self.height = width, height


def redrawn(content: bytes, form: str) -> bytes:
    """The picture decoded and encoded anew as ``form`` (``JPEG``, ``PNG``, ``WEBP``), turned upright.

    Raises
    ------
    DamagedImage
        It does not decode, or moves.
    ImageTooLarge
        It has more pixels than are taken in.

    Notes
    -----
    A picture of more than 16 million pixels is kept at half its width and height; the decoder of JPEG does so
    without making room for all of them.
    """
    if not _is_whole(content, form):
        raise DamagedImage("cut short")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[form]) as image:
                return _redrawn(image, form, lossless=b"VP8L" in content[:64])
    except (DamagedImage, ImageTooLarge):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooLarge(0, 0) from error
    except Exception as error:  # A decoder fed with hostile bytes may fail in any way.
        raise DamagedImage(type(error).__name__) from error


def _is_whole(content: bytes, form: str) -> bool:
    """Whether the picture's end is there. Pillow alone cannot be asked: WeasyPrint tells it, for the whole
    process, to fill what is missing with grey."""
    match form:
        case "JPEG":
            return content.rfind(b"\xff\xd9") > content.rfind(b"\xff\xda")
        case "PNG":
            return b"IEND\xaeB`\x82" in content
        case _:
            return int.from_bytes(content[4:8], "little") + 8 <= len(content)


def _redrawn(image: Image.Image, form: str, *, lossless: bool) -> bytes:
    width, height = image.size
    if width * height > MOST_PIXELS[form] or max(width, height) > LONGEST_SIDE:
        raise ImageTooLarge(width, height)
    if width * height > WHOLE_PIXELS and form == "JPEG":
        image.draft(image.mode, (width // 2, height // 2))
    # A telephone's JPEG may carry a second picture behind the first, which is left out here.
    if form != "JPEG" and getattr(image, "n_frames", 1) > 1:
        raise DamagedImage("moving")
    image.load()
    upright = _in_srgb(ImageOps.exif_transpose(_halved(image, form)))
    if upright.mode not in PLAIN[form]:
        upright = upright.convert(_plain_mode(upright, form))
    upright.info = {key: value for key, value in upright.info.items() if key in SHOWN}
    kept = io.BytesIO()
    lossless = lossless and upright.width * upright.height <= MOST_LOSSLESS
    match form:
        case "JPEG":
            upright.save(kept, form, quality=JPEG_QUALITY, optimize=True)
        case "WEBP":
            upright.save(kept, form, quality=JPEG_QUALITY, lossless=lossless)
        case _:
            upright.save(kept, form)
    return kept.getvalue()


def _halved(image: Image.Image, form: str) -> Image.Image:
    if image.width * image.height <= WHOLE_PIXELS:
        return image
    if image.mode in ("1", "P", "PA"):
        image = image.convert(_plain_mode(image, form))
    if image.mode == "I;16":
        # The only way that Pillow has for sixteen bits.
        return image.resize((image.width // 2, image.height // 2), Image.Resampling.NEAREST)
    return image.reduce(2)


def _plain_mode(image: Image.Image, form: str) -> str:
    return "RGBA" if form != "JPEG" and image.has_transparency_data else "RGB"


def _in_srgb(image: Image.Image) -> Image.Image:
    """The same colours without the profile, whose text may name a person or a device."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image
    return image if shown is None else shown


def answer(content: bytes, arguments: Sequence[str]) -> bytes:
    """``ok``, ``damaged`` or ``pixels``, a line's end, and the picture drawn anew."""
    try:
        return b"ok\n" + redrawn(content, arguments[0])
    except DamagedImage:
        return b"damaged\n"
    except ImageTooLarge:
        return b"pixels\n"


if __name__ == "__main__":
    serve(answer)
