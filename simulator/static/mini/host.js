// Runs a mini program in this page: its modules, its app, its pages one above the other, its bars.
import { sheets } from "./sheets.js";
import { defineTags } from "./tags.js";
import { bridge } from "./wx.js";

const find = (id) => document.getElementById(id);
const program = window.__PROGRAM__;
const phone = location.pathname.split("/")[2];
const loaded = new Map(); // component ids by path
const modules = new Map();

// Modules are run once each, whoever asks for them.
function load(path) {
  const name = [path, `${path}.js`, `${path}/index.js`].find((one) => window.__MODULES__[one]);
  if (!name) throw new Error(`module ${path} is not there`);
  if (modules.has(name)) return modules.get(name).exports;
  const made = { exports: {} };
  modules.set(name, made);
  window.__MODULES__[name]((wanted) => load(resolved(wanted, name)), made, made.exports);
  return made.exports;
}

function resolved(wanted, from) {
  if (wanted.startsWith("/")) return new URL(wanted, "file:///").pathname;
  const beside = new URL(wanted, `file://${from}`).pathname;
  const there = (path) => [path, `${path}.js`, `${path}/index.js`].some((one) => window.__MODULES__[one]);
  return wanted.startsWith(".") || there(beside) ? beside : `/miniprogram_npm/${wanted}`;
}

// What the simulator runs for a component: its module anew, because each run registers it.
let running = "";
window.__RUN__ = (path) => {
  const before = running;
  running = path.replace(/\.js$/, "");
  modules.delete(path);
  load(path);
  running = before;
};

function globals() {
  const register = window.Component;
  window.Component = (definition = {}) => register({ ...definition, options: { ...definition.options, classPrefix: program.prefixes[running] ?? "" } });
  window.Page = (definition) => {
    const { data, behaviors, ...methods } = definition;
    window.Component({ data, behaviors, methods });
  };
  window.App = (definition) => { app = definition; };
  window.getApp = () => app;
  window.getCurrentPages = () => stack.map((page) => page.instance);
  window.global = window;
}

let app = {};
const stack = [];
const tabs = program.app.tabBar?.list ?? [];
const isTab = (path) => tabs.some((tab) => tab.pagePath === path);

class Page {
  constructor(path, query) {
    this.path = path;
    this.query = query;
    if (!loaded.has(path)) loaded.set(path, window.simulate.load(`/${path}`, `page-${path.replace(/\W/g, "-")}`, { rootPath: "/" }));
    this.config = { ...program.app.window, ...JSON.parse(window.__FILE_MAP__[`${path}.json`]) };
    this.node = document.createElement("section");
    this.node.className = "page";
    this.node.dataset.testid = "page";
    this.node.dataset.route = path;
    this.body = document.createElement("div");
    this.body.className = "wx-page";
    this.body.dataset.page = path;
    this.node.append(this.body);
    this.title = themed(this.config.navigationBarTitleText ?? "");
  }

  open() {
    find("stack").append(this.node);
    this.component = window.simulate.render(loaded.get(this.path), this.query);
    this.component.attach(this.body);
    this.instance.route = this.path;
    this.instance.options = this.query;
    this.tell("onLoad", this.query);
    this.show();
    this.tell("onReady");
    this.follow();
  }

  get instance() {
    return this.component.instance;
  }

  tell(name, ...given) {
    const told = this.instance[name];
    return typeof told === "function" ? told.apply(this.instance, given) : undefined;
  }

  show() {
    this.node.hidden = false;
    drawBars(this);
    this.tell("onShow");
    this.component.triggerPageLifeTime("show");
  }

  hide() {
    this.node.hidden = true;
    this.tell("onHide");
    this.component.triggerPageLifeTime("hide");
  }

  close() {
    this.tell("onUnload");
    this.component.detach();
    this.node.remove();
  }

  // The mouse taps as a finger does; the end of the page and the pull at its top are told.
  follow() {
    let touched = -1000;
    this.body.addEventListener("touchend", () => (touched = performance.now()), true);
    this.body.addEventListener("click", (event) => {
      if (performance.now() - touched > 700) this.component._triggerExparserEvent(event, "tap", { x: event.pageX, y: event.pageY });
    }, true);
    this.body.addEventListener("keydown", (event) => {
      if ((event.key === "Enter" || event.key === " ") && event.target.matches("[role][tabindex]")) event.target.click();
    });
    this.node.addEventListener("scroll", () => {
      const left = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight;
      if (left < 50 && !this.atEnd) this.tell("onReachBottom");
      this.atEnd = left < 50;
      this.tell("onPageScroll", { scrollTop: this.node.scrollTop });
    });
    this.node.addEventListener("wheel", (event) => {
      if (this.config.enablePullDownRefresh && event.deltaY < -120 && this.node.scrollTop === 0) this.pull();
    }, { passive: true });
  }

  pull() {
    if (this.pulled) return;
    this.pulled = true;
    this.node.classList.add("pulled");
    setTimeout(() => this.rest(), 3000);
    this.tell("onPullDownRefresh");
  }

  rest() {
    this.pulled = false;
    this.node.classList.remove("pulled");
  }
}

function themed(value) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return typeof value === "string" && value.startsWith("@") ? program.theme[dark ? "dark" : "light"]?.[value.slice(1)] ?? "" : value;
}

function drawBars(page) {
  find("nav-title").textContent = page.title;
  document.title = page.title;
  find("nav-back").hidden = stack.length < 2;
  find("nav").style.background = themed(page.config.navigationBarBackgroundColor ?? "");
  find("nav").style.color = themed(page.config.navigationBarTextStyle) === "white" ? "#fff" : "";
  const shown = isTab(page.path);
  find("tabs").hidden = !shown;
  if (!shown) return;
  find("tabs").style.background = themed(program.app.tabBar.backgroundColor ?? "");
  find("tabs").replaceChildren(...tabs.map((tab) => drawTab(tab, tab.pagePath === page.path)));
}

function drawTab(tab, on) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.testid = `tab-${tab.pagePath}`;
  button.style.color = themed(on ? program.app.tabBar.selectedColor ?? "" : program.app.tabBar.color ?? "");
  if (on) button.setAttribute("aria-current", "page");
  const icon = themed(on ? tab.selectedIconPath : tab.iconPath);
  if (icon) {
    const image = document.createElement("img");
    image.src = `/mini/program/files/${icon.replace(/^\//, "")}`;
    image.alt = "";
    button.append(image);
  }
  button.append(tab.text);
  button.addEventListener("click", () => router.switchTab(tab.pagePath, {}));
  return button;
}

// The phone's clock is the stand-in's, which the page can move.
const RealDate = Date;
let ahead = 0;
function tellTime(now) {
  ahead = new RealDate(now).getTime() - RealDate.now();
}
function setClock(now) {
  tellTime(now);
  window.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [RealDate.now() + ahead]));
    }

    static now() {
      return RealDate.now() + ahead;
    }
  };
  window.addEventListener("message", (event) => {
    if (event.origin === location.origin && event.data?.mini === "clock") tellTime(event.data.now);
  });
}

const known = (path) => {
  if (!program.pages.includes(path)) throw new Error(`page "${path}" is not found`);
};

// The stack of pages; `path` without a slash in front, `query` an object.
const router = {
  top: () => stack.at(-1),
  navigateTo(path, query) {
    known(path);
    if (isTab(path)) throw new Error("can not navigateTo a tabbar page");
    if (stack.length >= 10) throw new Error("webview count limit exceed");
    stack.at(-1)?.hide();
    this.push(path, query);
  },
  redirectTo(path, query) {
    known(path);
    if (isTab(path)) throw new Error("can not redirectTo a tabbar page");
    stack.pop()?.close();
    this.push(path, query);
  },
  switchTab(path) {
    known(path);
    if (!isTab(path)) throw new Error("can not switch to no-tabBar page");
    if (stack.at(-1)?.path === path) return;
    const kept = tabPages.get(path);
    while (stack.length > 1 || (stack.length && !isTab(stack[0].path))) stack.pop().close();
    stack.pop()?.hide();
    if (kept) {
      stack.push(kept);
      kept.show();
    } else this.push(path, {});
  },
  reLaunch(path, query) {
    known(path);
    while (stack.length) stack.pop().close();
    for (const page of tabPages.values()) if (page.node.isConnected) page.close();
    tabPages.clear();
    this.push(path, query);
  },
  navigateBack(delta) {
    for (let left = Math.min(delta, stack.length - 1); left > 0; left -= 1) stack.pop().close();
    stack.at(-1).show();
  },
  push(path, query) {
    const page = new Page(path, query);
    stack.push(page);
    if (isTab(path)) tabPages.set(path, page);
    page.open();
  },
};
const tabPages = new Map();

function address(hash) {
  const [path, query = ""] = decodeURI(hash.replace(/^#\/?/, "")).split("?");
  return [program.pages.includes(path) ? path : program.app.entryPagePath ?? program.pages[0], Object.fromEntries(new URLSearchParams(query))];
}

async function start() {
  const began = performance.now();
  const answer = await fetch(`/mini/${phone}/state`);
  if (!answer.ok) throw new Error("this phone has no mini program");
  const state = await answer.json();
  setClock(state.now);
  globals();
  defineTags(window.simulate);
  const shown = sheets(find("sheets"));
  Object.assign(window.wx, bridge({ phone, state, router, sheets: shown, file: find("file") }));
  find("nav-back").addEventListener("click", () => router.navigateBack(1));
  find("capsule-close").addEventListener("click", () => parent.postMessage({ mini: "close", phone }, location.origin));
  find("capsule-more").addEventListener("click", () => shown.contact(phone, state));
  document.body.dataset.account = state.name;
  load("/app.js");
  const [path, query] = address(location.hash);
  app.onLaunch?.call(app, { path, query, scene: 1001 });
  app.onShow?.call(app, { path, query, scene: 1001 });
  router.push(path, query);
  document.body.dataset.ready = Math.round(performance.now() - began);
  window.addEventListener("hashchange", () => {
    const [wanted, given] = address(location.hash);
    if (isTab(wanted)) router.switchTab(wanted);
    else router.navigateTo(wanted, given);
  });
}

start().catch((error) => {
  const told = document.createElement("p");
  told.className = "failed";
  told.textContent = `小程序没有打开：${error.message}`;
  find("stack").append(told);
  console.error(error);
});
