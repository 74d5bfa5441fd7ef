package io.harveymq.compat;

/**
 * Scripts that judge the page as it is shown, for Chromium: each answers with a list of what is
 * wrong, which is empty when nothing is.
 */
final class PageAudit {
  private static final String COLOURS =
      """
      const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const known = new Map();
      function rgba(colour) {
        if (!known.has(colour)) {
          probe.clearRect(0, 0, 1, 1);
          probe.fillStyle = colour;
          probe.fillRect(0, 0, 1, 1);
          const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
          known.set(colour, [r, g, b, a / 255]);
        }
        return known.get(colour);
      }
      const over = (top, under, alpha = top[3]) => under.map((c, i) => top[i] * alpha + c * (1 - alpha));
      const grounds = new Map();
      function ground(e) {
        if (!e) return [255, 255, 255];
        if (!grounds.has(e)) grounds.set(e, over(rgba(getComputedStyle(e).backgroundColor), ground(e.parentElement)));
        return grounds.get(e);
      }
      function behind(element) {
        const colour = ground(element);
        const shape = element?.closest("g")?.querySelector("rect");
        const fill = shape && getComputedStyle(shape).fill;
        return fill && fill !== "none" ? over(rgba(fill), colour) : colour;
      }
      function light(colour) {
        const [r, g, b] = colour.map((c) => {
          const part = c / 255;
          return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      }
      function ratio(one, other) {
        const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
      }
      const hex = (c) => "#" + c.slice(0, 3).map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
      function seen(e) {
        const box = e.getBoundingClientRect();
        return e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.width >= 2 && box.height >= 2;
      }
      const named = (e) => `${e.localName}.${e.getAttribute("class") ?? ""} "${(e.ariaLabel ?? e.textContent).trim().slice(0, 40)}"`;
      const TABBED = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex='0']";
      """;

  /**
   * WCAG's contrast of every text that is seen, what is typed or hinted at in inputs included: at
   * least 4.5, of large ones 3. So of what charts draw on their canvases, on the area below a line
   * too. What can't be used now is left out, as are texts for screen readers only.
   */
  static final String CONTRAST =
      COLOURS
          + """
          const found = new Set();
          function judge(e, text, style, colour) {
            let opacity = 1;
            for (let p = e; p; p = p.parentElement) opacity *= Number(getComputedStyle(p).opacity);
            if (opacity === 0) return;
            const under = behind(e);
            const ink = rgba(colour);
            const top = over(ink, under, ink[3] * opacity);
            const size = parseFloat(style.fontSize);
            const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
            if (ratio(top, under) < least) found.add(`${ratio(top, under).toFixed(2)} ${hex(top)} on ${hex(under)}: ${text.slice(0, 60)}`);
          }
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = texts.nextNode(); node; node = texts.nextNode()) {
            const e = node.parentElement;
            const text = node.data.trim();
            if (!text || e.closest("option, script, noscript, table.sr, .sr, [disabled], [aria-disabled=true]") || !seen(e)) continue;
            const style = getComputedStyle(e);
            judge(e, text, style, e.closest("svg") ? style.fill : style.color);
          }
          for (const e of document.querySelectorAll("input:not([type=checkbox]), textarea, select")) {
            if (e.disabled || !seen(e)) continue;
            const style = getComputedStyle(e);
            if (e.value) judge(e, e.value, style, style.color);
            else if (e.placeholder) judge(e, e.placeholder, style, getComputedStyle(e, "::placeholder").color);
          }
          for (const e of document.querySelectorAll("h-chart")) {
            if (!e.chart || !seen(e)) continue;
            const { x, y } = e.chart.options.scales;
            const areas = e.chart.data.datasets.filter((d) => d.fill).map((d) => over(rgba(d.backgroundColor), ground(e)));
            for (const colour of [e.paint.ink, e.paint.muted, x.ticks.color, y.ticks.color]) {
              for (const under of [ground(e), ...areas]) {
                if (ratio(rgba(colour), under) < 4.5) found.add(`${ratio(rgba(colour), under).toFixed(2)} ${colour} on ${hex(under)}: chart ${e.label}`);
              }
            }
          }
          return [...found];
          """;

  /** All that can be pointed at looks as if it were, or, with false, as it does otherwise. */
  static final String POINT_AT_ALL =
      """
      const [from, to] = arguments[0] ? [":hover", ":not(.never)"] : [":not(.never)", ":hover"];
      function change(rules) {
        for (const rule of rules) {
          if (rule.selectorText?.includes(from)) rule.selectorText = rule.selectorText.replaceAll(from, to);
          if (rule.cssRules) change(rule.cssRules);
        }
      }
      for (const sheet of document.styleSheets) change(sheet.cssRules);
      """;

  /**
   * What is cut off without a sign that there is more, by what does not scroll either, and what
   * lies beyond the window's right edge.
   */
  static final String CUT_OFF =
      COLOURS
          + """
          const found = new Set();
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = texts.nextNode(); node; node = texts.nextNode()) {
            const e = node.parentElement;
            if (!node.data.trim() || e.closest("option, script, noscript, svg, .sr") || !seen(e)) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            const { right, width } = range.getBoundingClientRect();
            if (width < 2) continue;
            let within = innerWidth;
            for (let p = e; p !== document.body; p = p.parentElement) {
              const style = getComputedStyle(p);
              if (style.overflowX === "visible") continue;
              within = style.overflowX !== "hidden" || style.textOverflow === "ellipsis" ? Infinity : p.getBoundingClientRect().right;
              break;
            }
            if (right > within + 1.5) found.add(`${Math.round(right)} px in ${Math.round(within)}: ${named(e)}`);
          }
          return [...found];
          """;

  /** Texts of less than 11 px as they are shown, in drawings that are made smaller, too. */
  static final String SMALL =
      COLOURS
          + """
          const found = new Set();
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = texts.nextNode(); node; node = texts.nextNode()) {
            const e = node.parentElement;
            if (!node.data.trim() || e.closest("option, script, noscript, title, .sr") || !seen(e)) continue;
            const drawn = e.closest("svg") ? e.getScreenCTM().a : 1;
            const size = parseFloat(getComputedStyle(e).fontSize) * drawn;
            if (size < 10.95) found.add(`${size.toFixed(1)} px: ${named(e)}`);
          }
          return [...found];
          """;

  /** Edges of inputs and ticks that stand out less than 3 from what is around them. */
  static final String EDGES =
      COLOURS
          + """
          const found = new Set();
          for (const e of document.querySelectorAll("input, select, textarea")) {
            const style = getComputedStyle(e);
            if (e.disabled || !seen(e) || parseFloat(style.borderTopWidth) === 0) continue;
            const around = behind(e.parentElement);
            const edge = over(rgba(style.borderTopColor), around);
            if (ratio(edge, around) < 3) found.add(`${ratio(edge, around).toFixed(2)} ${hex(edge)} on ${hex(around)}: edge of ${named(e)}`);
          }
          return [...found];
          """;

  /** What a finger can't hit: less than 40 px high or wide, links within text aside. */
  static final String SMALL_TARGETS =
      COLOURS
          + """
          const found = new Set();
          for (const e of document.querySelectorAll("button, input, select, textarea, .btn, .tabs a, .tabbar a, .morelist a, [role^=menuitem]")) {
            if (e.disabled || !seen(e) || e.matches(".linkbtn")) continue;
            const box = (e.closest("label") ?? e).getBoundingClientRect();
            if (box.height < 39.5 || box.width < 39.5) found.add(`${Math.round(box.width)} x ${Math.round(box.height)}: ${named(e)}`);
          }
          return [...found];
          """;

  /** What is narrower than its own text, which then lies over its neighbours. */
  static final String SQUEEZED =
      COLOURS
          + """
          const found = new Set();
          for (const e of document.querySelectorAll(".btn, .chip, .tabs a, .seg > *")) {
            if (seen(e) && e.scrollWidth > e.clientWidth + 1) found.add(`${e.clientWidth} px for ${e.scrollWidth}: ${named(e)}`);
          }
          return [...found];
          """;

  /** Tables that don't tell what their columns are, or how they are sorted. */
  static final String TABLES =
      COLOURS
          + """
          const found = new Set();
          for (const table of document.querySelectorAll("table:not(.sr)")) {
            if (!seen(table)) continue;
            const name = table.getAttribute("aria-label") ?? table.caption?.textContent;
            if (!name) found.add("no name: " + named(table));
            const heads = [...table.querySelectorAll("thead th")];
            if (!heads.length) found.add("no heads: " + name);
            for (const th of heads) {
              const text = th.textContent.trim() || th.querySelector("[aria-label]");
              if (th.scope !== "col") found.add(`no scope in ${name}: ${th.textContent}`);
              if (!text && th.checkVisibility()) found.add("a head without text in " + name);
            }
            if (table.querySelector("th .sort") && table.querySelectorAll("th[aria-sort]").length !== 1) found.add("no aria-sort: " + name);
          }
          return [...found];
          """;

  /**
   * What takes a click and can be reached by the pointer only. {@link #LISTENED} has noted who
   * listens.
   */
  static final String POINTER_ONLY =
      COLOURS
          + """
          const found = new Set();
          for (const [e, types] of window.listened ?? []) {
            if (!e.isConnected || !types.has("click") || e === document || e === window) continue;
            if (e.matches("a[href], button, input, select, label, summary")) continue;
            const reached = e.matches("[tabindex='0']") ? types.has("keydown") : e.querySelector(TABBED);
            if (!reached) found.add(named(e));
          }
          for (const e of document.querySelectorAll("a:not([href]), [onclick]")) found.add("no link: " + named(e));
          for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) found.add("tabindex: " + named(e));
          return [...found];
          """;

  /** To run before the page's own scripts. */
  static final String LISTENED =
      """
      (() => {
        window.listened = new Map();
        const add = EventTarget.prototype.addEventListener;
        EventTarget.prototype.addEventListener = function (type, ...rest) {
          if (this instanceof Element) window.listened.set(this, (window.listened.get(this) ?? new Set()).add(type));
          return add.call(this, type, ...rest);
        };
      })();
      """;

  /** Puts the focus on the first that takes it; answers how many there are. */
  static final String BEGIN_TABBING =
      COLOURS
          + """
          const root = document.querySelector("dialog[open]") ?? document;
          const all = [...root.querySelectorAll(TABBED)].filter((e) => seen(e) && e.tabIndex >= 0);
          window.wanted = all;
          window.tabbed = new Map();
          window.noteTab ??= addEventListener("focusin", (e) => window.noted?.(e.target)) ?? true;
          window.noted = (e) => {
            if (window.tabbed.has(e)) return;
            const style = getComputedStyle(e);
            const node = e.matches("g") && getComputedStyle(e.querySelector(".node"));
            const ring = node ? node.stroke : style.outlineColor;
            const wide = node ? parseFloat(node.strokeWidth) : style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
            const around = behind(e.parentElement);
            window.tabbed.set(e, wide < 2 ? 0 : ratio(over(rgba(ring), around), around));
          };
          all[0]?.focus();
          window.tabbed.clear();
          all[0] && window.noted(all[0]);
          return all.length;
          """;

  /** What Tab did not come to, came to in another order than it is in, or came to unseen. */
  static final String TABBED_BADLY =
      COLOURS
          + """
          const found = new Set();
          window.noted = null;
          for (const e of window.wanted) {
            if (e.isConnected && e.matches(TABBED) && seen(e) && e.tabIndex >= 0 && !window.tabbed.has(e)) found.add("not reached: " + named(e));
          }
          let last = null;
          for (const [e, ring] of window.tabbed) {
            if (!e.isConnected || e === document.body) continue;
            if (ring < 3) found.add(`ring ${ring.toFixed(2)}: ${named(e)}`);
            if (last && last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING) found.add("out of order: " + named(e));
            last = e;
          }
          return [...found];
          """;

  private PageAudit() {}
}
