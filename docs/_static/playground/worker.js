// Python, in a thread of its own, so that the page can be read while it is loaded and while it runs.
// It begins with the first click on "Run": nothing of it is loaded before.

const here = (path) => new URL(path, import.meta.url);

async function loaded() {
  const { loadPyodide } = await import(here("../pyodide/pyodide.mjs"));
  const [python, packages, answers] = await Promise.all([
    loadPyodide(),
    fetch(here("packages.zip")).then((response) => response.arrayBuffer()),
    fetch(here("answers.py")).then((response) => response.text()),
  ]);
  python.unpackArchive(packages, "zip", { extractDir: "/packages" });
  python.FS.writeFile("/packages/answers.py", answers);
  python.runPython("import sys; sys.path.insert(0, '/packages')");
  return python.pyimport("answers");
}

const python = loaded();

onmessage = async ({ data: { task, values } }) => {
  try {
    const answers = await python;
    const began = performance.now();
    const answer = answers[task](...values);
    const { text, picture, failed } = answer.toJs({ dict_converter: Object.fromEntries });
    answer.destroy();
    postMessage({ text, picture, failed, milliseconds: performance.now() - began });
  } catch (error) {
    postMessage({ broken: String(error?.message ?? error) });
  }
};
