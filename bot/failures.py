"""What an operator reads when a command fails: one sentence that says what to do."""

import errno


def sentence(error: Exception) -> str:
    """One clear line; the exception's own words when they are for people, its type otherwise."""
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "the address is taken by another program; stop it, or choose another with XUESHI_LISTEN or --port"
    text = " ".join(str(error).split())
    return text or type(error).__name__
