// One phone: its screen, its bar with menu and keyboard, and what its owner can do.
import { ask, call, post } from "./ask.js";
import { dayText, drawBubble, element, hourText, icon, stampText } from "./draw.js";
import { openMini } from "./mini.js";
import { SAMPLES, sample } from "./sample.js";

const GAP = 5 * 60 * 1000;
const SHOWN = 300;
const TYPING = 15000;

export class Phone {
  constructor(state, account, templates) {
    this.account = account;
    this.templates = templates;
    this.state = state;
    this.last = 0;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
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
    input.addEventListener("keydown", (event) => this.key(event));
    this.part(".bar").addEventListener("submit", (event) => this.submit(event));
    this.part(".toggle").addEventListener("click", () => this.toggleMenu());
    this.part(".plus").addEventListener("click", () => this.togglePanel());
    this.part(".speak").addEventListener("click", () => this.speak());
    this.part(".follow").addEventListener("click", () => this.act("follow"));
    this.part(".unfollow").addEventListener("click", () => this.closeMore() || this.act("unfollow"));
    this.part(".block").addEventListener("click", () => this.closeMore() || this.act("block", { on: !this.state.blocked }));
    this.part(".file").addEventListener("change", () => this.sendPhoto());
    this.node.addEventListener("open-mini", (event) => openMini(this.node, this.state, event.detail.page));
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
    const tiles = [["photo", "照片", () => this.pick("")], ["paper", "样例证书", () => this.photograph()], ["mic", "语音", () => this.speak()], ["place", "位置", () => this.place()],
      ["link", "链接", () => this.link()], ["scan", "扫一扫", () => this.scan()], ["burst", "连发", () => this.burst()]];
    if (this.account.mini) tiles.unshift(["mini", "小程序", () => openMini(this.node, this.state)]);
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
    const { following, blocked, typing } = this.state;
    this.part(".title-text").textContent = typing ? "对方正在输入…" : this.account.name;
    clearTimeout(this.typing);
    if (typing) this.typing = setTimeout(() => (this.part(".title-text").textContent = this.account.name), TYPING);
    this.part(".stranger").hidden = following;
    this.part(".bar").hidden = !following;
    this.part(".more").hidden = !following;
    this.part(".block").textContent = blocked ? "接收消息" : "不接收消息";
    this.node.dataset.following = following;
    if (!following) this.togglePanel(false);
  }

  // What depends on the time: the clock of the phone, and how much the account may still say unasked.
  tick(now) {
    this.now = now;
    const { window_left: left, window_until: until } = this.state;
    this.part(".status-time").textContent = hourText(now);
    const end = new Date(until ?? 0);
    const open = end > now ? `可再发 ${left} 条\n到 ${dayText(end)} ${hourText(end)}` : "客服窗口未开";
    if (this.part(".window").textContent !== open) this.part(".window").textContent = open;
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
    this.setMenuMode(buttons.length > 0 && this.part(".bar").classList.contains("menu-mode"));
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

  // Enter sends, with Shift it begins a line; while a word is being composed (拼音) it belongs to the input method.
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.part(".bar").requestSubmit();
  }

  typed() {
    const input = this.part(".input");
    input.style.height = "";
    if (input.value) input.style.height = `${input.scrollHeight}px`;
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
    if (file) await this.post(file);
  }

  // A picture of an invented proof, for whoever has none at hand.
  async photograph() {
    const said = await ask("拍一张样例", [{ name: "kind", label: "证明", options: SAMPLES }, { name: "name", label: "姓名", value: "王建国" }]);
    if (said) await this.post(await sample(said.kind, said.name, this.now ?? new Date()));
  }

  async post(picture) {
    const form = new FormData();
    form.append("media", picture, "photo.jpg");
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
