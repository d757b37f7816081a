// The page of phones: asks for the state once, then follows the server's events.
import { call, post } from "./ask.js";
import { ClockFace, FaultList, WireStrip } from "./desk.js";
import { avatar, element, outside } from "./draw.js";
import { tellClock } from "./mini.js";
import { Phone } from "./phone.js";

const find = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.phones = new Map();
    this.wire = new WireStrip();
    this.clock = new ClockFace(post, (now) => this.ticked(now));
    this.faults = new FaultList(post, (path) => call("DELETE", path));
    find("mode").addEventListener("change", () => post("/control/mode", { mode: find("mode").value }));
    find("tools-toggle").addEventListener("click", () => this.toggleTools());
  }

  // The state is asked for only when the stream is open, and events that come meanwhile wait: nothing is missed, nothing doubled.
  follow() {
    const stream = new EventSource("/control/events");
    stream.addEventListener("open", () => this.load());
    for (const name of ["bubble", "phone", "wire", "menu", "clock", "faults", "mode"]) {
      stream.addEventListener(name, (event) => this.hear(name, JSON.parse(event.data)));
    }
  }

  async load() {
    this.early = [];
    const state = await call("GET", "/control/state");
    if (!state) return;
    this.draw(state);
    const early = this.early;
    this.early = null;
    for (const [name, data] of early) this.hear(name, data);
  }

  draw(state) {
    find("account-name").textContent = state.account.name;
    document.title = `${state.account.name} · 微信模拟台`;
    find("mode").value = state.mode;
    this.drawLinks(state.links ?? {});
    this.clock.show(state.clock);
    this.faults.show(state.faults.armed);
    const first = !this.phones.size;
    if (first) this.wire.people(state.phones);
    const current = this.current ?? state.phones[0]?.id;
    find("phones").replaceChildren();
    this.phones.clear();
    for (const phone of state.phones) this.addPhone(phone, state);
    if (first) this.drawSwitcher(state.phones);
    this.select(current);
    for (const row of state.wire) this.wire.show(row);
    this.wire.count();
    this.ticked(this.clock.now());
  }

  drawLinks(links) {
    const anchors = Object.entries(links).map(([words, url]) => {
      const anchor = outside(url, words);
      anchor.className = "tool";
      anchor.dataset.testid = "link";
      return anchor;
    });
    find("links").replaceChildren(...anchors);
    find("links").hidden = !anchors.length;
  }

  addPhone(state, { account, templates, menu, mini }) {
    const phone = new Phone(state, { ...account, mini }, templates);
    this.phones.set(state.id, phone);
    find("phones").append(phone.node);
    phone.menu(menu.buttons);
    phone.seen = 0;
    for (const bubble of state.bubbles) this.bubble(bubble);
  }

  drawSwitcher(phones) {
    find("switcher").replaceChildren(...phones.map((phone) => {
      const button = element("button");
      button.type = "button";
      button.dataset.testid = `switch-${phone.id}`;
      button.dataset.phone = phone.id;
      button.append(avatar(phone.name[0], phone.colour), element("span", "", phone.name));
      button.addEventListener("click", () => this.select(phone.id));
      return button;
    }));
  }

  select(id) {
    this.current = id;
    for (const [name, phone] of this.phones) phone.node.classList.toggle("current", name === id);
    for (const button of find("switcher").children) button.setAttribute("aria-pressed", String(button.dataset.phone === id));
    const talk = this.phones.get(id)?.part(".talk");
    if (talk) talk.scrollTop = talk.scrollHeight;
  }

  bubble(bubble) {
    const phone = this.phones.get(bubble.phone);
    if (!phone || bubble.id <= phone.seen) return;
    phone.seen = bubble.id;
    phone.add(bubble, this.clock.now());
  }

  hear(name, data) {
    if (this.early) this.early.push([name, data]);
    else if (name === "bubble") this.bubble(data);
    else if (name === "phone") this.person(data);
    else if (name === "wire") this.wire.show(data);
    else if (name === "menu") this.phones.forEach((phone) => phone.menu(data.buttons));
    else if (name === "clock") this.movedClock(data);
    else if (name === "faults") this.faults.show(data.armed);
    else if (name === "mode") find("mode").value = data.mode;
  }

  movedClock(state) {
    this.clock.show(state);
    tellClock(state.now);
  }

  person(state) {
    const phone = this.phones.get(state.id);
    phone?.show(state);
    phone?.tick(this.clock.now());
  }

  ticked(now) {
    for (const phone of this.phones.values()) phone.tick(now);
  }

  toggleTools() {
    const open = find("tools").classList.toggle("open");
    find("tools-toggle").setAttribute("aria-expanded", String(open));
  }
}

new Page().follow();
