"""Personal data as screens and papers show it: enough to recognise one's own, too little to take away."""


def masked_name(name: str) -> str:
    """王建国 → 王**: the first character, and a star for each of the others."""
    return name[:1] + "*" * (len(name) - 1)


def masked_number(number: str) -> str:
    """A phone number keeps three and four figures (138****5678), a longer one its first and last four."""
    if len(number) <= 7:
        return "*" * len(number)
    first = 3 if len(number) <= 11 else 4
    return number[:first] + "*" * (len(number) - first - 4) + number[-4:]
