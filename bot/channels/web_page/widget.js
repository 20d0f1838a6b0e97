/* Puts the Nhịp Cầu chat on another website:

     <script src="https://CHAT-ADDRESS/widget.js" data-language="vi" defer></script>

   A round button at the bottom right opens the chat in a frame. `data-language` (vi or en) is optional; otherwise the
   language of the page is used. Everything lives in a shadow tree with a constructed style sheet, so the site's own
   styles and the chat's do not touch each other and a strict style policy of the site is respected. The site's policy
   must allow this address under script-src and frame-src. */

(() => {
  "use strict";

  const TEXTS = {
    vi: {
      name: "Nhịp Cầu",
      subtitle: "Trợ lý ảo về Kế hoạch 50/KH-UBND",
      open: "Mở trò chuyện với trợ lý ảo Nhịp Cầu",
      openWithNews: "Mở trò chuyện với trợ lý ảo Nhịp Cầu, có tin mới",
      close: "Đóng trò chuyện",
    },
    en: {
      name: "Nhịp Cầu",
      subtitle: "Virtual assistant for Plan 50/KH-UBND",
      open: "Open the chat with the assistant Nhịp Cầu",
      openWithNews: "Open the chat with the assistant Nhịp Cầu, new message",
      close: "Close the chat",
    },
  };

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    button { border: 0; cursor: pointer; font: inherit; }
    button:focus-visible { outline: 3px solid #1558c0; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    svg { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    [hidden] { display: none !important; }

    .launcher {
      position: fixed; z-index: 2147483000;
      right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
      display: grid; place-items: center; width: 60px; height: 60px; padding: 0;
      border: 2px solid #fff; border-radius: 50%;
      background: #0b4a41; color: #fff; box-shadow: 0 4px 16px rgb(13 48 43 / 35%);
    }
    .launcher:hover { background: #0b5f52; }
    .launcher svg { width: 34px; height: 34px; }
    .news {
      position: absolute; top: 0; right: 0; width: 16px; height: 16px;
      border: 2px solid #fff; border-radius: 50%; background: #d9480f;
    }
    .panel {
      position: fixed; z-index: 2147483000;
      right: max(20px, env(safe-area-inset-right)); bottom: max(92px, calc(env(safe-area-inset-bottom) + 72px));
      display: flex; flex-direction: column; overflow: hidden;
      width: 400px; height: min(640px, calc(100vh - 112px));
      border: 1px solid #5c7a75; border-radius: 16px; background: #eaf0f0;
      box-shadow: 0 12px 40px rgb(13 48 43 / 35%);
    }
    .bar {
      display: flex; flex: none; align-items: center; gap: 12px; padding: 8px 8px 8px 16px;
      background: #0b4a41; color: #fff;
      font: 1rem/1.35 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
    }
    .bar svg { width: 30px; height: 30px; flex: none; }
    .titles { flex: 1; min-width: 0; }
    .name { font-weight: 650; }
    .subtitle { color: #cfe5df; font-size: 0.8125rem; }
    .close { display: grid; place-items: center; width: 44px; height: 44px; border-radius: 10px; background: none; color: inherit; }
    .close:hover { background: rgb(255 255 255 / 14%); }
    .close:focus-visible { outline-color: #ffe08a; outline-offset: -3px; box-shadow: none; }
    .close svg { width: 22px; height: 22px; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: #eaf0f0; }

    @media (prefers-color-scheme: dark) {
      .panel, iframe { background: #0d1818; }
      .bar { background: #0c2522; }
    }
    @media (max-width: 480px), (max-height: 480px) {
      .panel { inset: 0; width: 100%; height: 100vh; height: 100dvh; border: 0; border-radius: 0; }
      .bar { padding-top: max(8px, env(safe-area-inset-top)); }
      .panel:not([hidden]) + .launcher { display: none; }
    }
  `;

  const SVG = "http://www.w3.org/2000/svg";
  const BRIDGE = "M3 18C7 6 25 6 29 18M9.5 12V18M16 9V18M22.5 12V18M1.5 18H30.5M5 24q2.75-2 5.5 0t5.5 0 5.5 0 5.5 0";
  const CROSS = "M9 9L23 23M23 9L9 23";

  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const language = chooseLanguage();
  const words = TEXTS[language];

  const panel = makePanel();
  const launcher = makeLauncher();
  let frame = null;

  if (document.body) put();
  else document.addEventListener("DOMContentLoaded", put);

  function chooseLanguage() {
    const wanted = script.dataset.language || document.documentElement.lang || "vi";
    return wanted.toLowerCase().startsWith("en") ? "en" : "vi";
  }

  function put() {
    if (document.querySelector("nhip-cau-chat")) return; // the script stands twice on the page
    const host = document.createElement("nhip-cau-chat");
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(panel, launcher);
    document.body.append(host);
    document.addEventListener("keydown", closeOnEscape);
    window.addEventListener("message", hearFrame);
  }

  function makeLauncher() {
    const button = element("button", { class: "launcher", type: "button", "aria-label": words.open,
      "aria-haspopup": "dialog", "aria-expanded": "false" });
    button.append(icon(BRIDGE), element("span", { class: "news", hidden: "" }));
    button.addEventListener("click", () => (panel.hidden ? open() : close()));
    return button;
  }

  function makePanel() {
    const dialog = element("section", { class: "panel", role: "dialog", "aria-label": words.name, lang: language,
      hidden: "" });
    const shut = element("button", { class: "close", type: "button", "aria-label": words.close });
    shut.append(icon(CROSS));
    shut.addEventListener("click", close);
    const titles = element("div", { class: "titles" });
    titles.append(line("name", words.name), line("subtitle", words.subtitle));
    const bar = element("div", { class: "bar" });
    bar.append(icon(BRIDGE), titles, shut);
    dialog.append(bar);
    return dialog;
  }

  /* The frame is made at the first opening: a visitor who never asks anything never meets the chat's server. */
  function makeFrame() {
    const address = new URL("/", origin);
    address.search = new URLSearchParams({ embed: "1", lang: language });
    return element("iframe", { src: address.href, title: words.name, referrerpolicy: "strict-origin" });
  }

  function open() {
    panel.hidden = false;
    if (!frame) {
      frame = makeFrame();
      panel.append(frame);
    }
    showNews(false);
    launcher.setAttribute("aria-expanded", "true");
    launcher.setAttribute("aria-label", words.close);
    frame.focus();
  }

  function close() {
    panel.hidden = true;
    launcher.setAttribute("aria-expanded", "false");
    launcher.setAttribute("aria-label", words.open);
    launcher.focus();
  }

  function closeOnEscape(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !panel.hidden) close();
  }

  function hearFrame(event) {
    if (event.origin !== origin || event.source !== frame?.contentWindow) return;
    if (event.data?.nhipcau === "close") close();
    if (event.data?.nhipcau === "message" && panel.hidden) showNews(true);
  }

  function showNews(isNew) {
    launcher.querySelector(".news").hidden = !isNew;
    if (isNew) launcher.setAttribute("aria-label", words.openWithNews);
  }

  function line(name, content) {
    const made = element("div", { class: name });
    made.textContent = content;
    return made;
  }

  function icon(path) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 32 32");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(SVG, "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  function element(tag, attributes) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }
})();
