"""Policies, training, evaluation and the command line of the benchmark."""
