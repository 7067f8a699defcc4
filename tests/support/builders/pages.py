"""Pages as the systems of newsrooms make them, in `tests/support/pages`, and what a reader finds on each."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

PAGES = Path(__file__).parents[1] / "pages"
HEADLINE = "بلدية مرجان تفتتح محطة لتحلية المياه"
LEAD = "افتتحت بلدية مرجان صباح اليوم محطة لتحلية مياه البحر تكفي أربعين ألف نسمة في الأحياء الشرقية من المدينة."
BODY = (
    "قالت رئيسة البلدية سلمى الحكيم إن المحطة ستعمل ليلا ونهارا، وإن كلفتها بلغت 12.5 مليون دينار من موازنة العام"
    " الماضي.",
    "وأضافت أن العمل استمر ثلاثة أعوام، بعد أن تأخر مرتين بسبب نقص المعدات التي كان يفترض أن تصل في الربيع.",
    "وينتظر السكان أن تنتهي أزمة المياه قبل الصيف المقبل، بحسب ما قال مختار الحي لمراسل الصحيفة في المكان.",
)
OTHER = "وزير الزراعة يزور سوق الخضار في مدينة أخرى بعد شكاوى من ارتفاع الأسعار وقلة الكميات المعروضة."
DAY = "2023-04-18"  # a Tuesday
UPDATES = (
    "21:40",
    "قال قائد الدفاع المدني إن فرق الإنقاذ أخرجت 14 شخصا من البيوت التي غمرتها المياه في الحي القديم.",
    "20:15",
    "فتحت البلدية مدرستين لإيواء العائلات، ووزع المتطوعون وجبات ساخنة على نحو مئتي شخص في الساحة.",
    "18:50",
    "أعلنت مصلحة الأرصاد أن 90 ملمترا من المطر هطلت خلال ست ساعات، وهو أعلى رقم منذ بدء القياس.",
)


class MadePage(NamedTuple):
    """A page, and what a reader finds on it; all of them are of one day and one site."""

    name: str
    paragraphs: tuple[str, ...]
    title: str = HEADLINE
    author: str | None = "نادر السالم"
    encoding: str = "utf-8"

    @property
    def html(self) -> bytes:
        return (PAGES / f"{self.name}.html").read_text(encoding="utf-8").encode(self.encoding)


SHAPES = (
    MadePage("wordpress", ("محطة التحلية في مرجان", LEAD, *BODY)),
    MadePage("drupal", (LEAD, *BODY)),
    MadePage("news_site", (LEAD, *BODY)),
    MadePage("amp", BODY),
    MadePage("live_blog", UPDATES, title="سيول مرجان لحظة بلحظة", author=None),
    MadePage("windows_1256", BODY, encoding="cp1256"),
    MadePage("divs", BODY),
    MadePage("paywall", BODY[:2]),
)


def page(head: str, body: str) -> bytes:
    """Return a page of our own."""
    return f'<!DOCTYPE html><html lang="ar" dir="rtl"><head>{head}</head><body>{body}</body></html>'.encode()


def paragraphs(*texts: str) -> str:
    """Return texts as the paragraphs of a page."""
    return "".join(f"<p>{text}</p>" for text in texts)
