"""What HR takes out: the unit's people, records and rulings as a workbook, yearly statistics, registration forms."""
