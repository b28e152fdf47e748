"""Build-out: fifteen years of launching, ordering, borrowing and retiring, a month a step."""
