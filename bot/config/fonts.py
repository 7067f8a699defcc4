"""A font of the system for pictures of text: one that has both Arabic and Latin letters."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

_MOST_SECONDS = 20  # fontconfig builds its cache when it is first asked
_UPRIGHT = ("regular", "book", "roman", "medium", "normal")
_TABLE = Path(__file__).with_suffix(".toml")


def arabic_font() -> Path | None:
    """Return the file of a font with Arabic and Latin letters; None where the system has none that we know of."""
    known = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return chosen_font(_listed(), known["families"]) or next(filter(Path.is_file, map(Path, known["files"])), None)


def chosen_font(listed: Iterable[str], families: Iterable[str]) -> Path | None:
    r"""Return the upright file of the first family that is listed, by lines of file, family and style parted by tabs.

    >>> str(chosen_font(["b.ttf\tAmiri\tBold", "a.ttf\tAmiri\tRegular", "d.ttf\tArial\tBook"], ["Amiri", "Arial"]))
    'a.ttf'
    """
    rows = [row for line in listed if len(row := line.split("\t")) == 3]
    for family in families:
        for file, names, styles in rows:
            if family in names.split(",") and any(style in _UPRIGHT for style in styles.lower().split(",")):
                return Path(file)
    return None


def _listed() -> list[str]:
    """Return the fonts that fontconfig knows for both languages; none where it is not there."""
    command = ["fc-list", "--format", "%{file}\t%{family}\t%{style}\n", ":lang=ar:lang=en"]
    try:
        ran = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", timeout=_MOST_SECONDS)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return []
    return ran.stdout.splitlines()
