// Runs pytest in the Python of one release of pyodide, under Node: see newer_python.py.
//
//   node newer_python.mjs <folder of the npm package> <tree> <shelf> <result> <argument of pytest>...
//
// The tree and the shelf, a folder of packages, are mounted as /tree and /shelf. The exit status of
// pytest is written into the file <result>: a run that crashed wrote none.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, tree, shelf, result, ...options] = process.argv.slice(2);
const shown = (error) => String(error?.stack ?? error).slice(0, 4000); // not the source of pyodide
process.on("uncaughtException", (error) => {
  console.error(shown(error));
  process.exit(70);
});

const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({
  indexURL: `${folder}/`,
  env: { HOME: "/home/pyodide", LASTGOOD_GATE: "1", NO_COLOR: "1", PYTHONDONTWRITEBYTECODE: "1" },
});
python.mountNodeFS("/tree", tree);
python.mountNodeFS("/shelf", shelf);
python.globals.set("options", python.toPy(options));
const status = await python.runPythonAsync(`
import os
import sys

sys.path.insert(0, "/shelf")
os.chdir("/tree")

import pytest


class FewExamples:
    """Ten inputs for each property: the other releases of Python try a hundred."""

    def pytest_configure(self, config):
        from hypothesis import settings

        settings.register_profile("newer", settings.get_profile("gate"), max_examples=10)
        settings.load_profile("newer")


print("Python", sys.version)
int(pytest.main(list(options), [FewExamples()]))
`);
writeFileSync(result, String(status));
