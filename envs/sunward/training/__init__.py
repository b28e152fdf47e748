"""Gang training: one job over a whole formation, at the pace of its slowest member."""
