"""The map of the sites: what is on it, how much of the world it shows, and its words."""

import re

import pytest

from catalog.pages.world_map import EAST, LEAST_WIDTH, WEST, world_map
from trials.models import Site


def site(latitude: float | None = None, longitude: float | None = None, **changes) -> Site:
    return Site(latitude=latitude, longitude=longitude, **changes)


SHANGHAI = {"latitude": 31.23, "longitude": 121.47, "city": "Shanghai"}
BOSTON = {"latitude": 42.36, "longitude": -71.06, "city": "Boston"}


def window(*sites: Site) -> tuple[float, ...]:
    return tuple(map(float, world_map(sites).view.split()))


def test_without_coordinates_there_is_no_map():
    assert world_map([]) is None
    assert world_map([site(city="Shanghai")]) is None


def test_sites_of_one_place_are_one_dot():
    (dot,) = world_map([site(**SHANGHAI), site(**SHANGHAI, status="RECRUITING")]).dots

    assert (dot.name, dot.sites, dot.open) == ("Shanghai", 2, True)


def test_sites_that_take_participants_are_drawn_on_top():
    dots = world_map([site(**SHANGHAI, status="RECRUITING"), site(**BOSTON)]).dots

    assert [dot.open for dot in dots] == [False, True]


def test_sites_that_cannot_be_placed_are_counted():
    assert world_map([site(**SHANGHAI), site(city="Beijing")]).unplaced == 1


@pytest.mark.parametrize(
    "places",
    [
        [SHANGHAI],
        [SHANGHAI, BOSTON],
        [{"latitude": -90, "longitude": -180}],
        [{"latitude": 90, "longitude": 180}],
        [{"latitude": 89.9, "longitude": -179.9}, {"latitude": -89.9, "longitude": 179.9}],
    ],
)
def test_every_dot_is_within_the_window_and_the_window_within_the_world(places):
    sites = [site(**place) for place in places]
    left, top, width, height = window(*sites)

    assert left >= WEST
    assert left + width <= EAST + 0.1
    assert width == pytest.approx(2 * height, abs=0.2)
    for dot in world_map(sites).dots:
        assert left <= float(dot.x) <= left + width
        assert top - 0.1 <= float(dot.y) <= top + height + 0.1


def test_a_single_place_is_shown_near_and_two_far_ones_with_the_world():
    assert window(site(**SHANGHAI))[2] == LEAST_WIDTH
    assert window(site(**SHANGHAI), site(**BOSTON))[2] == EAST - WEST


def test_the_land_is_the_data_of_a_path_and_nothing_else():
    near, world = world_map([site(**BOSTON)]), world_map([site(**BOSTON), site(**SHANGHAI)])

    assert re.fullmatch(r"(M(-?[\d.]+ -?[\d.]+L?)+Z)+", world.land)
    assert len(near.land) < len(world.land) < 20_000


def test_a_map_of_many_places_names_the_first_ones():
    many = world_map([site(latitude=n, longitude=n, city=f"City {n}") for n in range(30)])

    assert (len(many.named), many.unnamed) == (12, 18)
