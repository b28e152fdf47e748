"""What kernels are handed as addresses is checked before, as they would read anything."""

import numpy as np
import pytest
from tests.core.worlds import small_params

from sunward.core.bundle import packed
from sunward.core.simulator import Simulator


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("steps", np.zeros(2), "steps has 1 dimensions of float64, expected 1 of int64"),
        ("worlds", np.zeros(4), "worlds has 1 dimensions of float64, expected 2 of float64"),
        ("keys", np.zeros((2, 2), np.int64).T[::-1], "keys has 2 dimensions of int64"),
        ("rewards", np.zeros(2), "rewards has 1 dimensions of float64, expected 1 of float32"),
    ],
)
def test_an_array_of_another_kind_is_refused(name, wrong, told):
    arrays = Simulator(small_params(), 2)._arrays
    packed(arrays)
    with pytest.raises(TypeError, match=told):
        packed(arrays._replace(**{name: wrong}))
