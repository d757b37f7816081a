"""Arithmetic without drift: whole numbers stay whole, parts are fractions until they are shown."""

from fractions import Fraction

Number = int | Fraction


def exact(value: float | Fraction) -> Number:
    """The decimal that people wrote: 4.0 is 4, 0.1 is one tenth. Raises ValueError on nan and infinities."""
    if type(value) is int:
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    if not isinstance(value, int) and value != value or value in (float("inf"), float("-inf")):
        raise ValueError("not a finite number")
    whole = int(value)
    return whole if whole == value else Fraction(repr(value))


def plain(value: Number) -> float:
    """As it goes out: an int when it is whole, else the nearest float."""
    if type(value) is int:
        return value
    return int(value) if value.denominator == 1 else float(value)
