"""From real requests to work: traces, playback, generators, the demand profile, the registry."""

from sunward.workload.csv_table import TraceError
from sunward.workload.generator import generate_service, generate_site
from sunward.workload.playback import TracePlayback, play_trace
from sunward.workload.profile import ProfileError, load_profile, load_sites
from sunward.workload.registry import DataUnavailable, cache_dir, find_trace, list_traces
from sunward.workload.request_work import Serving, work_of
from sunward.workload.step_demand import StepDemand, fast_deviation, slow_deviation, step_demand
from sunward.workload.traces import RequestTrace, load_trace

__all__ = [
    "DataUnavailable",
    "ProfileError",
    "RequestTrace",
    "Serving",
    "StepDemand",
    "TraceError",
    "TracePlayback",
    "cache_dir",
    "fast_deviation",
    "find_trace",
    "generate_service",
    "generate_site",
    "list_traces",
    "load_profile",
    "load_sites",
    "load_trace",
    "play_trace",
    "slow_deviation",
    "step_demand",
    "work_of",
]
