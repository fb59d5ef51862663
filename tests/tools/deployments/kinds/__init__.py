"""The kinds of stores of `docs/examples`: how each is served for a test, and opened by a process.

1. A server comes from a Debian package, listens on loopback on a free port, keeps its data in a
   temporary folder, and ends with the test session, also where tests fail.
2. A process opens its own connection, knowing no more than the address.
"""
