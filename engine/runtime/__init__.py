"""The pure middle: a command, an instance and a moment go in; the instance after it and its events come out.

Nothing here reads a clock, a database or chance, so that a stored history can be run again and must give the
same bytes. Read `take.py` first.
"""
