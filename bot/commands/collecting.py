"""How often Python looks for garbage: what a running bot has loaded is none, and a sweep makes thousands of rows."""

import gc

YOUNG = 20_000


def collect_seldom() -> None:
    """Once everything is loaded, leave it out of every later search, and search after more than a few hundred rows."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
