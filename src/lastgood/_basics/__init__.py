"""What everything else is built from: statuses, kinds of event, errors, checks, times, messages."""
