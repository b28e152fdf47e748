"""What a user installs: the wheel carries its configs, the command speaks up without its extra."""

import importlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sunward import command
from sunward.resources import config_dir

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the content of a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("sunward-*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_a_checkout_reads_its_own_configs():
    assert config_dir() == ROOT / "configs"


def test_a_wheel_installs_no_name_but_its_own(wheel_folder):
    names = {path.name for path in wheel_folder.iterdir() if path.suffix != ".dist-info"}
    assert names == {"sunward", "sunward_agents"}


def test_a_wheel_carries_configs_and_type_markers(wheel_folder):
    shipped = {path.name for path in (wheel_folder / "sunward/configs/scenarios").iterdir()}
    assert shipped == {path.name for path in (ROOT / "configs/scenarios").iterdir()}
    assert (wheel_folder / "sunward/py.typed").exists()
    assert (wheel_folder / "sunward_agents/py.typed").exists()


def test_a_wheel_carries_the_reference_tables(wheel_folder):
    shipped = {
        path.name for path in (wheel_folder / "sunward_agents/validation/reference").iterdir()
    }
    source = ROOT / "agents/sunward_agents/validation/reference"
    assert shipped == {path.name for path in source.iterdir()}
    assert "sun_direction.csv" in shipped


def test_a_wheel_loads_its_packaged_scenarios(wheel_folder):
    code = (
        f"import sys; sys.path.insert(0, {str(wheel_folder)!r})\n"
        "from sunward.resources import config_dir\n"
        "from sunward.scenario import load_scenario\n"
        "print(config_dir(), load_scenario('walker-53-66-v0').hardware.id)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == [str(wheel_folder / "sunward/configs"), "ai1"]


def test_the_command_names_the_missing_extra(monkeypatch, capsys):
    def absent(name: str):
        raise ModuleNotFoundError("No module named 'tyro'", name="tyro")

    monkeypatch.setattr(importlib, "import_module", absent)
    assert command.main() == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "needs the package tyro" in line
    assert 'pip install "sunward[agents]"' in line


def test_a_fault_of_our_own_is_not_taken_for_a_missing_extra(monkeypatch):
    def broken(name: str):
        raise ModuleNotFoundError("No module named 'sunward.gone'", name="sunward.gone")

    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError):
        command.main()
