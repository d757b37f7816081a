// The page of phones: asks for the state once, then follows the server's events.
import { avatar, dayText, drawBubble, element, hourText, icon, stampText } from "./draw.js";
import { ClockFace, FaultList, WireStrip } from "./desk.js";

const find = (id) => document.getElementById(id);
const GAP = 5 * 60 * 1000;
const SHOWN = 300;

async function call(method, path, body, type = "application/json") {
  const response = await fetch(path, { method, body, headers: type && body ? { "Content-Type": type } : {} });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) toast(REFUSALS[answer.errcode] ?? answer.error ?? "没有成功");
  return response.ok ? answer : null;
}
const post = (path, body = {}) => call("POST", path, JSON.stringify(body));
const REFUSALS = { 40005: "只能发送 PNG、JPG 或 GIF 图片", 45001: "图片太大", 41005: "图片是空的" };

function toast(text) {
  const box = find("toast");
  box.textContent = text;
  box.classList.add("on");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.classList.remove("on"), 2200);
}

// Asks for a few values; resolves to {name: value}, or null when cancelled.
function ask(title, fields) {
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

class Phone {
  constructor(state, account, templates) {
    this.account = account;
    this.templates = templates;
    this.state = state;
    this.last = 0;
    this.node = find("phone").content.firstElementChild.cloneNode(true);
    this.node.dataset.testid = `phone-${state.id}`;
    this.node.setAttribute("aria-label", `${state.name}的手机`);
    const face = this.part(".owner-avatar");
    face.textContent = state.name[0];
    face.style.background = state.colour;
    this.part(".owner-name").textContent = state.name;
    this.part(".owner-subtitle").textContent = state.subtitle;
    this.part(".account-avatar").textContent = account.name[0];
    this.part(".stranger-name").textContent = account.name;
    this.part(".input").setAttribute("aria-label", `以${state.name}的名义发送`);
    this.listen();
    this.panel();
    this.show(state);
  }

  part(selector) {
    return this.node.querySelector(selector);
  }

  act(gesture, body) {
    return post(`/phone/${this.state.id}/${gesture}`, body);
  }

  listen() {
    const input = this.part(".input");
    input.addEventListener("input", () => this.typed());
    this.part(".bar").addEventListener("submit", (event) => this.submit(event));
    this.part(".toggle").addEventListener("click", () => this.toggleMenu());
    this.part(".plus").addEventListener("click", () => this.togglePanel());
    this.part(".speak").addEventListener("click", () => this.speak());
    this.part(".follow").addEventListener("click", () => this.act("follow"));
    this.part(".unfollow").addEventListener("click", () => this.closeMore() || this.act("unfollow"));
    this.part(".block").addEventListener("click", () => this.closeMore() || this.act("block", { on: !this.state.blocked }));
    this.part(".file").addEventListener("change", () => this.sendPhoto());
    document.addEventListener("click", (event) => this.away(event));
  }

  away(event) {
    if (!this.part(".submenu").contains(event.target) && !this.part(".menu").contains(event.target)) this.part(".submenu").hidden = true;
    if (!this.part(".more").contains(event.target)) this.closeMore();
  }

  closeMore() {
    this.part(".more").open = false;
  }

  panel() {
    const tiles = [["photo", "照片", () => this.pick("")], ["mic", "语音", () => this.speak()], ["place", "位置", () => this.place()],
      ["link", "链接", () => this.link()], ["scan", "扫一扫", () => this.scan()], ["burst", "连发", () => this.burst()]];
    if (this.templates.length) tiles.push(["bell", "订阅通知", () => this.grant()]);
    for (const [name, label, act] of tiles) {
      const button = element("button");
      button.type = "button";
      button.dataset.testid = `tile-${name}`;
      const tile = element("span", "tile");
      tile.append(icon(name));
      button.append(tile, element("span", "", label));
      button.addEventListener("click", () => {
        this.togglePanel(false);
        act();
      });
      this.part(".panel").append(button);
    }
  }

  show(state) {
    this.state = { ...this.state, ...state };
    const { following, blocked, typing, window_left: left, window_until: until } = this.state;
    this.part(".title-text").textContent = typing ? "对方正在输入…" : this.account.name;
    this.part(".stranger").hidden = following;
    this.part(".bar").hidden = !following;
    this.part(".more").hidden = !following;
    this.part(".block").textContent = blocked ? "接收消息" : "不接收消息";
    this.part(".window").textContent = until && left ? `可再发 ${left} 条\n到 ${dayText(new Date(until))} ${hourText(new Date(until))}` : "客服窗口未开";
    this.node.dataset.following = following;
    if (!following) this.togglePanel(false);
  }

  add(bubble, now) {
    const talk = this.part(".talk");
    const at = new Date(bubble.at);
    if (Math.abs(at.getTime() - this.last) > GAP) talk.append(element("div", "stamp", stampText(at, now)));
    this.last = at.getTime();
    talk.append(drawBubble(bubble, this.state, this.account, (id, item) => this.act("choice", { bubble: id, item })));
    while (talk.childElementCount > SHOWN) talk.firstElementChild.remove();
    talk.scrollTop = talk.scrollHeight;
    for (const image of talk.querySelectorAll("img:not([data-seen])")) {
      image.dataset.seen = "1";
      image.addEventListener("load", () => (talk.scrollTop = talk.scrollHeight));
    }
  }

  menu(buttons) {
    this.part(".bar").classList.toggle("no-menu", !buttons.length);
    this.setMenuMode(buttons.length > 0);
    this.part(".menu").replaceChildren(...buttons.map((button, index) => {
      const made = element("button", button.buttons.length ? "opens" : "", button.name);
      made.type = "button";
      made.dataset.testid = "menu-button";
      made.addEventListener("click", () => (button.buttons.length ? this.openMenu(button, index, made) : this.tap(button, [index])));
      return made;
    }));
  }

  openMenu(button, index, above) {
    const submenu = this.part(".submenu");
    const again = !submenu.hidden && submenu.dataset.index === String(index);
    submenu.hidden = again;
    submenu.dataset.index = index;
    submenu.replaceChildren(...button.buttons.map((sub, place) => {
      const made = element("button", "", sub.name);
      made.type = "button";
      made.dataset.testid = "submenu-button";
      made.addEventListener("click", () => {
        submenu.hidden = true;
        this.tap(sub, [index, place]);
      });
      return made;
    }));
    if (again) return;
    const room = submenu.parentElement.clientWidth;
    const middle = above.offsetLeft + above.offsetWidth / 2 - submenu.offsetWidth / 2;
    submenu.style.left = `${Math.max(6, Math.min(middle, room - submenu.offsetWidth - 6))}px`;
  }

  async tap(button, path) {
    if (button.type.startsWith("pic_")) return this.pick(path.join("."));
    const body = { path };
    if (button.type.startsWith("scancode")) {
      const said = await ask("扫一扫", [{ name: "scan_result", label: "码里的内容" }]);
      if (!said) return null;
      Object.assign(body, said);
    }
    if (button.type === "view") window.open(button.target, "_blank", "noopener");
    return this.act("menu", body);
  }

  toggleMenu() {
    this.setMenuMode(!this.part(".bar").classList.contains("menu-mode"));
    if (!this.part(".bar").classList.contains("menu-mode")) this.part(".input").focus();
  }

  setMenuMode(on) {
    this.part(".bar").classList.toggle("menu-mode", on);
    this.part(".toggle use").setAttribute("href", on ? "#i-keyboard" : "#i-menu");
    this.part(".submenu").hidden = true;
    if (on) this.togglePanel(false);
  }

  togglePanel(on = this.part(".panel").hidden) {
    this.part(".panel").hidden = !on;
    this.part(".plus").setAttribute("aria-expanded", String(on));
    this.part(".talk").scrollTop = this.part(".talk").scrollHeight;
  }

  typed() {
    const some = this.part(".input").value.trim() !== "";
    this.part(".send").hidden = !some;
    this.part(".plus").hidden = some;
  }

  async submit(event) {
    event.preventDefault();
    const input = this.part(".input");
    const text = input.value;
    if (!text.trim()) return;
    input.value = "";
    this.typed();
    if (!(await this.act("text", { text }))) input.value ||= text;
    this.typed();
  }

  pick(menu) {
    this.menuPath = menu;
    this.part(".file").click();
  }

  async sendPhoto() {
    const [file] = this.part(".file").files;
    if (!file) return;
    const form = new FormData();
    form.append("media", file);
    const query = this.menuPath ? `?menu=${this.menuPath}` : "";
    this.menuPath = "";
    this.part(".file").value = "";
    await call("POST", `/phone/${this.state.id}/image${query}`, form, "");
  }

  async speak() {
    const said = await ask("说一段话", [{ name: "text", label: "识别出的文字（留空则没有识别）" }]);
    if (said) await this.act("voice", { recognition: said.text || null, seconds: Math.min(60, Math.max(2, Math.round(said.text.length / 4))) });
  }

  async place() {
    const said = await ask("发送位置", [{ name: "label", label: "地点", value: "内蒙古自治区呼和浩特市新城区" },
      { name: "latitude", label: "纬度", value: "40.8424" }, { name: "longitude", label: "经度", value: "111.7492" }]);
    if (said) await this.act("location", { label: said.label, latitude: Number(said.latitude), longitude: Number(said.longitude) });
  }

  async link() {
    const said = await ask("分享链接", [{ name: "title", label: "标题" }, { name: "url", label: "网址", value: "https://" }]);
    if (said) await this.act("link", said);
  }

  async scan() {
    const said = await ask("扫一扫", [{ name: "ticket", label: "公众号二维码的 ticket" }]);
    if (said) await this.act("scan", said);
  }

  async burst() {
    const said = await ask("同时发出几条", [{ name: "texts", label: "用 | 分开", value: "我还差多少学时|我有多少学时|帮助" }]);
    if (said) await this.act("burst", { texts: said.texts.split("|").filter(Boolean) });
  }

  async grant() {
    const said = await ask("订阅通知", [{ name: "template", label: "通知", options: this.templates.map((t) => [t.id, t.title]) },
      { name: "answer", label: "选择", options: [["accept", "允许"], ["reject", "取消"]] }]);
    if (said) await this.act("grant", { template: said.template, accept: said.answer === "accept" });
  }
}

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
  }

  addPhone(state, { account, templates, menu }) {
    const phone = new Phone(state, account, templates);
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
    else if (name === "phone") this.phones.get(data.id)?.show(data);
    else if (name === "wire") this.wire.show(data);
    else if (name === "menu") this.phones.forEach((phone) => phone.menu(data.buttons));
    else if (name === "clock") this.clock.show(data);
    else if (name === "faults") this.faults.show(data.armed);
    else if (name === "mode") find("mode").value = data.mode;
  }

  ticked(now) {
    for (const phone of this.phones.values()) phone.part(".status-time").textContent = hourText(now);
  }

  toggleTools() {
    const open = find("tools").classList.toggle("open");
    find("tools-toggle").setAttribute("aria-expanded", String(open));
  }
}

new Page().follow();
