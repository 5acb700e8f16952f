"""Alerts: from a judged clipping to one incident, its level, its rings, and the people told of it."""
