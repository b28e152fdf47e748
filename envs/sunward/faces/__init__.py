"""The shapes that other people's code expects, each a thin face over the same simulator."""
