"""Draws the tab bar's icons (81 px PNG, both themes) into icons/; run by hand when one changes."""

from pathlib import Path

from PIL import Image, ImageDraw

SIZE, SCALE = 81, 8
COLOURS = {"light": ("#66717d", "#0b6b53"), "dark": ("#9aa7b4", "#5cc8a8")}
STROKE = 6


def _line(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], ink: str) -> None:
    scaled = [(x * SCALE, y * SCALE) for x, y in points]
    draw.line(scaled, fill=ink, width=STROKE * SCALE, joint="curve")
    for x, y in scaled:
        reach = STROKE * SCALE / 2
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=ink)


def _home(draw: ImageDraw.ImageDraw, ink: str) -> None:
    _line(draw, [(13, 38), (40.5, 14), (68, 38)], ink)
    _line(draw, [(20, 34), (20, 66), (61, 66), (61, 34)], ink)
    _line(draw, [(40.5, 52), (40.5, 64)], ink)


def _entries(draw: ImageDraw.ImageDraw, ink: str) -> None:
    for y in (21, 40.5, 60):
        _line(draw, [(30, y), (67, y)], ink)
        _line(draw, [(15, y), (16, y)], ink)


def _record(draw: ImageDraw.ImageDraw, ink: str) -> None:
    box = tuple(each * SCALE for each in (12, 12, 69, 69))
    draw.ellipse(box, outline=ink, width=STROKE * SCALE)
    _line(draw, [(40.5, 28), (40.5, 53)], ink)
    _line(draw, [(28, 40.5), (53, 40.5)], ink)


def _policies(draw: ImageDraw.ImageDraw, ink: str) -> None:
    _line(draw, [(40.5, 23), (31, 17), (13, 17), (13, 60), (31, 60), (40.5, 66)], ink)
    _line(draw, [(40.5, 23), (50, 17), (68, 17), (68, 60), (50, 60), (40.5, 66)], ink)
    _line(draw, [(40.5, 23), (40.5, 64)], ink)


def _me(draw: ImageDraw.ImageDraw, ink: str) -> None:
    draw.ellipse(tuple(each * SCALE for each in (26, 11, 55, 40)), outline=ink, width=STROKE * SCALE)
    draw.arc(tuple(each * SCALE for each in (13, 47, 68, 102)), 195, 345, fill=ink, width=STROKE * SCALE)
    _line(draw, [(14, 67), (67, 67)], ink)


DRAWINGS = {"home": _home, "entries": _entries, "record": _record, "policies": _policies, "me": _me}


def main() -> None:
    """Writes every icon, quiet and chosen, for both themes."""
    folder = Path(__file__).parent.parent / "icons"
    for theme, (quiet, chosen) in COLOURS.items():
        for name, drawing in DRAWINGS.items():
            for suffix, ink in (("", quiet), ("-on", chosen)):
                canvas = Image.new("RGBA", (SIZE * SCALE, SIZE * SCALE), (0, 0, 0, 0))
                drawing(ImageDraw.Draw(canvas), ink)
                canvas.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(
                    folder / f"{name}{suffix}-{theme}.png", optimize=True
                )


if __name__ == "__main__":
    main()
