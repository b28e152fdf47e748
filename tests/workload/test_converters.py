"""Public formats become our columns: rows as the public files begin, and their known answers."""

import json

import pytest

from sunward.workload.converters import CONVERTERS
from sunward.workload.job_traces import load_jobs, load_pods
from sunward.workload.traces import TraceError, load_rag_trace, load_trace


def converted(tmp_path, name, text):
    raw, out = tmp_path / "raw", tmp_path / "out.csv"
    raw.write_text(text, encoding="utf-8")
    CONVERTERS[name](raw, out)
    return out


def json_lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def mooncake(ms, read, blocks):
    return {"timestamp": ms, "input_length": read, "output_length": 9, "hash_ids": blocks}


def test_mooncake_counts_the_prefix_that_was_seen_before(tmp_path):
    text = json_lines(
        mooncake(0, 1300, [0, 1, 2]),
        mooncake(0, 1400, [0, 3, 4]),  # shares the first block
        mooncake(5999, 1300, [0, 1, 2]),  # all of it: no more than its own 1,300 tokens
        mooncake(6000, 2000, [0, 1, 9, 2]),  # a block seen before counts in the prefix only
        mooncake(1_800_000, 10, [0]),  # after the first half hour
    )
    out = converted(tmp_path, "mooncake", text)
    assert out.read_text().splitlines()[1:] == [
        "0.0,1300,9,0",
        "0.0,1400,9,512",
        "5.999,1300,9,1300",
        "6.0,2000,9,1024",
    ]
    assert load_trace(out).n_requests == 4


def test_ragpulse_ends_where_its_clock_is_set_back(tmp_path):
    def row(t_s, session, n_passages):
        ids = {"passages_ids": list(range(n_passages))}
        length = {"input_length": 3000, "output_length": 86}
        return {"timestamp": str(t_s), **length, "hash_ids": ids, "session_id": session}

    text = json_lines(row(82, "b", 6), row(93, "a", 0), row(604453, "b", 5), row(4, "c", 6))
    out = converted(tmp_path, "ragpulse", text)
    trace = load_rag_trace(out)
    assert trace.session.tolist() == [0, 1, 0]
    assert trace.n_passages.tolist() == [6, 0, 5]
    assert out.read_text().splitlines()[1] == "82,3000,86,6,0"


def test_kalos_rows_become_those_of_the_data_folder(tmp_path, traces_dir):
    head = (
        "job_id,arrival_time,num_iteration,iteration_computing_time,iteration_networking_time,"
        "gpu_workers,ps,gpu_per_worker,cpu_per_gpu_worker,cpu_per_ps_worker,tensorsizes,"
        "profiled_network"
    )
    rows = [
        "0,0.0,208,0.5,0.25,8,0,8.0,15.0,15.0,10.0,500",
        "1,313.0,156,0.5,0.25,8,0,8.0,15.0,15.0,10.0,500",
        "2,14435.0,4504,0.5,0.25,8,0,8.0,15.0,15.0,10.0,500",
        "3,58324.0,136,0.5,0.75,16,0,8.0,15.0,15.0,10.0,1000",
        "229,5548662.0,504,0.5,0.25,1,0,8.0,15.0,15.0,11.0,500",
    ]
    out = converted(tmp_path, "kalos", "\n".join([head, *rows]))
    known = (traces_dir / "acme_kalos_completed_day0-59.csv").read_text().splitlines()
    assert out.read_text().splitlines() == known[:5]


def test_philly_is_put_in_order_of_submission(tmp_path):
    text = (
        "timestamp,duration,num_gpus,gpu_time,cluster\n"
        "2017-10-09 07:01:55,66.0,1,66.0,11cb48\n"
        "2017-10-07 01:11:39,193256.0,8,1546048.0,ee9e8c\n"
    )
    jobs = load_jobs(converted(tmp_path, "philly", text))
    assert jobs.submit_s.tolist() == [4299, 2 * 86400 + 25315]
    assert jobs.num_gpus.tolist() == [8, 1]
    assert jobs.duration_s.tolist() == [193256, 66]


def test_burstgpt_keeps_a_failed_request_as_an_answer_of_no_tokens(tmp_path):
    text = (
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        "5,ChatGPT,472,18,490,Conversation log\n45,ChatGPT,1087,0,1087,Conversation log\n"
    )
    trace = load_trace(converted(tmp_path, "burstgpt", text))
    assert trace.output_tokens.tolist() == [18, 0]


def test_openb_keeps_a_pod_that_was_never_placed(tmp_path):
    text = (
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
        "deletion_time,scheduled_time\n"
        "p1,11908,47104,1,1000,,BE,Pending,10001278,10001403,\n"
        "p0,12000,16384,1,1000,,LS,Running,0,12537496,0.0\n"
    )
    out = converted(tmp_path, "openb", text)
    assert out.read_text().splitlines()[1] == "0,0.0,12537496,1,1000,12000,16384,LS,Running"
    assert load_pods(out).phase.tolist() == ["Running", "Pending"]


@pytest.mark.parametrize("text", ["not json\n", '{"timestamp": 3}\n', "[1, 2]\n", "7\n"])
def test_a_line_that_is_no_request_is_told(tmp_path, text):
    with pytest.raises(TraceError, match="line 1: expected JSON with timestamp") as caught:
        converted(tmp_path, "mooncake", text)
    assert "\n" not in str(caught.value)


def test_a_time_that_is_none_is_told(tmp_path):
    text = "TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,2\n"
    with pytest.raises(TraceError, match="line 2: expected a time like"):
        converted(tmp_path, "azure", text)
