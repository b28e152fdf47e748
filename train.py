"""Trains a policy: python train.py [configs/train/X.yaml] [--field value ...]."""

import sys

from sunward_agents.cli import run_command

if __name__ == "__main__":
    sys.exit(run_command("train", sys.argv[1:], "python train.py"))
