"""Makes PDFs of one font whose glyphs show any letters, set at any place: what each kind of producer writes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

GLYPH, SPACE, SIZE, LEADING = 0.5, 0.35, 12.0, 18.0  # widths in ems, the rest in points
RIGHT = 560.0

Line = Sequence[str]  # what each glyph shows, in the order in which they are read


def make_pdf(pages: Sequence[Sequence[Line]], *, leftward: bool = True, info: str = "") -> bytes:
    """Return a PDF of pages of lines; each line is set from the right edge, or from the left one."""
    shown = sorted({glyph for page in pages for line in page for glyph in line if glyph != " "})
    codes = {glyph: 33 + at for at, glyph in enumerate(shown)}
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    maps = "\n".join(f"<{code:02x}> <{glyph.encode('utf-16-be').hex()}>" for glyph, code in codes.items())
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{maps}\nendbfchar\nendcmap end end"
    )
    box = "d1 0 0 450 700 re f"
    procs = " ".join(f"/g{code} 6 0 R" for code in codes.values())
    differences = " ".join(f"{code} /g{code}" for code in codes.values())
    widths = " ".join("500" for _ in range(33, 33 + max(len(codes), 1)))
    font = (
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 700] /FontMatrix [0.001 0 0 0.001 0 0]"
        f" /CharProcs << {procs} >> /Encoding << /Type /Encoding /Differences [{differences}] >>"
        f" /FirstChar 33 /LastChar {32 + max(len(codes), 1)} /Widths [{widths}] /ToUnicode 5 0 R /Resources << >> >>"
    )
    objects += [font, f"<< {info} >>", _stream(to_unicode), _stream(f"500 0 0 0 450 700 {box}")]
    kids = []
    for page in pages:
        content = "\n".join(_set(line, codes, 780 - LEADING * at, leftward=leftward) for at, line in enumerate(page))
        objects.append(_stream(f"BT /F1 {SIZE} Tf\n{content}\nET"))
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _file(objects)


def _set(line: Line, codes: dict[str, int], y: float, *, leftward: bool) -> str:
    """Return the glyphs of a line from left to right, whichever way it is read."""
    glyphs = list(reversed(line)) if leftward else list(line)
    width = sum((SPACE if glyph == " " else GLYPH) * SIZE for glyph in glyphs)
    x = RIGHT - width if leftward else 40.0
    placed = []
    for glyph in glyphs:
        if glyph != " ":
            placed.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm <{codes[glyph]:02x}> Tj")
        x += (SPACE if glyph == " " else GLYPH) * SIZE
    return "\n".join(placed)


def _stream(content: str) -> str:
    packed = zlib.compress(content.encode("latin-1")).hex()
    return f"<< /Length {len(packed) + 1} /Filter [/ASCIIHexDecode /FlateDecode] >>\nstream\n{packed}>\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    data = b"%PDF-1.7\n"
    starts = []
    for number, content in enumerate(objects, 1):
        starts.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(starts) + 1}\n0000000000 65535 f \n" + "".join(
        f"{start:010d} 00000 n \n" for start in starts
    )
    trailer = f"trailer\n<< /Size {len(starts) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + (table + trailer).encode("latin-1")


def make_scan(pdf: bytes, dots_per_inch: int = 200) -> bytes:
    """Return a PDF of the pictures of another one's pages, without its letters, as a scanner makes it."""
    import pypdfium2

    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for page in pypdfium2.PdfDocument(pdf):
        width, height = page.get_size()
        seen = page.render(scale=dots_per_inch / 72, grayscale=True)
        rows = bytes(seen.buffer)
        grey = b"".join(rows[at * seen.stride : at * seen.stride + seen.width] for at in range(seen.height))
        packed = zlib.compress(grey).hex() + ">"
        objects.append(
            f"<< /Type /XObject /Subtype /Image /Width {seen.width} /Height {seen.height} /ColorSpace /DeviceGray"
            f" /BitsPerComponent 8 /Filter [/ASCIIHexDecode /FlateDecode] /Length {len(packed)} >>"
            f"\nstream\n{packed}\nendstream"
        )
        objects.append(_stream(f"{width} 0 0 {height} 0 0 cm /I Do"))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}]"
            f" /Resources << /XObject << /I {len(objects) - 1} 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _file(objects)
