"""The environment pages say what the code says."""

import pytest
from scripts import environment_pages

from sunward.core.observations import OBSERVATIONS
from sunward.scenario import list_scenarios, load_scenario


@pytest.mark.parametrize("page", environment_pages.PAGES, ids=lambda page: page.name)
def test_a_page_is_what_its_script_writes(page):
    written = environment_pages.path(page).read_text(encoding="utf-8")
    assert written == environment_pages.text(page), "run python scripts/environment_pages.py"


@pytest.mark.parametrize("page", environment_pages.PAGES, ids=lambda page: page.name)
def test_a_page_has_all_headings_and_something_below_each(page):
    parts = environment_pages.text(page).split("\n## ")
    bodies = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts[1:]}
    assert set(environment_pages.HEADINGS) <= set(bodies)
    assert all(bodies.values())


@pytest.mark.parametrize("page", environment_pages.PAGES, ids=lambda page: page.name)
def test_a_page_lists_every_feature_and_the_scenarios_of_its_task(page):
    written = environment_pages.text(page)
    for feature in OBSERVATIONS:
        assert f"| `{feature.name}` | {feature.low:g} | {feature.high:g} |" in written
    for name in list_scenarios():
        belongs = load_scenario(name).task == page.task
        assert (f"| `{name}` |" in written) == belongs
