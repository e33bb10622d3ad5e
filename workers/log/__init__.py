"""The partitioned log: pure rules (producer state, transactions, groups, visibility) and storage.

`api.py` is the interface the protocols use; `sqlite.py` and `memory.py` are its two engines.
"""
