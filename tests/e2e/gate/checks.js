/**
 * What a page is asked, beside what axe asks: each function returns sentences, none when all is well.
 *
 * All of them look through open shadow trees, and only at what a modal dialog leaves to be used.
 */
(() => {
  const SLACK_PX = 1;
  const MIN_TARGET_PX = 24;
  /** So much of something has to be in view for it to count as reached. */
  const MIN_SEEN_PX = 12;
  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]";

  /** Everything of the page in the order of the document, shadow trees where their hosts are. */
  function* walk(root) {
    for (const one of root.children) {
      yield one;
      if (one.shadowRoot) yield* walk(one.shadowRoot);
      yield* walk(one);
    }
  }

  const parentOf = (one) => one.parentElement ?? (one.getRootNode().host || null);
  const hasIn = (around, one) => {
    for (let at = one; at; at = parentOf(at)) if (at === around) return true;
    return false;
  };
  function* ancestors(one) {
    for (let at = parentOf(one); at; at = parentOf(at)) yield at;
  }

  /** Kept for screen readers alone: clipped away. */
  const isClippedAway = (one) => [one, ...ancestors(one)].some((at) => getComputedStyle(at).clipPath === "inset(50%)");

  function isShown(one) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const { width, height } = one.getBoundingClientRect();
    return width > 0 && height > 0 && !isClippedAway(one);
  }

  /** Waits beside the page until it has the focus, as a link to the content does. */
  const isParked = (one) => {
    const { left, right } = one.getBoundingClientRect();
    return right <= 0 || left >= innerWidth ? getComputedStyle(one).position === "absolute" : false;
  };

  function shown() {
    const all = [...walk(document)];
    const modal = all.find((one) => one.matches("dialog:modal, [aria-modal='true']"));
    return all.filter((one) => (!modal || hasIn(modal, one)) && isShown(one) && !isParked(one));
  }

  const hasText = (one) =>
    [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
  const nameOf = (one) => {
    const text = (one.getAttribute("aria-label") ?? one.innerText ?? one.value ?? "").trim().replace(/\s+/g, " ");
    const kind = one.localName + (one.id ? `#${one.id}` : one.classList.length ? `.${one.classList[0]}` : "");
    return `${kind} "${text.slice(0, 40)}"`;
  };
  const clips = (value) => value === "hidden" || value === "clip";
  const scrolls = (value) => value === "auto" || value === "scroll";

  /** What is left of a box when everything around it has cut it, in the window. */
  function seenPart(one) {
    const box = one.getBoundingClientRect();
    let { left, top, right, bottom } = box;
    [left, top] = [Math.max(left, 0), Math.max(top, 0)];
    [right, bottom] = [Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
    let fixed = getComputedStyle(one).position === "fixed";
    for (const around of ancestors(one)) {
      const style = getComputedStyle(around);
      if (!fixed && around !== document.documentElement && around !== document.body) {
        const edge = around.getBoundingClientRect();
        if (style.overflowX !== "visible") [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
        if (style.overflowY !== "visible") [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      }
      fixed ||= style.position === "fixed";
    }
    return { left, top, right, bottom, width: right - left, height: bottom - top, box };
  }

  function deepestAt(x, y) {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (inner === null || inner === found) break;
      found = inner;
    }
    return found;
  }

  /** The open chat lies over a page until Escape is pressed, wherever the focus is: the exception of 2.4.11. */
  const isOpenChat = (hit) => hit.closest(".panel") !== null && hit.getRootNode() instanceof ShadowRoot;

  const coverOf = ({ left, top, width, height }) => deepestAt(left + width / 2, top + height / 2);

  /** Whether something of the box is in view with nothing over it. */
  function isUncovered(one, { left, top, width, height }) {
    for (const [across, down] of [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]]) {
      const hit = deepestAt(left + across * width, top + down * height);
      if (hit && (hasIn(one, hit) || hasIn(hit, one) || hit.control === one)) return true;
    }
    return false;
  }

  /** Nothing sticks out sideways, is cut off, or cannot be brought into view: WCAG 1.4.10, 1.4.4. */
  function reflow() {
    // A link to the content is over the page as long as it has the focus.
    if (focused() && getComputedStyle(focused()).position === "absolute") focused().blur();
    const found = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth + SLACK_PX) found.push(`the page is ${scrollWidth} wide in ${innerWidth}`);
    const all = shown();
    for (const one of all) {
      const { left, right } = one.getBoundingClientRect();
      if (left < -SLACK_PX || right > innerWidth + SLACK_PX) found.push(`sticks out sideways: ${nameOf(one)}`);
      const { overflowX, overflowY } = getComputedStyle(one);
      if (one.matches("input, select, textarea") || one === document.documentElement) continue;
      const [wider, higher] = [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight];
      if (one.clientWidth === 0) continue;
      if (wider > SLACK_PX && scrolls(overflowX)) found.push(`scrolls sideways: ${nameOf(one)}`);
      if (wider > SLACK_PX && clips(overflowX)) found.push(`is cut at its side: ${nameOf(one)}`);
      if (higher > SLACK_PX && clips(overflowY)) found.push(`is cut below: ${nameOf(one)}`);
    }
    for (const one of all) {
      if (!hasText(one) && !one.matches(CONTROLS)) continue;
      if (one.matches("option, [tabindex='-1']")) continue;
      one.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
      const part = seenPart(one);
      const enough = (size) => Math.min(size, MIN_SEEN_PX) - SLACK_PX;
      if (part.width < enough(part.box.width) || part.height < enough(part.box.height)) {
        found.push(`cannot be brought into view: ${nameOf(one)}`);
      } else if (!isUncovered(one, part) && !isOpenChat(coverOf(part))) found.push(`is covered: ${nameOf(one)}`);
    }
    return found;
  }

  /** The box that a person hits: a label belongs to its field. */
  function targetBox(one) {
    const label = one.labels?.length && one.matches("[type=radio], [type=checkbox]") ? one.labels[0] : null;
    return (label ?? one).getBoundingClientRect();
  }

  /** A link in a sentence has the sentence's height: the exception of 2.5.8 for what stands in a line of text. */
  function isInSentence(one) {
    if (!one.matches("a") || !getComputedStyle(one).display.startsWith("inline")) return false;
    return [...one.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
  }

  /** Whatever is pressed is large enough, or has room around it: WCAG 2.5.8. */
  function targets() {
    const all = shown().filter((one) => one.matches("a[href], button, input, select, textarea, summary"));
    const boxes = all.map((one) => ({ one, box: targetBox(one) }));
    const isSmall = ({ box }) => box.width < MIN_TARGET_PX - 0.01 || box.height < MIN_TARGET_PX - 0.01;
    const centre = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
    const reach = MIN_TARGET_PX / 2;
    function isNear(small, other) {
      const [x, y] = centre(small);
      const [otherX, otherY] = centre(other);
      if (isSmall(other) && Math.hypot(x - otherX, y - otherY) < MIN_TARGET_PX) return true;
      const { left, right, top, bottom } = other.box;
      return Math.hypot(x - Math.min(Math.max(x, left), right), y - Math.min(Math.max(y, top), bottom)) < reach;
    }
    return boxes
      .filter((each) => isSmall(each) && !isInSentence(each.one))
      .filter((each) => boxes.some((other) => other.one !== each.one && isNear(each, other)))
      .map(({ one, box }) => `is ${Math.round(box.width)} × ${Math.round(box.height)} and crowded: ${nameOf(one)}`);
  }

  /** Where Tab should stop, in the order of the document. */
  function stops() {
    const all = [...walk(document)];
    const modal = all.find((one) => one.matches("dialog:modal, [aria-modal='true']"));
    return all.filter((one) => {
      if ((modal && !hasIn(modal, one)) || !isShown(one) || one.disabled || one.closest("[inert]")) return false;
      if (one.matches("[type=radio]")) {
        const group = [...one.getRootNode().querySelectorAll(`[type=radio][name="${one.name}"]`)];
        return one === (group.find((each) => each.checked) ?? group[0]);
      }
      return one.tabIndex >= 0 && one.matches(CONTROLS);
    });
  }

  const focused = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at === document.body || at === document.documentElement ? null : at;
  };

  /** The part of the page that scrolls as a whole with something, just below what scrolls both. */
  function placeOf(one, other) {
    const chain = (from) => [from, ...ancestors(from)];
    const around = new Set(chain(other));
    let place = one;
    for (const at of chain(one)) {
      if (around.has(at)) break;
      const { overflowY, position } = getComputedStyle(at);
      if (scrolls(overflowY) || ["fixed", "sticky", "absolute"].includes(position)) place = at;
    }
    return place;
  }

  /** Where Tab goes next stands further on in the direction of reading: WCAG 1.3.2, 2.4.3. */
  function readingOrder() {
    const found = [];
    const all = stops().filter((one) => !isParked(one));
    for (const [index, next] of all.entries()) {
      const before = all[index - 1];
      if (!before) continue;
      const [a, b] = [placeOf(before, next), placeOf(next, before)];
      // What lies over the page has no place in it.
      if ([a, b].some((place) => ["fixed", "absolute"].includes(getComputedStyle(place).position))) continue;
      if (hasIn(a, b) || hasIn(b, a)) continue;
      const [from, to] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
      const rightToLeft = getComputedStyle(parentOf(next)).direction === "rtl";
      const sameRow = to.top < from.bottom - SLACK_PX && from.top < to.bottom - SLACK_PX;
      const backInRow = rightToLeft ? to.left >= from.right - SLACK_PX : to.right <= from.left + SLACK_PX;
      const nextColumn = rightToLeft ? to.right <= from.left + SLACK_PX : to.left >= from.right - SLACK_PX;
      const back = sameRow ? backInRow : to.bottom <= from.top + SLACK_PX && !nextColumn;
      if (back) found.push(`${nameOf(next)} comes after ${nameOf(before)} but stands before it`);
    }
    return found;
  }

  let expected = [];

  /** Begins a walk with Tab; returns how many stops there should be. */
  function beginWalk() {
    expected = stops();
    return expected.length;
  }

  /** What has the focus now: its number among the stops, its name, and what is wrong with how one sees it. */
  function step() {
    const one = focused();
    // A browser may let one stop at what scrolls, so that keys scroll it.
    if (one === null || isScroller(one)) return { at: null, name: "", found: [] };
    const found = [];
    if (!hasIndicator(one)) found.push(`does not show that it has the focus: ${nameOf(one)}`);
    const part = seenPart(one);
    if (part.width < 2 || part.height < 2) found.push(`has the focus out of view: ${nameOf(one)}`);
    else if (!isUncovered(one, part)) {
      const over = coverOf(part);
      if (!isOpenChat(over)) found.push(`has the focus under ${nameOf(over)}: ${nameOf(one)}`);
    }
    return { at: expected.indexOf(one), name: nameOf(one), found };
  }

  const isScroller = (one) => !expected.includes(one) && one.scrollHeight > one.clientHeight + SLACK_PX;

  /** An outline of two pixels at least, three times as light or dark as what it stands on: WCAG 2.4.7, 1.4.11. */
  function hasIndicator(one) {
    const { outlineStyle, outlineWidth, outlineColor, outlineOffset } = getComputedStyle(one);
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return false;
    const ground = groundOf(parseFloat(outlineOffset) < 0 ? one : parentOf(one));
    return contrast(colourOf(outlineColor), ground) >= 3;
  }

  function groundOf(one) {
    for (let at = one; at; at = parentOf(at)) {
      const colour = colourOf(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
  }

  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  function colourOf(text) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }

  function contrast(one, other) {
    const light = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  /** With the system's own colours, what can be pressed or filled in still has an edge or a line under it. */
  function edges() {
    return shown()
      .filter((one) => one.matches("button, select, textarea, input:not([type=radio], [type=checkbox]), a.button"))
      .filter((one) => {
        const { borderTopStyle, borderTopWidth, borderTopColor, textDecorationLine } = getComputedStyle(one);
        const edged = borderTopStyle !== "none" && parseFloat(borderTopWidth) > 0 && colourOf(borderTopColor)[3] > 0;
        return !edged && textDecorationLine === "none";
      })
      .map((one) => `has no edge: ${nameOf(one)}`);
  }

  /** Sets the text as wide as a person may (WCAG 1.4.12), or as it was. */
  const SPACED = new CSSStyleSheet();
  SPACED.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  function space(wide) {
    for (const root of [document, ...[...walk(document)].map((one) => one.shadowRoot).filter(Boolean)]) {
      const kept = [...root.adoptedStyleSheets].filter((sheet) => sheet !== SPACED);
      root.adoptedStyleSheets = wide ? [...kept, SPACED] : kept;
    }
  }

  globalThis.kontaktChecks = { reflow, targets, readingOrder, beginWalk, step, edges, space };
})();
