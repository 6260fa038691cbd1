"""The command line: one function a command, each a thin edge over the same parts that the pages use.

Exit status: 0 done, 1 found problems or was refused, 2 wrong use. Facts are printed for people, or as JSON with
`--json`.
"""
