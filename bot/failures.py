"""What an operator reads when a command fails: one sentence that says what to do."""

import errno


class SettingsError(Exception):
    """The environment cannot be used; the message lists everything that is wrong, for the operator."""


def sentence(error: Exception) -> str:
    """One clear line; the exception's own words when they are for people, its type otherwise."""
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "the address is taken by another program; stop it, or choose another with XUESHI_LISTEN or --port"
    if isinstance(error, SettingsError):
        return str(error)
    text = " ".join(str(error).split())
    return text or type(error).__name__
