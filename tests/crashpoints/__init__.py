"""Every crash point of every lane, one after the other: the real protocols, files and counts."""
