"""Physics of one satellite as pure scalar functions in SI units."""
