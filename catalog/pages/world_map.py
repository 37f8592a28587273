"""A small map of a trial's sites, drawn on the server: no script, and no other host.

The land is drawn by hand (land.txt). In Mercator's projection, so that any piece of it has the
right shape; its units are degrees at the equator, with y downwards as SVG has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import asinh, degrees, radians, tan
from pathlib import Path

from trials.models import Site
from trials.querysets import RECRUITING

LAND = Path(__file__).with_name("land.txt")
NORTH, SOUTH = 74, -55.5  # degrees: what lies beyond has no hospitals
WEST, EAST = -169, 191  # the end of Asia goes on beyond 180 degrees
LEAST_WIDTH = 100  # degrees: closer, the outline of the land is too coarse
RATIO = 2  # width by height
ROOM = 1.35  # times what the dots span
WHOLE_WORLD = 200  # degrees of width from which a part of the world is no help
GRAIN = 1  # decimals of a degree: sites nearer than that are one dot
MOST_NAMED = 12  # places in the text alternative; the list beside the map has all

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """A place with sites. `open`: one of them takes participants."""

    x: str
    y: str
    name: str
    sites: int
    open: bool


@dataclass(frozen=True, slots=True)
class WorldMap:
    """What a template draws. `unplaced`: sites whose coordinates are not known."""

    view: str
    land: str
    dots: tuple[Dot, ...]
    radius: str
    unplaced: int

    @property
    def named(self) -> tuple[Dot, ...]:
        return self.dots[:MOST_NAMED]

    @property
    def unnamed(self) -> int:
        return max(0, len(self.dots) - MOST_NAMED)

    @property
    def some_open(self) -> bool:
        return any(dot.open for dot in self.dots)

    @property
    def some_closed(self) -> bool:
        return not all(dot.open for dot in self.dots)


def world_map(sites: Iterable[Site], *, takes_participants: bool = True) -> WorldMap | None:
    """The map of these sites; None where the coordinates of none are known.

    `takes_participants`: whether the trial does; no site of one that does not is drawn as open.
    """
    sites = list(sites)
    placed = [site for site in sites if site.latitude is not None]
    if not placed:
        return None
    by_place = groupby(sorted(placed, key=_grain), key=_grain)
    dots = tuple(_dot(place, list(its), takes_participants) for place, its in by_place)
    left, top, width = _window([(float(dot.x), float(dot.y)) for dot in dots])
    height = width / RATIO
    return WorldMap(
        view=f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}",
        land=_land(left, top, left + width, top + height),
        # Those that take participants are drawn last, on top of the others.
        dots=tuple(sorted(dots, key=lambda dot: (dot.open, -dot.sites))),
        radius=f"{width / 90:.2f}",
        unplaced=len(sites) - len(placed),
    )


def projected(longitude: float, latitude: float) -> Point:
    """The place on the map, kept on its sheet."""
    latitude = min(max(latitude, SOUTH), NORTH)
    return longitude + 360 * (longitude < WEST), -degrees(asinh(tan(radians(latitude))))


def _grain(site: Site) -> Point:
    return round(site.longitude or 0, GRAIN), round(site.latitude or 0, GRAIN)


def _dot(place: Point, sites: list[Site], taking: bool) -> Dot:
    x, y = projected(*place)
    name = next((site.city for site in sites if site.city), sites[0].country_name)
    takes = taking and any(site.status in RECRUITING for site in sites)
    return Dot(f"{x:.1f}", f"{y:.1f}", name[:80], len(sites), takes)


def _window(points: list[Point]) -> tuple[float, float, float]:
    """Left, top and width of the piece of the world that shows all points, with room about them."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    width = max(LEAST_WIDTH, ROOM * (max(xs) - min(xs)), ROOM * RATIO * (max(ys) - min(ys)))
    if width > WHOLE_WORLD:
        width = EAST - WEST
    top, bottom = projected(0, NORTH)[1], projected(0, SOUTH)[1]
    left = _kept((max(xs) + min(xs) - width) / 2, WEST, EAST - width)
    return left, _kept((max(ys) + min(ys) - width / RATIO) / 2, top, bottom - width / RATIO), width


def _kept(value: float, least: float, most: float) -> float:
    return max(least, min(value, most))


def _land(left: float, top: float, right: float, bottom: float) -> str:
    """The outlines that reach into this window, as the data of an SVG path."""
    return "".join(
        path
        for (west, north, east, south), path in _outlines()
        if west < right and east > left and north < bottom and south > top
    )


@cache
def _outlines() -> tuple[tuple[tuple[float, float, float, float], str], ...]:
    """Each ring's bounds and its path; read once in a process."""
    rings = [
        [_point(pair) for pair in line.split()]
        for line in LAND.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return tuple((_bounds(ring), _path(ring)) for ring in rings)


def _point(pair: str) -> Point:
    longitude, latitude = pair.split(",")
    x, y = float(longitude), min(max(float(latitude), SOUTH - 5), NORTH + 6)
    return x, -degrees(asinh(tan(radians(y))))


def _bounds(ring: list[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _path(ring: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"
