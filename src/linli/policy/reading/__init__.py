"""Reading a pack's files strictly: every key is asked for by name, and what is left over is refused."""
