"""Progress: lines off a terminal, and a sensible guess of the time left."""

from sunward_agents.progress import Bar, Stages, time_left


def test_the_time_left_follows_the_pace_so_far():
    assert time_left(amount_left=300, amount_done=100, elapsed_s=30) == "1:30"
    assert time_left(amount_left=1, amount_done=0, elapsed_s=5) == "?"


def test_off_a_terminal_short_work_prints_nothing(capsys):
    with Bar("working", 10) as bar:
        for done in range(11):
            bar.update(done, "note")
    assert capsys.readouterr().err == ""


def test_off_a_terminal_long_work_prints_a_line_now_and_then(capsys, monkeypatch):
    now = iter(range(0, 1000, 20))
    monkeypatch.setattr("sunward_agents.progress.time.monotonic", lambda: float(next(now)))
    with Bar("working", 10) as bar:
        for done in range(1, 6):
            bar.update(done, "note")
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["working: 20 %, 5:20 left  note", "working: 40 %, 2:40 left  note"]


def test_each_stage_of_a_job_is_told_by_its_name_and_begins_at_nought(capsys, monkeypatch):
    now = iter(range(0, 10_000, 40))
    monkeypatch.setattr("sunward_agents.progress.time.monotonic", lambda: float(next(now)))
    with Stages("job") as stages:
        for label in ("first", "second"):
            for share in (0.0, 0.5):
                stages.show(label, share)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "job: first: 0 %",
        "job: first: 50 %",
        "job: second: 0 %",
        "job: second: 50 %",
    ]
