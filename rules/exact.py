"""Arithmetic without drift: whole numbers stay whole, parts are decimals as people wrote them."""

from decimal import Decimal
from fractions import Fraction

Number = int | Decimal


def exact(value: float | Decimal | Fraction) -> Number:
    """4.0 as 4, 0.1 as one tenth. Raises ValueError on nan and infinities."""
    if type(value) is int:
        return value
    if type(value) is float:
        return int(value) if value.is_integer() else _decimal(value)
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else Decimal(value.numerator) / value.denominator
    if isinstance(value, Decimal):
        whole = int(value)
        return whole if whole == value else value
    return int(value)


def plain(value: Number) -> float:
    """As it goes out: an int when it is whole, else the nearest float."""
    if type(value) is int:
        return value
    whole = int(value)
    return whole if whole == value else float(value)


def _decimal(value: float) -> Decimal:
    if value - value != 0:
        raise ValueError("not a finite number")
    return Decimal(repr(value))
