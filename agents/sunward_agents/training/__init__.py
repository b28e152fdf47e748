"""Policies of gang training, how they are played and compared."""
