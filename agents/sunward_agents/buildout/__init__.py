"""Policies of the build-out, how they are played, tuned and trained."""
