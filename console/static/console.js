// What every page of the console does: sends a chooser when it changes, keyboard shortcuts, files that are too large,
// and errors of a fragment. Pages work without it.

const words = (element, name) => element?.dataset[name] ?? "";

document.querySelector(".rooms [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

for (const form of document.querySelectorAll("form[data-sends]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// A form is sent once: a second click on a slow line sends nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.dataset.limit) return;
  const large = [...input.files].some((file) => file.size > Number(input.dataset.limit));
  input.setCustomValidity(large ? words(input, "tooLarge") : "");
  if (large) input.reportValidity();
});

// A question before what cannot be undone: <form data-asks="…">.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.asks ?? event.target.dataset.asks;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    delete event.target.dataset.sent;
  }
}, true);

document.addEventListener("htmx:responseError", (event) => trouble(event.detail.xhr.responseText));
document.addEventListener("htmx:sendError", () => trouble(""));
document.addEventListener("htmx:beforeRequest", () => { const box = document.getElementById("trouble"); if (box) box.hidden = true; });

function trouble(page) {
  const box = document.getElementById("trouble");
  if (!box) return;
  const told = new DOMParser().parseFromString(page, "text/html").querySelector("main .card p:not(.brand), .said p");
  box.textContent = told?.textContent || words(box, "sentence");
  box.hidden = false;
}

// Shortcuts: whatever carries data-key is clicked, or focused when it is a field; "?" lists them all.
const dialog = document.getElementById("keys");
const opener = document.querySelector("[data-keys]");
const OFF = "xueshi-keys-off";

function enabled() {
  try { return localStorage.getItem(OFF) === null; } catch { return true; }
}

function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox" && target.type !== "radio");
}

function search() {
  return document.querySelector("[data-search], input[type=search]");
}

function listed() {
  const told = dialog.querySelector("[data-words]");
  const rows = [["?", words(told, "help")]];
  if (search()) rows.push(["/", words(told, "find")]);
  for (const each of document.querySelectorAll("[data-key]")) {
    const label = each.dataset.keyLabel || each.getAttribute("aria-label") || each.textContent.trim();
    if (!rows.some(([key]) => key === each.dataset.key)) rows.push([each.dataset.key, label]);
  }
  const list = dialog.querySelector("[data-listed]");
  list.replaceChildren(...rows.flatMap(([key, label]) => {
    const term = document.createElement("dt");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
    const meaning = document.createElement("dd");
    meaning.textContent = label;
    return [term, meaning];
  }));
  dialog.querySelector("[data-enabled]").checked = enabled();
  dialog.showModal();
}

if (dialog && opener) {
  opener.hidden = false;
  opener.addEventListener("click", listed);
  dialog.querySelector("[data-enabled]").addEventListener("change", (event) => {
    try {
      if (event.target.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch { /* a browser that keeps nothing: shortcuts stay on */ }
  });
  document.addEventListener("keydown", (event) => {
    if (!enabled() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      listed();
    } else if (event.key === "/" && search()) {
      event.preventDefault();
      search().focus();
    } else {
      const meant = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key && each.checkVisibility?.() !== false);
      if (!meant) return;
      event.preventDefault();
      if (typing(meant)) meant.focus();
      else meant.click();
    }
  });
}
