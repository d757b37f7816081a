// The built-in tags: the simulator has empty boxes for them, here they get what a page can be used with.

const LABELS = { ariaLabel: "aria-label", ariaRole: "role", ariaHidden: "aria-hidden", ariaChecked: "aria-checked", ariaDisabled: "aria-disabled", ariaLive: "aria-live", ariaModal: "aria-modal" };

const FOCUSABLE = new Set(["button", "link", "radio", "checkbox", "switch", "tab"]);

const domOf = (part) => part._exparserNode.$$;

// Properties that every tag has: what a screen reader is told, and whether it is shown.
function common() {
  const found = { hidden: { type: Boolean, observer(value) { domOf(this).hidden = value; } }, hoverClass: { type: String }, hoverStayTime: { type: null } };
  for (const [name, attribute] of Object.entries(LABELS)) {
    found[name] = { type: null, observer(value) {
      if (value === "" || value === null || value === undefined) domOf(this).removeAttribute(attribute);
      else domOf(this).setAttribute(attribute, String(value));
      if (attribute === "role" && FOCUSABLE.has(value)) domOf(this).tabIndex = 0; // the keyboard taps, too
    } };
  }
  return found;
}

const plain = (type, value) => ({ type, value });
// A property that is handed to `set(dom element, value, part)` whenever it changes, and once at the start.
const live = (type, value, set) => ({ type, value, observer(next) { if (this.inner) set(this.inner, next, this); }, start: set });

function tag(name, { properties = {}, attached, template = "<slot/>" } = {}) {
  const starts = Object.entries(properties).filter(([, property]) => property.start);
  return {
    id: name,
    tagName: `wx-${name}`,
    template,
    properties: { ...common(), ...properties },
    attached() {
      attached?.call(this);
      for (const [key, property] of starts) property.start(this.inner, this.data[key], this);
    },
  };
}

function inside(part, node) {
  part.inner = node;
  domOf(part).append(node);
  return node;
}

function field(part, node) {
  inside(part, node);
  const value = () => ({ value: node.value, cursor: node.selectionStart ?? node.value.length });
  node.addEventListener("input", () => {
    part.typed = node.value;
    part.triggerEvent("input", value());
  });
  node.addEventListener("focus", () => part.triggerEvent("focus", value()));
  node.addEventListener("blur", () => part.triggerEvent("blur", value()));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || (node.tagName === "TEXTAREA" && !event.ctrlKey)) return;
    event.preventDefault();
    part.triggerEvent("confirm", value());
  });
  return node;
}

const FIELD = {
  value: live(null, "", (node, value) => { if (node.value !== String(value ?? "")) node.value = value ?? ""; }),
  placeholder: live(String, "", (node, value) => { node.placeholder = value; }),
  disabled: live(Boolean, false, (node, value) => { node.disabled = value; }),
  maxlength: live(null, 140, (node, value) => { if (Number(value) >= 0) node.maxLength = Number(value); else node.removeAttribute("maxlength"); }),
  focus: live(Boolean, false, (node, value) => { if (value) node.focus(); }),
  ariaLabel: live(null, "", (node, value) => { if (value) node.setAttribute("aria-label", value); }),
  name: plain(String, ""), cursorSpacing: plain(null, 0), adjustPosition: plain(null, true), confirmType: plain(String, ""), placeholderClass: plain(String, ""),
  placeholderStyle: plain(String, ""), holdKeyboard: plain(null, false), alwaysEmbed: plain(null, false), showConfirmBar: plain(null, true), disableDefaultPadding: plain(null, false),
};
const KINDS = { number: "decimal", digit: "decimal", idcard: "text" };

const input = tag("input", {
  properties: { ...FIELD,
    type: live(String, "text", (node, value) => { node.inputMode = KINDS[value] ?? "text"; }),
    password: live(Boolean, false, (node, value) => { node.type = value ? "password" : "text"; }) },
  attached() { field(this, document.createElement("input")); },
});

const textarea = tag("textarea", {
  properties: { ...FIELD, autoHeight: live(Boolean, false, (node, value) => { node.style.fieldSizing = value ? "content" : ""; }) },
  attached() { field(this, document.createElement("textarea")); },
});

const FITS = { aspectFit: "contain", aspectFill: "cover", scaleToFill: "fill", center: "none", widthFix: "fill", heightFix: "fill" };
const image = tag("image", {
  properties: {
    src: live(String, "", (node, value) => { if (value) node.src = window.wx.__file(value); else node.removeAttribute("src"); }),
    mode: live(String, "scaleToFill", (node, value) => { node.style.objectFit = FITS[value] ?? "fill"; node.parentNode.dataset.mode = value; }),
    ariaLabel: live(null, "", (node, value) => { node.alt = value ?? ""; }),
    lazyLoad: plain(Boolean, false), showMenuByLongpress: plain(Boolean, false), webp: plain(Boolean, false),
  },
  attached() {
    const node = inside(this, document.createElement("img"));
    node.alt = "";
    node.addEventListener("load", () => this.triggerEvent("load", { width: node.naturalWidth, height: node.naturalHeight }));
    node.addEventListener("error", () => this.triggerEvent("error", { errMsg: "image load failed" }));
  },
});

const button = tag("button", {
  properties: {
    disabled: { type: Boolean, value: false, observer(value) { state(this, "disabled", value); } },
    loading: { type: Boolean, value: false, observer(value) { state(this, "loading", value); } },
    type: { type: String, value: "default", observer(value) { domOf(this).dataset.type = value; } },
    size: { type: String, value: "default", observer(value) { domOf(this).dataset.size = value; } },
    plain: { type: Boolean, value: false, observer(value) { state(this, "plain", value); } },
    openType: plain(String, ""), formType: plain(String, ""), sessionFrom: plain(String, ""),
  },
  attached() {
    const dom = domOf(this);
    dom.setAttribute("role", "button");
    dom.tabIndex = 0;
    const refuse = (event) => { if (this.data.disabled || this.data.loading) event.stopPropagation(); };
    for (const name of ["click", "touchstart", "touchend"]) dom.addEventListener(name, refuse);
    dom.addEventListener("click", () => { if (this.data.openType === "contact" && !this.data.disabled) window.wx.__contact(this.data.sessionFrom); });
  },
});

function state(part, name, on) {
  domOf(part).toggleAttribute(`data-${name}`, Boolean(on));
  if (name === "disabled") domOf(part).setAttribute("aria-disabled", String(Boolean(on)));
}

// A picker is the browser's own control, laid over what the page shows.
const picker = tag("picker", {
  properties: {
    mode: plain(String, "selector"),
    range: live(Array, [], (_node, _value, part) => part.fill?.()),
    rangeKey: live(String, "", (_node, _value, part) => part.fill?.()),
    value: live(null, 0, (_node, _value, part) => part.fill?.()),
    start: live(String, "", (node, value) => { if (node.type !== "select-one" && value) node.min = value; }),
    end: live(String, "", (node, value) => { if (node.type !== "select-one" && value) node.max = value; }),
    disabled: live(Boolean, false, (node, value) => { node.disabled = value; }),
    ariaLabel: live(null, "", (node, value) => { if (value) node.setAttribute("aria-label", value); }),
    fields: plain(String, "day"), headerText: plain(String, ""), name: plain(String, ""),
  },
  attached() {
    const chosen = this.data.mode === "selector";
    const node = inside(this, document.createElement(chosen ? "select" : "input"));
    if (!chosen) node.type = this.data.mode === "time" ? "time" : this.data.fields === "month" ? "month" : "date";
    this.fill = () => (chosen ? fillSelect(node, this.data) : (node.value = this.data.value || ""));
    node.addEventListener("change", () => {
      if (chosen ? node.selectedIndex >= 0 : node.value) this.triggerEvent("change", { value: chosen ? String(node.selectedIndex) : node.value });
    });
    node.addEventListener("click", () => { if (!chosen) node.showPicker?.(); });
    this.fill();
  },
});

function fillSelect(node, { range, rangeKey, value }) {
  const words = (range ?? []).map((item) => String(rangeKey ? item[rangeKey] : item));
  if (words.join("\n") !== [...node.options].map((option) => option.text).join("\n")) {
    node.replaceChildren(...words.map((word) => new Option(word)));
  }
  node.selectedIndex = value === null || value === undefined || value === "" ? -1 : Number(value);
}

const toggle = tag("switch", {
  properties: {
    checked: live(Boolean, false, (node, value) => { node.checked = value; }),
    disabled: live(Boolean, false, (node, value) => { node.disabled = value; }),
    ariaLabel: live(null, "", (node, value) => { if (value) node.setAttribute("aria-label", value); }),
    color: live(String, "", (node, value) => { node.style.accentColor = value; }), type: plain(String, "switch"), name: plain(String, ""),
  },
  attached() {
    const node = inside(this, document.createElement("input"));
    node.type = "checkbox";
    node.setAttribute("role", "switch");
    node.addEventListener("change", () => this.triggerEvent("change", { value: node.checked }));
  },
});

const scrolled = tag("scroll-view", {
  properties: {
    scrollX: { type: Boolean, observer(value) { domOf(this).style.overflowX = value ? "auto" : "hidden"; } },
    scrollY: { type: Boolean, observer(value) { domOf(this).style.overflowY = value ? "auto" : "hidden"; } },
    scrollTop: { type: null, observer(value) { domOf(this).scrollTop = Number(value) || 0; } },
    scrollLeft: { type: null, observer(value) { domOf(this).scrollLeft = Number(value) || 0; } },
    scrollIntoView: plain(String, ""), enhanced: plain(null, false), showScrollbar: plain(null, true), enableFlex: plain(null, false), lowerThreshold: plain(null, 50), refresherEnabled: plain(null, false),
  },
  attached() {
    const dom = domOf(this);
    dom.addEventListener("scroll", () => {
      if (dom.scrollHeight - dom.scrollTop - dom.clientHeight < Number(this.data.lowerThreshold)) this.triggerEvent("scrolltolower", { direction: "bottom" });
    });
  },
});

const text = tag("text", { properties: { selectable: plain(null, false), userSelect: plain(null, false), space: plain(null, ""), decode: plain(null, false), maxLines: plain(null, 0), overflow: plain(null, "") } });

const navigator = tag("navigator", {
  properties: { url: plain(String, ""), openType: plain(String, "navigate"), delta: plain(Number, 1) },
  attached() {
    domOf(this).addEventListener("click", () => {
      const act = { navigate: "navigateTo", redirect: "redirectTo", switchTab: "switchTab", reLaunch: "reLaunch", navigateBack: "navigateBack" }[this.data.openType];
      if (act) window.wx[act]({ url: this.data.url, delta: this.data.delta });
    });
  },
});

const meta = tag("page-meta", { properties: { rootFontSize: plain(String, ""), pageStyle: plain(String, ""), backgroundColor: plain(String, ""), backgroundTextStyle: plain(String, ""), pageFontSize: plain(String, ""), scrollTop: plain(String, "") } });
const boxes = ["view", "cover-view", "form", "label", "sticky-header", "swiper", "swiper-item", "page-container", "root-portal"].map((name) => tag(name));

export function defineTags(simulate) {
  for (const one of [...boxes, text, image, input, textarea, button, picker, toggle, scrolled, navigator, meta]) simulate.load(one);
}
