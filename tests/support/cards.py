"""Why no card can be drawn here, for the tests that draw one."""

from __future__ import annotations

from bot.config.fonts import arabic_font


def why_no_card() -> str | None:
    """Return what is missing; None where a card can be drawn."""
    try:
        from PIL import features
    except ImportError:
        return "Pillow is not installed"
    if not (features.check("raqm") and features.check("fribidi")):
        return "Pillow has no raqm, or finds no FriBiDi"
    return None if arabic_font() else "no font with Arabic letters is installed"


WHY_NO_CARD = why_no_card()
