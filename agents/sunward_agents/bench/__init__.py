"""`sunward bench`: speed on this machine, alone and beside other people's environments."""
