"""How a running bot shares its processor: garbage is looked for seldom, and SQLite's one writer hands over often."""

import gc
import sys

YOUNG = 20_000
TURN = 0.001
"""Seconds a thread may go on while another wants to, with one writer; Python's own interval is five times as long."""


def collect_seldom(*, one_writer: bool = False) -> None:
    """Once everything is loaded, leave it out of every later search for garbage, and search after thousands of rows.

    With one writer an answer goes from the loop to its thread and back, and where a sweep is at work there it waits for
    a turn at each of these steps. With ten threads that all want to go on, short turns would only cost.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    if one_writer:
        sys.setswitchinterval(TURN)
