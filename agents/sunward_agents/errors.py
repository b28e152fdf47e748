"""What a person can do wrong: told in one line, with exit code 2."""


class UsageError(ValueError):
    """Input that cannot be used; the message is one clear line: value, bound, fix."""
