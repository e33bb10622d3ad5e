"""How fast it is, against what can be had: run by hand, never as tests (see `__main__`)."""
