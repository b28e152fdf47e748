"""Reference tables computed by independent packages: skyfield, sgp4, scipy; never by ours."""
