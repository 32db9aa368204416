"""Holds exports against the tools that they are for, spike by spike."""
