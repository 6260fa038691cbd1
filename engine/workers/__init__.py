"""What runs beside the pages: the scheduler that claims due work, and RQ workers that do it.

PostgreSQL is the truth; Redis only carries wake-up calls and jobs. It may be flushed, restarted or lie: a timer is
then late by at most a lease and a sweep, never lost, and never fired twice, because each firing is a command with
an id of its own.
"""
