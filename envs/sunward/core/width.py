"""How many satellites the passes take at once: literals in every compiled loop."""

#: Satellites in a block: four 512-bit vectors of float32.
LANES = 64
#: Lanes of one 512-bit vector of float32.
VECTOR = 16
#: Demand sites, held in blocks of LANES too, that a pass over satellites takes at once: fewer loads
#: and stores of what adds up.
SITES_AT_ONCE = 4
