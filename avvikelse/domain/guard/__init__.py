"""The parts behind domain/persondata.py, which is the only module that others import."""
