"""A malformed trace is told in one line: file, line, what was expected, what was found."""

import gzip

import pytest

from sunward.workload.job_traces import load_jobs
from sunward.workload.traces import TraceError, load_trace

HEADER = "t_s,input_tokens,output_tokens"
GOOD = "0.0,100,20"
BROKEN = {
    "empty file": ("", "line 1: expected a header row, found an empty file"),
    "only a header": (HEADER, "line 2: expected a row of data, found the end of the file"),
    "missing column": ("t_s,input_tokens\n0,1", "line 1: expected the columns t_s,input_tokens"),
    "no header": (GOOD, "(missing t_s, input_tokens, output_tokens)"),
    "negative tokens": (f"{HEADER}\n{GOOD}\n1.0,-5,3", "line 3: input_tokens: expected at least 0"),
    "time goes back": (f"{HEADER}\n5,1,1\n4,1,1", "line 3: t_s: expected no less than the line"),
    "negative time": (f"{HEADER}\n-1,1,1", "line 2: t_s: expected at least 0, found '-1'"),
    "not a number": (
        f"{HEADER}\n{GOOD}\n1,x,3",
        "line 3: input_tokens: expected a number, found 'x'",
    ),
    "nan": (
        f"{HEADER}\n{GOOD}\n1,nan,3",
        "line 3: input_tokens: expected a finite number, found 'nan'",
    ),
    "infinite time": (f"{HEADER}\ninf,1,3", "line 2: t_s: expected a finite number, found 'inf'"),
    "nothing in a field": (f"{HEADER}\n1,,3", "line 2: input_tokens: expected a number, found ''"),
    "half a token": (f"{HEADER}\n1,2.5,3", "line 2: input_tokens: expected a whole number"),
    "too many tokens": (f"{HEADER}\n1,1e300,3", "line 2: input_tokens: expected at most 9007"),
    "short row": (f"{HEADER}\n{GOOD}\n1,2", "line 3: expected 3 fields, found 2"),
    "long row": (f"{HEADER}\n{GOOD}\n1,2,3,4", "line 3: expected 3 fields, found 4"),
    "blank line inside": (f"{HEADER}\n\n{GOOD}", "line 2: expected 3 fields, found 0"),
    "more cached than read": (
        f"{HEADER},prefix_cached_tokens_inf\n0,10,1,11",
        "line 2: prefix_cached_tokens_inf: expected at most the 10 input tokens, found '11'",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_told_in_one_line(tmp_path, case):
    text, expected = BROKEN[case]
    path = tmp_path / "trace.csv"
    path.write_text(text)
    with pytest.raises(TraceError) as caught:
        load_trace(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert expected in line
    assert "\n" not in line


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path):
    with pytest.raises(TraceError, match=r"none.csv: cannot be read: No such file"):
        load_trace(tmp_path / "none.csv")


def test_bytes_that_are_no_text_are_told_in_one_line(tmp_path):
    path = tmp_path / "trace.csv"
    path.write_bytes(b"t_s,\xff\xfe\x00")
    with pytest.raises(TraceError, match="expected CSV text in UTF-8"):
        load_trace(path)


def test_a_gzip_file_cut_short_is_told_in_one_line(tmp_path):
    path = tmp_path / "jobs.csv.gz"
    whole = gzip.compress(b"submit_s,duration_s,num_gpus\n" + b"1,2,3\n" * 1000)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TraceError, match="cannot be read"):
        load_jobs(path)


def test_a_job_on_no_accelerator_is_refused(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("submit_s,duration_s,num_gpus\n0,10,0")
    with pytest.raises(TraceError, match="line 2: num_gpus: expected at least 1, found '0'"):
        load_jobs(path)


def test_other_columns_and_blank_lines_at_the_end_do_no_harm(tmp_path):
    path = tmp_path / "trace.csv"
    path.write_text(f"\ufeffmodel,{HEADER}\r\ngpt,{GOOD}\r\ngpt,0.0,7,1\r\n\r\n", encoding="utf-8")
    trace = load_trace(path)
    assert trace.input_tokens.tolist() == [100, 7]
    assert trace.name == "trace"
