"""What rules that need the time say where there is none."""

#: A registry knows no time but what it was told.
NO_CLOCK = "the registry was told no time: tell it with at= or with_clock(now)"
