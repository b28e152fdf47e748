"""The commands of `sunward`, one module each; only the one that is called is imported."""
