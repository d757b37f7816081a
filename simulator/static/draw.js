// Builds what is seen of a message. Text enters the page through textContent alone, so nothing said can become markup.

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function avatar(initial, colour = "") {
  const made = element("span", colour ? "avatar" : "avatar account-avatar", initial);
  if (colour) made.style.background = colour;
  made.setAttribute("aria-hidden", "true");
  return made;
}

const LINK = /<a href="(https?:\/\/[^"<>]+)"[^<>]*>([^<>]*)<\/a>|(https?:\/\/[^\s<>"，。；、）】]+)/g;

// WeChat shows addresses and <a href> of the account's texts as links, everything else as it stands.
function linked(into, text) {
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    into.append(text.slice(from, match.index), outside(match[1] ?? match[3], match[2] || match[3]));
    from = match.index + match[0].length;
  }
  into.append(text.slice(from));
}

export function outside(url, text) {
  const anchor = element("a", "", text);
  if (/^https?:\/\//.test(url)) anchor.href = url;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

const BUBBLES = {
  text(bubble) {
    const made = element("div", "bubble");
    if (bubble.side === "account") linked(made, bubble.text);
    else made.textContent = bubble.text;
    return made;
  },
  image(bubble) {
    const made = element("div", "bubble plain");
    const image = element("img");
    image.alt = "图片";
    image.src = `/control/media/${encodeURIComponent(bubble.more.media_id)}`;
    image.addEventListener("error", () => image.replaceWith(element("span", "gone", "图片已过期")));
    made.append(image);
    return made;
  },
  voice(bubble) {
    const seconds = bubble.more.seconds ?? 3;
    const sound = element("div", "bubble voice");
    sound.style.width = `${Math.min(170, 64 + seconds * 6)}px`;
    sound.append(icon("wave"), element("span", "", `${seconds}″`));
    if (!bubble.text) return sound;
    const stack = element("div", "stack");
    stack.append(sound, element("div", "heard", bubble.text));
    return stack;
  },
  location(bubble) {
    const made = element("div", "bubble place");
    const map = element("div", "map");
    map.append(icon("place"));
    made.append(bubble.text, map);
    return made;
  },
  link(bubble) {
    const made = element("div", "bubble article");
    made.append(element("b", "", bubble.text), element("span", "", bubble.more.description || bubble.more.url));
    return made;
  },
  menu(bubble, choose) {
    const made = element("div", "bubble");
    if (bubble.text) made.append(element("div", "", bubble.text));
    for (const item of bubble.more.items) {
      const line = element("button", "choice", item.content);
      line.type = "button";
      line.dataset.testid = "choice";
      line.addEventListener("click", () => choose(bubble.id, item.id));
      made.append(line);
    }
    if (bubble.more.tail) made.append(element("div", "", bubble.more.tail));
    return made;
  },
  news(bubble) {
    const made = element("div", "bubble article");
    for (const article of bubble.more.articles) {
      const link = outside(article.url, "");
      link.append(element("b", "", article.title), element("span", "", article.description));
      made.append(link);
    }
    return made;
  },
  other(bubble) {
    return element("div", "bubble", bubble.text ? `［${bubble.kind}］${bubble.text}` : `［${bubble.kind}］`);
  },
};

function miniFoot(page) {
  const foot = element("button", "card-foot", "进入小程序查看");
  foot.type = "button";
  foot.dataset.testid = "card-mini";
  foot.addEventListener("click", () => foot.dispatchEvent(new CustomEvent("open-mini", { bubbles: true, detail: { page } })));
  return foot;
}

function card(bubble, accountName) {
  const made = element("div", "card");
  made.append(element("div", "card-from", `${bubble.more.from ?? accountName} · ${bubble.through === "subscribe" ? "服务通知" : "模板消息"}`));
  made.append(element("div", "card-title", bubble.text));
  const list = element("dl");
  for (const line of bubble.more.lines) list.append(element("dt", "", line.label), element("dd", "", line.value));
  made.append(list);
  if (bubble.more.page !== undefined) made.append(miniFoot(bubble.more.page));
  if (bubble.more.url) {
    const foot = element("div", "card-foot");
    foot.append(outside(bubble.more.url, "查看详情"));
    made.append(foot);
  }
  return made;
}

// One bubble with its avatar; `person` and `account` are {name, colour}, `choose(bubble, item)` is called for a tapped line.
export function drawBubble(bubble, person, account, choose) {
  let made;
  if (bubble.side === "system") made = element("div", "system", bubble.text);
  else if (bubble.kind === "card") made = card(bubble, account.name);
  else {
    made = element("div", `say ${bubble.side}`);
    const face = bubble.side === "person" ? avatar(person.name[0], person.colour) : avatar(account.name[0]);
    made.append(face, (BUBBLES[bubble.kind] ?? BUBBLES.other)(bubble, choose));
  }
  made.dataset.testid = "bubble";
  made.dataset.side = bubble.side;
  made.dataset.kind = bubble.kind;
  made.dataset.through = bubble.through;
  return made;
}

const BEIJING = "Asia/Shanghai";
const format = (options) => new Intl.DateTimeFormat("zh-CN", { timeZone: BEIJING, hour12: false, ...options });
const DAY = format({ year: "numeric", month: "numeric", day: "numeric" });
const HOUR = format({ hour: "2-digit", minute: "2-digit" });
const SHORT = format({ month: "numeric", day: "numeric", weekday: "short" });
const FULL = format({ year: "numeric", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DATE = format({ month: "2-digit", day: "2-digit" });
const EXACT = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const clockText = (moment) => FULL.format(moment);
export const dateText = (moment) => DATE.format(moment);
export const exactText = (moment) => EXACT.format(moment);
export const hourText = (moment) => HOUR.format(moment);
export const dayText = (moment) => SHORT.format(moment);

// As WeChat writes it: today only the hour, yesterday 昨天, else the day too.
export function stampText(moment, now) {
  const day = DAY.format(moment);
  if (day === DAY.format(now)) return HOUR.format(moment);
  if (day === DAY.format(new Date(now.getTime() - 86400000))) return `昨天 ${HOUR.format(moment)}`;
  return `${SHORT.format(moment)} ${HOUR.format(moment)}`;
}
