"""Stable-Baselines3: a native vector environment, and one policy for all satellites."""
