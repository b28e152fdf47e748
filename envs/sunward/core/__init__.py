"""The simulator: tables of what a satellite has, sees and does, one kernel, one stateful class."""
