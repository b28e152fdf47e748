"""One satellite for a week in Basilisk and in `Simulator`: see `docs/basilisk.md`."""
