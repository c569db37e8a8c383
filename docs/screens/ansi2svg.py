#!/usr/bin/env python3
"""Turns a terminal's picture (tmux capture-pane -e -p on stdin) into an SVG of real text: ansi2svg.py COLUMNS ROWS TITLE."""
import re
import sys
import unicodedata
from html import escape

COLUMN, ROW, FONT, MARGIN, BAR = 8.4, 18, 14, 14, 30
BACK, FRONT = "#0d1117", "#e6edf3"
PALETTE = ["#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
           "#8b949e", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff"]
CUBE = [0, 95, 135, 175, 215, 255]
EIGHTHS = " ▁▂▃▄▅▆▇█"


def colour(codes):
    """The colour behind 38 or 48: 5;N or 2;R;G;B."""
    if codes.pop(0) == 2:
        return "#%02x%02x%02x" % tuple(codes.pop(0) for _ in range(3))
    n = codes.pop(0)
    if n < 16:
        return PALETTE[n]
    n -= 16
    rgb = [8 + 10 * (n - 216)] * 3 if n >= 216 else [CUBE[n // 36], CUBE[n // 6 % 6], CUBE[n % 6]]
    return "#%02x%02x%02x" % tuple(rgb)


def select(style, codes):
    """The style after a sequence of SGR codes."""
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = {}
        elif code in (1, 2, 7):
            style = style | {code: True}
        elif code in (22, 27):
            style = {key: value for key, value in style.items() if key not in ((1, 2) if code == 22 else (7,))}
        elif code in (38, 48):
            style = style | {code: colour(codes)}
        elif code in (39, 49):
            style = {key: value for key, value in style.items() if key != code - 1}
        else:
            for first, ground, bright in ((30, 38, 0), (40, 48, 0), (90, 38, 8), (100, 48, 8)):
                if first <= code <= first + 7:
                    style = style | {ground: PALETTE[code - first + bright]}
    return style


def runs(line, style):
    """The line's pieces of one style, each with its column; and the style after it."""
    column, found = 0, []
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if piece.startswith("\x1b"):
            style = select(style, [int(code or 0) for code in piece[2:-1].split(";")])
        else:
            for part in re.findall(r"[▁-█]+| +|[^▁-█ ]+(?: [^▁-█ ]+)*", piece):
                found.append((column, part, style))
                column += sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in part)
    return found, style


def draw(column, row, part, style):
    front, back = style.get(38, FRONT), style.get(48)
    if style.get(7):
        front, back = back or BACK, front
    x, y, width = MARGIN + column * COLUMN, BAR + MARGIN + row * ROW, len(part) * COLUMN
    if back:
        yield f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW}" fill="{back}"/>'
    if part[0] in EIGHTHS[1:]:
        # Bars as shapes: fonts leave gaps between the rows.
        path = "".join(f"M{x + i * COLUMN:.1f} {y + ROW}v-{EIGHTHS.index(c) * ROW / 8:g}h{COLUMN}V{y + ROW}z" for i, c in enumerate(part))
        yield f'<path d="{path}" fill="{front}" shape-rendering="crispEdges"/>'
    elif part.strip():
        extra = (' font-weight="bold"' if style.get(1) else "") + (' opacity="0.6"' if style.get(2) else "")
        yield f'<text x="{x:.1f}" y="{y + 13.5}" textLength="{width:.1f}" fill="{front}"{extra}>{escape(part)}</text>'


columns, rows, title = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
width, height = columns * COLUMN + 2 * MARGIN, rows * ROW + 2 * MARGIN + BAR
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" role="img">')
print(f'<title>{escape(title)}</title><rect width="100%" height="100%" rx="10" fill="{BACK}"/>')
print("".join(f'<circle cx="{20 + 20 * i}" cy="20" r="6" fill="{c}"/>' for i, c in enumerate(("#ff5f57", "#febc2e", "#28c840"))))
print(f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="{FONT}" xml:space="preserve">')
print(f'<text x="{width / 2:.0f}" y="25" text-anchor="middle" fill="#8b949e">{escape(title)}</text>')
style = {}
for row, line in enumerate(sys.stdin.read().split("\n")[:rows]):
    found, style = runs(line, style)
    for column, part, look in found:
        print("\n".join(draw(column, row, part, look)), end="")
    print()
print("</g></svg>")
