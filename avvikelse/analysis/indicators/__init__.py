"""The fifteen indicators (mätetal). Open `figures.py` for how a number is computed, `rows.py` for of what.

They are defined, with example data and answers, in tests/cases/indicators/definitions.md (Swedish).
"""
