"""The roster: its table, the editors of its cells, and the form of one teacher."""
