"""Lists that HR hands in: rosters, and attendance lists whose hours the unit vouches for. First a rehearsal, then the
real run; `rooms` are the pages, the rest knows nothing of them.
"""
