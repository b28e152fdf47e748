"""The shipped profile: what the fit gives, with unit and source; unknown keys are errors."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from sunward.resources import config_dir
from sunward.workload.burst_fit import fit_burst_process, least_squares
from sunward.workload.profile import ProfileError, list_profiles, load_profile, load_sites
from sunward.workload.request_work import Serving, work_of
from sunward.workload.traces import RequestTrace

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fit_demand.py"


def document(name="inference-2025"):
    return yaml.safe_load((config_dir() / "demand" / f"{name}.yaml").read_text(encoding="utf-8"))


def written(tmp_path, content):
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def figures_of(node, where=()):
    if isinstance(node, dict) and "unit" in node:
        yield ".".join(where), node
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from figures_of(child, (*where, key))


def assert_alike(a, b, where):
    if isinstance(a, dict):
        assert a.keys() == b.keys(), where
        for key in a:
            assert_alike(a[key], b[key], f"{where}.{key}")
    elif isinstance(a, str):
        assert a == b, where
    else:
        assert np.asarray(a) == pytest.approx(np.asarray(b), rel=2e-3, abs=1e-6), where


@pytest.fixture
def fit_demand(monkeypatch):
    spec = importlib.util.spec_from_file_location("fit_demand", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "fit_demand", module)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_profile_is_what_the_fit_gives(fit_demand, traces_dir):
    fitted = fit_demand.fit_profile(fit_demand.read_inputs(traces_dir))
    assert_alike(fitted, document(), "profile")


def test_the_shipped_sites_are_the_64_by_internet_users(fit_demand, shared_dir):
    assert fit_demand.read_sites(shared_dir / "data" / "geo") == document("sites-64")
    sites = load_sites().sites
    assert len(sites) == 64
    assert sum(site.weight for site in sites) == pytest.approx(1.0, abs=1e-4)
    assert "CC BY 4.0" in (config_dir() / "demand" / "sites-64.yaml").read_text(encoding="utf-8")


def test_every_figure_has_a_unit_and_a_source():
    figures = dict(figures_of(document()))
    assert len(figures) > 45
    for where, figure in figures.items():
        assert figure["unit"], where
        assert len(figure["source"]) > 5, where


def test_profiles_are_found_by_name():
    assert {"inference-2025", "sites-64"} <= set(list_profiles())
    assert load_profile().name == "inference-2025"


def test_classes_differ_in_how_they_answer_to_the_clock(profile):
    assert 0.4 < profile.interactive.prefill_share.value < 0.65
    assert profile.deferrable.prefill_share.value > profile.interactive.prefill_share.value


def test_interactive_figures_follow_from_requests(profile, conversation):
    """Conversation alone: .69 GPU-s a request; the mix with code stays near."""
    work = work_of(conversation)
    assert work.gpu_s.mean() == pytest.approx(0.69, abs=0.01)
    figures = profile.interactive
    assert figures.gpu_s_per_request.value == pytest.approx(0.67, abs=0.01)
    assert 500.0 < figures.joules_per_gpu_s.value < 700.0


def test_deferrable_figures_follow_from_mooncake_without_its_cache(profile, mooncake):
    figures = profile.deferrable
    cold = RequestTrace("cold", mooncake.t_s, mooncake.input_tokens, mooncake.output_tokens)
    work = work_of(cold, Serving(batch=figures.batch.value))
    assert figures.cache_kept.value == 0.0
    assert figures.gpu_s_per_request.value == pytest.approx(work.gpu_s.mean(), rel=1e-4)
    share = work.prefill_gpu_s.sum() / work.gpu_s.sum()
    assert figures.prefill_share.value == pytest.approx(share, rel=1e-4)
    tokens = work.tokens.sum() / work.gpu_s.sum()
    assert figures.tokens_per_gpu_s.value == pytest.approx(tokens, rel=1e-4)


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(ProfileError, match="did you mean inference-2025"):
        load_profile("inference-2052")


def test_an_unknown_key_is_an_error(tmp_path):
    content = document()
    content["daily"]["third_amplitude"] = 0.1
    with pytest.raises(ProfileError, match=r"daily\.third_amplitude: Extra inputs") as caught:
        load_profile(written(tmp_path, content))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda c: c["services"]["code"]["tokens"]["input_tokens"].pop(),
            "expected 6 as probability",
        ),
        (
            lambda c: c["services"]["code"]["tokens"].update(correlation=1.5),
            "less than or equal to 1",
        ),
        (lambda c: c["interactive"]["request_shares"].update(speech=0.1), "'speech', which is no"),
        (lambda c: c["interactive"]["request_shares"].update(code=0.9), "expected 1"),
        (lambda c: c.update(model="gpt-9"), "'llama-8b' or 'llama-70b'"),
        (lambda c: c["daily"]["first_peak_h"].pop("unit"), r"first_peak_h\.unit: Field required"),
        (lambda c: c["daily"]["first_peak_h"].update(value=float("nan")), "finite number"),
    ],
)
def test_impossible_figures_are_refused_in_one_line(tmp_path, change, message):
    content = document()
    change(content)
    with pytest.raises(ProfileError, match=message) as caught:
        load_profile(written(tmp_path, content))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lat_deg": 91.0}, "less than or equal to 90, found 91.0"),
        ({"weight": -0.1}, "greater than 0, found -0.1"),
        ({"weight": 0.9}, "expected 1"),
    ],
)
def test_impossible_sites_are_refused(tmp_path, change, message):
    content = document("sites-64")
    content["sites"][3].update(change)
    with pytest.raises(ProfileError, match=message):
        load_sites(written(tmp_path, content))


def test_files_that_are_no_profile_are_refused_in_one_line(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [1,", encoding="utf-8")
    for path, message in ((tmp_path / "none.yaml", "cannot be read"), (broken, "not YAML")):
        with pytest.raises(ProfileError, match=message) as caught:
            load_profile(path)
        assert "\n" not in str(caught.value)


def test_a_profile_cannot_be_changed(profile):
    with pytest.raises(ValueError, match="frozen"):
        profile.step_s = 30.0


def test_the_fit_of_bursts_reaches_the_published_figures():
    target = {1.0: 13.0, 10.0: 71.0, 60.0: 161.0}
    process = fit_burst_process(2.57, target, 13.2)
    for window_s, value in target.items():
        assert process.variance_to_mean(window_s) == pytest.approx(value, rel=0.03)
    assert process.gap_variation() == pytest.approx(13.2, rel=0.04)
    reached = {w: process.variance_to_mean(w) for w in target}
    again = fit_burst_process(2.57, reached, process.gap_variation())
    assert again.mean_long_s == pytest.approx(process.mean_long_s, rel=0.02)


def test_least_squares_finds_a_known_minimum():
    def errors(point):
        return np.array([10.0 * (point[1] - point[0] ** 2), 1.0 - point[0]])  # Rosenbrock

    assert least_squares(errors, np.array([-1.2, 1.0])) == pytest.approx([1.0, 1.0], abs=1e-6)
