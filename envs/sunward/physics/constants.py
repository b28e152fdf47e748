"""Physical constants in SI units, with their sources.

They are the constants of the reference tables, so that a comparison tests the model and not the
third digit of a constant.
"""

#: Earth's gravitational parameter (EGM96, WGS84).
MU_M3_S2 = 3.986004418e14
#: Earth's equatorial radius (EGM96). The Earth is a sphere of this radius in every model here.
EARTH_RADIUS_M = 6378136.3
#: Earth's oblateness (EGM96, unnormalised).
J2 = 1.08262668e-3
#: Rotation of the Earth against the mean equinox (Aoki et al. 1982), rad/s of UT1.
EARTH_ROTATION_RAD_S = 7.292115855e-5
#: Tropical year in days: the mean Sun's turn, hence the node's in a Sun-synchronous orbit.
TROPICAL_YEAR_DAYS = 365.2421897
SECONDS_PER_DAY = 86400.0

#: Astronomical unit (IAU 2012 B2).
AU_M = 149597870700.0
#: Solar irradiance at 1 AU (Kopp and Lean 2011).
SOLAR_CONSTANT_W_M2 = 1361.0
#: Radius of the Sun's visible disc, as Orekit takes it (IAU nominal: 695.7e6).
SUN_RADIUS_M = 695.0e6

#: CODATA 2018.
STEFAN_BOLTZMANN_W_M2_K4 = 5.670374419e-8
#: Speed of light in vacuum (exact).
LIGHT_SPEED_M_S = 299792458.0
ZERO_CELSIUS_K = 273.15
SECONDS_PER_HOUR = 3600.0

#: WGS84 ellipsoid: only ground stations use it.
WGS84_EQUATORIAL_RADIUS_M = 6378137.0
WGS84_FLATTENING = 1.0 / 298.257223563

PI = 3.141592653589793
HALF_PI = 1.5707963267948966
QUARTER_PI = 0.7853981633974483
TWO_PI = 6.283185307179586
