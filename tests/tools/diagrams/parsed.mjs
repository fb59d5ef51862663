// What Mermaid's parser makes of diagrams: `node parsed.mjs FOLDER PACKAGE`, a diagram a line as JSON.
// FOLDER has the packages in `node_modules`. An answer is a line as well: the texts of the nodes by
// their names, and the edges with theirs; or the error.
import {createInterface} from "node:readline";
import {createRequire} from "node:module";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";

const [folder, name] = process.argv.slice(2);
const packages = resolve(folder, "node_modules");

// Mermaid cleans its texts with DOMPurify, which asks for a page.
const {JSDOM} = createRequire(join(packages, "x.js"))("jsdom");
globalThis.window = new JSDOM("").window;
globalThis.document = window.document;
const core = pathToFileURL(join(packages, name, "dist", "mermaid.core.mjs"));
const {default: mermaid} = await import(core);
mermaid.initialize({startOnLoad: false});

// A label as the renderer reads it: the parser keeps entities in letters of its own.
const read = document.createElement("div");
const text = (label) => {
  read.innerHTML = (label ?? "").replace(/ﬂ°°/g, "&#").replace(/ﬂ°/g, "&").replace(/¶ß/g, ";");
  return read.textContent;
};

const parsed = async (diagram) => {
  try {
    const {type, db} = await mermaid.mermaidAPI.getDiagramFromText(diagram);
    if (!type.startsWith("flowchart")) throw new Error(`it is read as ${type}`);
    return {
      nodes: Object.fromEntries([...db.getVertices()].map(([id, node]) => [id, text(node.text)])),
      edges: db.getEdges().map((edge) => [edge.start, edge.end, text(edge.text)]),
    };
  } catch (error) {
    return {error: String(error)};
  }
};

for await (const line of createInterface({input: process.stdin})) {
  console.log(JSON.stringify(await parsed(JSON.parse(line))));
}
