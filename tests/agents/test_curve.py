"""The picture of a learning curve leaves no rule out."""

from sunward_agents.policies import RULES
from sunward_agents.sb3.curve import rule_colours, spread_apart


def test_every_rule_has_a_line_of_its_own_colour():
    colours = rule_colours(RULES)
    assert tuple(colours) == RULES
    assert len(set(colours.values())) == len(RULES)


def test_more_rules_than_colours_are_drawn_all_the_same():
    names = [f"rule {number}" for number in range(40)]
    assert list(rule_colours(names)) == names


def test_names_of_lines_that_lie_together_are_moved_apart():
    assert spread_apart([0.30, 0.0, 0.31], 0.05) == [0.30, 0.0, 0.35]
