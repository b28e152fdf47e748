"""What can be done at best: a linear model of one world, its upper bound, and planning on it."""
