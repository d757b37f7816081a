"""The regulations as code: pure. decide(person, entries, year, on, book) → Ruling."""
