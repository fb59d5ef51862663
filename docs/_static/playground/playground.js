// "Run" below the examples of a page, and the form of the page that tries a history.
//
// Python is loaded by the first click, in a worker. Every block of a page is run after those above
// it, in one new module, as somebody would who reads from the top.

const RUNNING = "Running …";
const LOADING = "Loading Python, about 6 MB …";
const NOT_LOADED = "Python could not be loaded";
const EDITED = "The code can be changed. Ctrl+Enter runs it again.";

let worker = null;
let asked = null; // the question that the worker is busy with

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// One question at a time: a new one stops the one before.
function ask(task, values) {
  stop();
  const first = worker === null;
  worker ??= new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    asked = resolve;
    worker.onmessage = ({ data }) => settle(data);
    worker.onerror = (event) => {
      event.preventDefault();
      end({ broken: event.message ?? "its files are not there" });
    };
    worker.postMessage({ task, values });
  });
}

const isLoaded = () => worker !== null;

function settle(answer) {
  const resolve = asked;
  asked = null;
  resolve?.(answer);
}

function end(answer) {
  worker?.terminate();
  worker = null;
  settle(answer);
}

function stop() {
  if (asked !== null) end({ stopped: true });
}

// A drawing follows the scheme of the reader's system; the page may have been given another one.
function inSchemeOfPage(picture) {
  const chosen = { light: "not all", dark: "all" }[document.body.dataset.theme];
  return chosen ? picture.replace("(prefers-color-scheme: dark)", chosen) : picture;
}

// A button, a line that says what is going on, and below both what Python answered.
class Results {
  constructor(name) {
    this.button = element("button", { type: "button", class: "run-button" }, "Run");
    this.button.setAttribute("aria-label", `Run ${name}`);
    this.state = element("span", { class: "run-state", role: "status" });
    this.text = element("pre", { tabindex: "0", "aria-label": `What ${name} printed` });
    this.box = element("div", { class: "highlight-text notranslate run-text", hidden: "" });
    this.box.append(element("div", { class: "highlight" }, this.text));
    this.picture = element("div", { class: "run-picture", hidden: "" });
    this.bar = element("div", { class: "run-bar" }, this.button, this.state);
    this.elements = [this.bar, this.box, this.picture];
    this.drawn = null;
    new MutationObserver(() => this.draw()).observe(document.body, {
      attributeFilter: ["data-theme"],
    });
  }

  async ask(task, values) {
    this.state.textContent = isLoaded() ? RUNNING : LOADING;
    this.button.textContent = "Stop";
    const answer = await ask(task, values);
    this.button.textContent = "Run";
    this.show(answer);
    return answer;
  }

  show({ text, picture, failed, milliseconds, broken, stopped }) {
    if (stopped) {
      this.state.textContent = "Stopped.";
      return;
    }
    if (broken !== undefined) {
      this.state.textContent = `${NOT_LOADED}: ${broken}`;
      return;
    }
    this.state.textContent = `${failed ? "An error, after" : "Done in"} ${Math.ceil(milliseconds)} ms.`;
    this.text.textContent = text;
    this.box.hidden = text === "";
    this.box.classList.toggle("run-failed", failed);
    this.drawn = picture;
    this.draw();
  }

  draw() {
    this.picture.hidden = !this.drawn;
    this.picture.innerHTML = this.drawn ? inSchemeOfPage(this.drawn) : "";
  }

  get busy() {
    return this.button.textContent === "Stop";
  }
}

// What somebody wrote into an element: a browser may write a new line as an element of its own.
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeName === "BR") return "\n";
  const text = Array.from(node.childNodes, textOf).join("");
  return node.nodeName === "DIV" ? `\n${text}` : text;
}

// An example of the page.
class Example {
  constructor(box, number, examples) {
    this.pre = box.querySelector("pre");
    this.results = new Results(`example ${number}`);
    this.printed = box.nextElementSibling?.matches(".highlight-text") ? box.nextElementSibling : null;
    this.examples = examples;
    this.number = number;
    box.after(...this.results.elements);
    this.results.button.addEventListener("click", () => this.run());
    this.pre.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !this.pre.isContentEditable) return;
      event.preventDefault();
      if (event.ctrlKey) this.run();
      else document.execCommand("insertLineBreak"); // unlike a change by script, it can be undone
    });
    this.pre.addEventListener("paste", (event) => {
      if (!this.pre.isContentEditable) return;
      event.preventDefault();
      document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
    });
  }

  get code() {
    return textOf(this.pre);
  }

  async run() {
    if (this.results.busy) {
      stop();
      return;
    }
    const blocks = this.examples.slice(0, this.number).map((example) => example.code);
    const answer = await this.results.ask("run", [blocks, `run-${this.number}`]);
    if (answer.text !== undefined) {
      if (this.printed) this.printed.hidden = true; // what Python says now stands in its place
      this.edit();
    }
  }

  edit() {
    if (this.pre.isContentEditable) return;
    try {
      this.pre.contentEditable = "plaintext-only";
    } catch {
      this.pre.contentEditable = "true"; // an older browser knows no other
    }
    this.pre.spellcheck = false;
    this.pre.setAttribute("role", "textbox");
    this.pre.setAttribute("aria-multiline", "true");
    this.pre.setAttribute("aria-label", `Code of example ${this.number}`);
    this.results.state.textContent += ` ${EDITED}`;
  }
}

const HISTORY = "v1.0 stable\nv1.1 unproven\nv1.2 failed\n";
const STRATEGIES = [
  "LastStable()",
  "Previous()",
  "PreviousBySemver()",
  "LastStable().where(Budget(2))",
  'LastStable().where(SameMajor()) | Pinned("v1.0")',
];

// The form in which a history is pasted.
function offerHistory(place) {
  const history = element("textarea", { id: "history", rows: "8", spellcheck: "false" });
  history.value = HISTORY;
  const strategy = element("input", { id: "strategy", list: "strategies", spellcheck: "false" });
  strategy.value = STRATEGIES[0];
  const known = STRATEGIES.map((value) => element("option", { value }));
  const results = new Results("the strategy on this history");
  place.replaceChildren(
    element("label", { for: "history" }, "History: a version and its status on each line, or JSON"),
    history,
    element("label", { for: "strategy" }, "Strategy, as you would write it in Python, or a policy in JSON"),
    strategy,
    element("datalist", { id: "strategies" }, ...known),
    ...results.elements,
  );
  const judge = () => {
    if (results.busy) stop();
    else results.ask("judge", [history.value, strategy.value, "run-history"]);
  };
  results.button.addEventListener("click", judge);
  strategy.addEventListener("keydown", (event) => {
    if (event.key === "Enter") judge();
  });
}

const examples = [];
for (const [index, box] of document.querySelectorAll("article div.highlight-python").entries()) {
  examples.push(new Example(box, index + 1, examples));
}
for (const place of document.querySelectorAll(".your-history")) offerHistory(place);
