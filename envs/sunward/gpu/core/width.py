"""A GPU thread takes one satellite, and one demand site, at once."""

LANES = 1
VECTOR = 1
SITES_AT_ONCE = 1
