"""Build the real API server for custom resources, and run the tests of the operator against it.

`python -m tests.tools.deployments.kubernetes` builds it once; then it takes a few minutes.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.tools.deployments.kubernetes.build import built, release


def main() -> None:
    """Build the server if it is not there, run the tests, and end as they do."""
    parser = argparse.ArgumentParser(description=__doc__)
    kept = Path.home() / ".cache/lastgood/kubernetes"
    _ = parser.add_argument("--folder", type=Path, default=kept, help="where it is kept")
    arguments, chosen = parser.parse_known_args()
    program = built(arguments.folder)
    print("apiextensions-apiserver of kubernetes", release(arguments.folder), flush=True)
    tests = ["tests/deployments/test_kubernetes.py", "-n0", "-k", "real", "--durations=0", "-v"]
    command = [sys.executable, "-m", "pytest", *tests, *chosen]
    environ = os.environ | {"LASTGOOD_APISERVER": str(program)}
    sys.exit(subprocess.run(command, env=environ, check=False).returncode)


if __name__ == "__main__":
    main()
