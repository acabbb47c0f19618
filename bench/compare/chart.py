"""Horizontal bars as SVG, readable on light and dark pages: no background, and colours that ask which it is."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, LABELS, VALUES = 720, 120, 90  # of all, of the names on the left, of the figures on the right
BAR, GAP, GROUP_GAP, TITLE, LEGEND = 16, 3, 12, 44, 24

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: 600 }
  .quiet { fill: #6e7781 }
  .ours { font-weight: 600 }
  .first { fill: #2f74c0 }
  .second { fill: #d08b2c }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .first { fill: #5b9be0 }
    .second { fill: #e0a44d }
  }
"""


@dataclass
class Bar:
    value: float | None
    shown: str


def bars(title: str, note: str, series: list[str], groups: dict[str, list[Bar]], ours: str) -> str:
    """A group of bars for each name, a bar in it for each of one or two series."""
    longest = max((bar.value for group in groups.values() for bar in group if bar.value), default=1)
    scale = (WIDTH - LABELS - VALUES) / longest
    parts = [_text(0, 18, title, "title"), _text(0, 36, note, "quiet")]
    top = TITLE
    if len(series) > 1:
        parts += _legend(series, top)
        top += LEGEND
    for name, group in groups.items():
        height = len(group) * (BAR + GAP) - GAP
        parts.append(_text(LABELS - 10, top + height / 2 + 5, name, "ours" if name == ours else "", "end"))
        for number, bar in enumerate(group):
            parts += _bar(bar, scale, top + number * (BAR + GAP), ("first", "second")[number])
        top += height + GROUP_GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
            f'role="img">\n<title>{escape(title)}</title>\n<style>{STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n")


def _bar(bar: Bar, scale: float, y: float, colour: str) -> list[str]:
    if bar.value is None:
        return [_text(LABELS, y + BAR - 3, "no figure", "quiet")]
    width = max(bar.value * scale, 1)
    return [f'<rect class="{colour}" x="{LABELS}" y="{y:g}" width="{width:.1f}" height="{BAR}" rx="2"/>',
            _text(LABELS + width + 6, y + BAR - 3, bar.shown)]


def _legend(series: list[str], y: float) -> list[str]:
    parts = []
    for number, name in enumerate(series):
        x = LABELS + number * 200
        parts.append(f'<rect class="{("first", "second")[number]}" x="{x}" y="{y}" width="12" height="12" rx="2"/>')
        parts.append(_text(x + 18, y + 11, name))
    return parts


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'
