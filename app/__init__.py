"""Composition root and command line: wires, decides nothing."""
