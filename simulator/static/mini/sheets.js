// What WeChat itself lays over a mini program: toasts, questions, lists to choose from, consents, and its talk.
import { sample, SAMPLES } from "/static/sample.js";

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function control(label, testid, name = "") {
  const made = element("button", name, label);
  made.type = "button";
  made.dataset.testid = testid;
  return made;
}

export function sheets(root) {
  let toast;
  // A card over the page; `close(answer)` takes it away.
  function over(name, build) {
    return new Promise((answered) => {
      const shade = element("div", `shade ${name}`);
      const card = element("div", "sheet-card");
      card.setAttribute("role", "dialog");
      card.setAttribute("aria-modal", "true");
      const close = (answer) => {
        shade.remove();
        answered(answer);
      };
      shade.append(card);
      root.append(shade);
      build(card, close);
    });
  }

  function hide() {
    clearTimeout(toast?.timer);
    toast?.remove();
    toast = undefined;
  }

  return {
    toast({ title = "", icon = "success", duration = 1500, mask = false, lasting = false }) {
      hide();
      toast = element("div", `toast ${icon}${mask ? " mask" : ""}`, title);
      toast.setAttribute("role", "status");
      toast.dataset.testid = "mini-toast";
      root.append(toast);
      if (!lasting) toast.timer = setTimeout(hide, duration);
    },
    hide,
    modal({ title = "", content = "", editable = false, placeholderText = "", showCancel = true, cancelText = "取消", confirmText = "确定" }) {
      return over("modal", (card, close) => {
        card.dataset.testid = "mini-modal";
        if (title) card.append(element("h2", "", title));
        const typed = editable ? element("textarea") : element("p", "", content);
        if (editable) Object.assign(typed, { value: content, placeholder: placeholderText });
        typed.dataset.testid = "mini-modal-text";
        const buttons = element("div", "sheet-buttons");
        const cancel = control(cancelText, "mini-modal-cancel");
        const ok = control(confirmText, "mini-modal-ok", "primary");
        cancel.addEventListener("click", () => close({ confirm: false, cancel: true }));
        ok.addEventListener("click", () => close({ confirm: true, cancel: false, ...(editable ? { content: typed.value } : {}) }));
        buttons.append(...(showCancel ? [cancel] : []), ok);
        card.append(typed, buttons);
        (editable ? typed : ok).focus();
      });
    },
    choose(items) {
      return over("actions", (card, close) => {
        card.dataset.testid = "mini-actions";
        items.forEach((item, index) => {
          const line = control(item, `mini-action-${index}`);
          line.addEventListener("click", () => close(index));
          card.append(line);
        });
        const cancel = control("取消", "mini-action-cancel", "cancel");
        cancel.addEventListener("click", () => close(-1));
        card.append(cancel);
      });
    },
    // WeChat's question for subscription messages: one line for each template, allowed together or not.
    consent(account, templates) {
      return over("consent", (card, close) => {
        card.dataset.testid = "mini-consent";
        card.append(element("p", "consent-from", account), element("h2", "", "申请给你发送以下消息"));
        const boxes = templates.map((template) => {
          const line = element("label", "consent-line");
          const box = element("input");
          Object.assign(box, { type: "checkbox", checked: true });
          line.append(element("span", "", template.title), box);
          card.append(line);
          return [template.id, box];
        });
        const buttons = element("div", "sheet-buttons");
        const no = control("取消", "mini-consent-no");
        const yes = control("允许", "mini-consent-yes", "primary");
        no.addEventListener("click", () => close(Object.fromEntries(boxes.map(([id]) => [id, false]))));
        yes.addEventListener("click", () => close(Object.fromEntries(boxes.map(([id, box]) => [id, box.checked]))));
        buttons.append(no, yes);
        card.append(buttons);
      });
    },
    // A picture of this computer's album, or taken: of an invented proof, because there is no camera here. `now` is the clock's.
    async photo(file, sources, now) {
      const taken = sources.includes("camera") ? SAMPLES : [];
      const items = [...taken.map(([, name]) => `拍一张样例：${name}`), ...(sources.includes("album") || taken.length ? ["从相册选择"] : [])];
      const chosen = items.length > 1 ? await this.choose(items) : 0;
      if (chosen < 0) return null;
      if (chosen < taken.length) return sample(taken[chosen][0], "王建国", now);
      return new Promise((answered) => {
        file.value = "";
        file.onchange = () => answered(file.files[0] ?? null);
        file.oncancel = () => answered(null);
        file.click();
      });
    },
    picture(address) {
      return over("picture", (card, close) => {
        const image = element("img");
        image.src = address;
        card.append(image);
        card.addEventListener("click", () => close());
      });
    },
    async contact(phone, state, from = "") {
      await fetch(`/mini/${phone}/enter`, { method: "POST", body: JSON.stringify({ session_from: from }) });
      return over("contact", (card, close) => talk(card, close, phone, state));
    },
  };
}

function talk(card, close, phone, state) {
  card.dataset.testid = "mini-talk";
  const head = element("div", "talk-head");
  const back = control("‹", "mini-talk-close");
  const lines = element("div", "talk-lines");
  const form = element("form", "talk-form");
  const box = element("input");
  Object.assign(box, { placeholder: "说点什么", maxLength: 1000 });
  box.dataset.testid = "mini-talk-input";
  const send = control("发送", "mini-talk-send", "primary");
  send.type = "submit";
  head.append(back, element("h2", "", `${state.name} · 客服`));
  form.append(box, send);
  card.append(head, lines, form);
  const stream = new EventSource("/control/events");
  let seen = 0;
  const draw = (bubble) => {
    if (bubble.phone !== phone || bubble.id <= seen) return;
    seen = bubble.id;
    const line = element("div", `talk-line ${bubble.side}`, bubble.kind === "text" ? bubble.text : `［${bubble.kind}］`);
    if (bubble.more.media_id) {
      const image = element("img");
      image.src = `/control/media/${bubble.more.media_id}`;
      line.replaceChildren(image);
    }
    lines.append(line);
    lines.scrollTop = lines.scrollHeight;
  };
  stream.addEventListener("open", async () => (await (await fetch(`/mini/${phone}/talk`)).json()).bubbles.forEach(draw));
  stream.addEventListener("mini", (event) => draw(JSON.parse(event.data)));
  back.addEventListener("click", () => {
    stream.close();
    close();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!box.value.trim()) return;
    fetch(`/mini/${phone}/say`, { method: "POST", body: JSON.stringify({ text: box.value }) });
    box.value = "";
  });
}
