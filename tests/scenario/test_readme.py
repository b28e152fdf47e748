"""The README's examples run as they stand."""

import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_first_screen_has_both_commands_and_the_install_line():
    screen = README.read_text(encoding="utf-8").split("## ")[0]
    for piece in ("make train", "make test", "pip install", "learning_curve.png"):
        assert piece in screen


@pytest.mark.parametrize("index", range(len(EXAMPLES)))
def test_an_example_runs_and_has_about_ten_lines(index):
    example = EXAMPLES[index]
    assert len(example.splitlines()) <= 12
    exec(compile(example, f"README.md, example {index}", "exec"), {})
