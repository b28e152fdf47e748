"""Motion of one satellite relative to another on a circular orbit (not for the kernel)."""

import math

from sunward.physics.scalar import scalar


@scalar
def clohessy_wiltshire(
    x_m: float,
    y_m: float,
    z_m: float,
    vx_m_s: float,
    vy_m_s: float,
    vz_m_s: float,
    mean_motion_rad_s: float,
    duration_s: float,
) -> tuple[float, float, float, float, float, float]:
    """Returns (x, y, z, vx, vy, vz) after a time, in m and m/s.

    Linear in the offsets: 0.4 m wrong after two orbits for a bounded orbit of 300 m.

    Args:
        x_m, y_m, z_m: Offset outward, along the track and along the orbit normal in m.
        vx_m_s, vy_m_s, vz_m_s: Its rates in the turning frame in m/s.
        mean_motion_rad_s: Of the reference orbit in rad/s.
        duration_s: Time in s.

    References: Clohessy and Wiltshire, J. Aerospace Sciences 27 (1960) 653; Vallado (2013), 6-66.
    """
    n = mean_motion_rad_s
    sine, cosine = math.sin(n * duration_s), math.cos(n * duration_s)
    drift = 6.0 * n * x_m + 3.0 * vy_m_s
    x = 4.0 * x_m + 2.0 * vy_m_s / n
    x = x + vx_m_s / n * sine - (3.0 * x_m + 2.0 * vy_m_s / n) * cosine
    y = y_m - 2.0 * vx_m_s / n - drift * duration_s
    y = y + (6.0 * x_m + 4.0 * vy_m_s / n) * sine + 2.0 * vx_m_s / n * cosine
    z = z_m * cosine + vz_m_s / n * sine
    vx = vx_m_s * cosine + (3.0 * n * x_m + 2.0 * vy_m_s) * sine
    vy = (6.0 * n * x_m + 4.0 * vy_m_s) * cosine - 2.0 * vx_m_s * sine - drift
    vz = vz_m_s * cosine - z_m * n * sine
    return x, y, z, vx, vy, vz
