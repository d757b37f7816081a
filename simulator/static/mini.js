// The mini program of one phone, in a phone of its own beside the chat.
import { avatar, element } from "./draw.js";

const frames = new Map();

window.addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data?.mini === "close") close(event.data.phone);
});

// The clock was moved: the open mini programs go by it too.
export function tellClock(now) {
  for (const holder of frames.values()) holder.querySelector("iframe").contentWindow.postMessage({ mini: "clock", now }, location.origin);
}

function close(phone) {
  frames.get(phone)?.remove();
  frames.delete(phone);
}

// Opens it behind the phone's chat, or moves the open one to `page` ("" is its first).
export function openMini(chat, state, page = "") {
  const address = `/mini/${state.id}${page ? `#/${page.replace(/^\//, "")}` : ""}`;
  let holder = frames.get(state.id);
  if (holder) {
    if (page) holder.querySelector("iframe").contentWindow.location.hash = address.split("#")[1];
  } else {
    holder = element("article", "holder mini-holder");
    holder.dataset.testid = `mini-${state.id}`;
    const owner = element("div", "owner");
    const text = element("div", "owner-text");
    text.append(element("b", "owner-name", state.name), element("span", "owner-subtitle", "小程序"));
    const shut = element("button", "tool", "关闭");
    shut.type = "button";
    shut.addEventListener("click", () => close(state.id));
    owner.append(avatar(state.name[0], state.colour), text, shut);
    const screen = element("div", "screen");
    const frame = element("iframe", "mini-frame");
    frame.title = `${state.name}的小程序`;
    frame.src = address;
    screen.append(frame);
    holder.append(owner, screen);
    chat.after(holder);
    frames.set(state.id, holder);
  }
  holder.scrollIntoView({ behavior: "smooth", inline: "nearest", block: "nearest" });
}
