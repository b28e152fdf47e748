"""The sources of `sunward.core` a second time, with blocks of one satellite: one a GPU thread.

Modules in this folder take the place of those of the same name; all others are read from the core.
So a pass over a block, compiled from here, is what one thread does for its satellite, and its rows
are the thread's registers. The core's modules name each other relatively, or they would not meet.
"""

import sunward.core

__path__.extend(sunward.core.__path__)
