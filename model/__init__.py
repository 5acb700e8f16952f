"""Pure types and ports: frozen dataclasses, standard library only, no I/O, no clock."""
