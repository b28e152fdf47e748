"""What threads read and write of a demand site.

Satellites read a site's place and its demand again and again: a record of eight numbers that lie
together, one a site and world. All else of a site is the same for every world, a column of a table.
"""

from __future__ import annotations

from sunward.gpu.passes import demand, written_out

_SITE = demand.SITE
#: Rows of a site of which a record consists, column by column.
_RECORD = (
    _SITE.x,
    _SITE.y,
    _SITE.z,
    _SITE.interactive,
    _SITE.deferrable,
    _SITE.interactive_expected,
    _SITE.deferrable_expected,
)
#: A record fills a sector of memory, 32 bytes.
N_RECORD = 8
N_SITE_REGISTERS = demand.SITE_FLOATS

#: (site, column): loads what is the same for every world.
load_site = written_out.write_out(
    "site, column", [f"site[{row}] = column[{row}]" for row in range(demand.N_TABLE_ROWS)]
)
#: (site, record): loads a record.
load_record = written_out.write_out(
    "site, record", [f"site[{row}] = record[{column}]" for column, row in enumerate(_RECORD)]
)
#: (site, record): stores a record.
store_record = written_out.write_out(
    "site, record", [f"record[{column}] = site[{row}]" for column, row in enumerate(_RECORD)]
)
