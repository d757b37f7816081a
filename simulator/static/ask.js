// Talks to the server and to the person: calls, the short notice, and the dialog that asks for a few values.
import { element } from "./draw.js";

const find = (id) => document.getElementById(id);

export async function call(method, path, body, type = "application/json") {
  const response = await fetch(path, { method, body, headers: type && body ? { "Content-Type": type } : {} });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) toast(REFUSALS[answer.errcode] ?? answer.error ?? "没有成功");
  return response.ok ? answer : null;
}
export const post = (path, body = {}) => call("POST", path, JSON.stringify(body));
const REFUSALS = { 40005: "只能发送 PNG、JPG 或 GIF 图片", 45001: "图片太大", 41005: "图片是空的" };

function toast(text) {
  const box = find("toast");
  box.textContent = text;
  box.classList.add("on");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.classList.remove("on"), 2200);
}

// Asks for a few values; resolves to {name: value}, or null when cancelled.
export function ask(title, fields) {
  const dialog = find("ask");
  find("ask-title").textContent = title;
  const inputs = fields.map(({ name, label, value = "", options }) => {
    const input = element(options ? "select" : "input");
    for (const [key, text] of options ?? []) {
      const option = element("option", "", text);
      option.value = key;
      input.append(option);
    }
    input.name = name;
    input.dataset.testid = `ask-${name}`;
    input.value = value || input.value;
    const row = element("label", "", label);
    row.append(input);
    return [row, input];
  });
  find("ask-fields").replaceChildren(...inputs.map(([row]) => row));
  dialog.returnValue = "cancel";
  find("ask-cancel").onclick = () => dialog.close("cancel");
  dialog.showModal();
  inputs[0][1].focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "cancel" ? null : Object.fromEntries(inputs.map(([, i]) => [i.name, i.value])));
    }, { once: true });
  });
}
