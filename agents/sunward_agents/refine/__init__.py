"""Corrections of hand-written rules, learnt by augmented random search."""
