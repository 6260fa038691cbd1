"""Rehearsals: scenarios in virtual time, and replays of real logs, through the same door as everything else."""
