"""What a person can do wrong: told in one line, with exit code 2."""


class UsageError(ValueError):
    """Input that cannot be used; the message is one clear line: value, bound, fix."""


def check_range(option: str, value: int, low: int, high: int) -> None:
    """Raises: UsageError where the value of an option is not from `low` to `high`."""
    if not low <= value <= high:
        raise UsageError(f"--{option} is {value}, must be from {low} to {high}")
