"""Stands in for PyNN where no board is."""
