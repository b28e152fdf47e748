"""How long a pass lasts, against an orbit stepped over a station on an Earth that stands still."""

import math

import pytest

from sunward.physics import ground

RATE = 1.07e-3


@pytest.mark.parametrize("offset", [0.0, 0.1, 0.2])
def test_a_pass_lasts_as_long_as_the_satellite_is_in_the_cap(offset):
    half = 0.26
    seconds = range(-1000, 1001)
    inside = [math.acos(math.cos(RATE * second) * math.cos(offset)) < half for second in seconds]
    assert ground.pass_duration_s(half, offset, RATE) == pytest.approx(sum(inside), abs=2.0)


def test_a_pass_beyond_the_cap_has_no_length():
    assert ground.pass_duration_s(0.2, 0.2, RATE) == pytest.approx(0.0, abs=1e-3)
    assert ground.pass_duration_s(0.2, 0.5, RATE) == 0.0
