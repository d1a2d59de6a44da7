/**
 * Shadow trees are closed. A test opens them as any page could that runs before the widget: by putting its own
 * `attachShadow` in the place of the browser's. There is no other way in, and none in the product.
 */
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) {
  return attach.call(this, { ...init, mode: "open" });
};

export function openRoot(): ShadowRoot {
  const root = document.querySelector<HTMLElement>("[data-kontakt-host]")?.shadowRoot;
  if (!root) throw new Error("the chat is not mounted");
  return root;
}
