"""The data centre on the ground that an orbital one is compared with."""
