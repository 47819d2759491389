// The page's behaviour, run when the composer is there: `element` and `trigger` are its own.
// Everything else is reached from the document, for what an answer brings comes and goes.
// Events: 'ask', 'show', 'browse', 'reread', 'save', 'stop'.
const LONGEST = 100000;
const field = element.querySelector("#question");
const status = element.querySelector(".status");
const stopper = element.querySelector(".stop");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 959px)");
let waiting = false;
let chosen = null;
let wanted = false;

function say(text) {
  status.textContent = text;
}

function glide(target, block) {
  target.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block });
}

function ask(text) {
  if (waiting) return;
  if (text.length > LONGEST) {
    say("This is too long for a question. Nothing was sent.");
    return;
  }
  waiting = true;
  stopper.hidden = false;
  say("");
  trigger("ask", { text });
  field.value = "";
  grow();
}

function grow() {
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight, 160) + "px";
}

function values(form) {
  return Object.fromEntries(new FormData(form).entries());
}

function choose(pointer) {
  const { turn, number, near } = pointer.dataset;
  chosen = `.card[data-turn="${turn}"][data-number="${number}"][data-near="${near}"]`;
  wanted = true;
  mark();
  trigger("show", { turn: Number(turn), number: Number(number), near: near === "1" });
}

function mark() {
  for (const card of document.querySelectorAll(".card.chosen")) card.classList.remove("chosen");
  if (chosen) document.querySelector(chosen)?.classList.add("chosen");
}

function back() {
  const card = (chosen && document.querySelector(chosen)) || document.querySelector(".turn:last-child");
  if (!card) return;
  glide(card, "center");
  card.querySelector(".opener")?.focus({ preventScroll: true });
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Could not copy";
  }
  setTimeout(() => (button.textContent = "Copy"), 1600);
}

element.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(field.value);
});
field.addEventListener("input", grow);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    ask(field.value);
  }
});
stopper.addEventListener("click", () => {
  trigger("stop", {});
  settled("Stopped.");
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".browse, .reread")) return;
  event.preventDefault();
  waiting = true;
  trigger(form.matches(".browse") ? "browse" : "reread", values(form));
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const button = target.closest("button");
  if (button?.dataset.ask) ask(button.dataset.ask);
  else if (button?.dataset.person) {
    waiting = true;
    trigger("browse", { [button.dataset.role]: button.dataset.person });
  } else if (button?.dataset.copy) copy(button);
  else if (button?.dataset.export)
    trigger("save", { turn: Number(button.dataset.turn), form: button.dataset.export });
  else if (button?.matches(".back")) back();
  else if (button?.matches(".opener")) choose(button);
  else if (!button && !String(getSelection())) {
    const card = target.closest(".card");
    if (card && !target.closest("a")) choose(card);
  }
});

function settled(text) {
  waiting = false;
  stopper.hidden = true;
  say(text);
}

// What an event brought: a new turn, an article, a file to save.
function arrived() {
  const turns = document.querySelectorAll("#conversation .turn");
  const last = turns[turns.length - 1];
  if (last && !last.matches(".pending") && waiting) {
    const cited = last.querySelectorAll(".card.cited").length;
    const note = last.querySelector(".message")?.textContent;
    settled(note || (cited ? `${cited} on record.` : "Nothing on record."));
    chosen = null;
    const first = last.querySelector(".card.cited");
    if (first) {
      const { turn, number } = first.dataset;
      chosen = `.card[data-turn="${turn}"][data-number="${number}"][data-near="0"]`;
    }
  }
  if (last) {
    const pane = document.querySelector("#conversation");
    if (pane.scrollHeight > pane.clientHeight + 1 && !narrow.matches)
      pane.scrollTo({ top: last.offsetTop - 16, behavior: calm.matches ? "auto" : "smooth" });
    else last.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }
  mark();
}

function opened() {
  const passage = document.querySelector("#evidence mark.quote");
  const pane = document.querySelector("#evidence");
  if (narrow.matches) {
    if (wanted && passage) glide(passage, "center");
  } else if (passage) {
    const top = passage.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    const room = Math.max(120, pane.clientHeight / 3);
    pane.scrollTo({ top: pane.scrollTop + top - room, behavior: calm.matches ? "auto" : "smooth" });
  } else pane.scrollTo({ top: 0 });
  if (wanted && passage) document.querySelector("#evidence .sheet")?.focus({ preventScroll: true });
  wanted = false;
}

function saved() {
  const file = document.querySelector("#outbox [data-file]");
  if (!file) return;
  const blob = new Blob([file.textContent], { type: file.dataset.type + ";charset=utf-8" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file.dataset.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function follow(selector, callback) {
  const root = document.querySelector(selector);
  if (root) new MutationObserver(callback).observe(root, { childList: true, subtree: true, characterData: true });
  else setTimeout(() => follow(selector, callback), 50);
}

follow("#conversation", arrived);
follow("#evidence", opened);
follow("#outbox", saved);

// Gradio marks the body, not the root, when it is dark.
const scheme = () => {
  const dark = document.body.classList.contains("dark");
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
};
new MutationObserver(scheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });
scheme();
