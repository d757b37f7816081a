"""Spreadsheets that somebody hands in: opened in a process of their own, headings found, cells understood. Pure but for
`reading`, and known to nobody but the rooms that take lists.
"""
