"""Draws the plots of the report, as SVG."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 820, 460
LEFT, RIGHT, TOP, BOTTOM = 78, 190, 44, 56
# Told apart with any kind of colour vision.
COLOURS = {
    "ours": "#d55e00",
    "libwslay1": "#000000",
    "fastwebsockets": "#0072b2",
    "sockudo-ws": "#009e73",
    "sockudo-ws-protocol": "#cc79a7",
    "tokio-websockets": "#e69f00",
    "tungstenite": "#56b4e9",
    "wtx": "#7f5fc0",
    "floor": "#888888",
}


def size_label(size):
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:g} {unit}"
        size /= 1024
    return f"{size:g} GiB"


def time_label(nanoseconds):
    for unit in ("ns", "µs", "ms"):
        if nanoseconds < 1000:
            return f"{nanoseconds:g} {unit}"
        nanoseconds /= 1000
    return f"{nanoseconds:g} s"


def text(x, y, content, anchor="middle", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(content)}</text>'


def line(x1, y1, x2, y2, colour="#dddddd"):
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="1"/>'
    )


def document(width, height, title, parts):
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="sans-serif" font-size="13">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            text(LEFT, 24, title, "start", ' font-size="16" font-weight="bold"'),
            *parts,
            "</svg>\n",
        ]
    )


class LogScale:
    """Maps the logarithm of values in [low, high] to pixels."""

    def __init__(self, low, high, start, end):
        self.low, self.high = math.log10(low), math.log10(high)
        self.start, self.end = start, end

    def __call__(self, value):
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)


def curve(points, colour, dashed):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    yield (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
    )
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def axes(x, y, sizes, low, high):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    value = low
    while value <= high:
        yield line(LEFT, y(value), right, y(value))
        yield text(LEFT - 8, y(value) + 4, time_label(value), "end")
        value *= 10
    for size in sizes:
        yield line(x(size), TOP, x(size), bottom)
        yield text(x(size), bottom + 18, size_label(size))
    yield line(LEFT, bottom, right, bottom, "#000000")
    yield line(LEFT, TOP, LEFT, bottom, "#000000")
    yield text((LEFT + right) / 2, bottom + 42, "size of a message")
    middle = (TOP + bottom) / 2
    yield text(18, middle, "time a message", extra=f' transform="rotate(-90 18 {middle})"')


def time_by_size(title, series):
    """Curves of nanoseconds by size, both logarithmic. Series: name to {size: ns}."""
    sizes = sorted({size for times in series.values() for size in times})
    times = [ns for points in series.values() for ns in points.values()]
    low = 10 ** math.floor(math.log10(min(times)))
    high = 10 ** math.ceil(math.log10(max(times)))
    x = LogScale(sizes[0] / 1.3, sizes[-1] * 1.3, LEFT, WIDTH - RIGHT)
    y = LogScale(low, high, HEIGHT - BOTTOM, TOP)
    parts = list(axes(x, y, sizes, low, high))
    # Ours is drawn last, on top.
    for name in reversed(series):
        points = [(x(size), y(ns)) for size, ns in sorted(series[name].items())]
        parts += curve(points, COLOURS[name], name == "floor")
    for row, name in enumerate(series):
        height = TOP + 12 + 22 * row
        left = WIDTH - RIGHT + 16
        swatch = [(left, height), (left + 24, height)]
        parts += curve(swatch, COLOURS[name], name == "floor")
        parts.append(text(left + 32, height + 4, name, "start"))
    return document(WIDTH, HEIGHT, title, parts)


def bars(title, groups, unit):
    """Horizontal bars. Groups: heading to {name: value}; each group has its own scale."""
    row, gap = 20, 34
    height = TOP + sum(gap + row * len(group) for group in groups.values()) + 10
    left, right = LEFT + 100, WIDTH - 110
    parts, y = [], TOP
    for heading, group in groups.items():
        parts.append(text(LEFT, y + 20, heading, "start", ' font-weight="bold"'))
        y += gap - 4
        longest = max(group.values())
        for name, value in group.items():
            length = (right - left) * value / longest
            parts.append(text(left - 8, y + 13, name, "end"))
            parts.append(
                f'<rect x="{left}" y="{y + 2}" width="{length:.1f}" height="{row - 5}" '
                f'fill="{COLOURS[name]}"/>'
            )
            parts.append(text(left + length + 6, y + 13, f"{value:,.0f} {unit}", "start"))
            y += row
        y += 4
    return document(WIDTH, height, title, parts)
