"""Published incidents and reports as cases for any implementation; README.md tells the form."""
