"""PDF files made for tests, object by object, with a table of where each lies."""

__all__ = ["pdf"]


def pdf(*objects: bytes, end: bytes = b"%%EOF\n", trailer: bytes = b"") -> bytes:
    """A file of some objects, the first of which is its root."""
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n" % (size, trailer, len(body))
        + end
    )
