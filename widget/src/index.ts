/** The script's door: `Kontakt.mount(options)`, and mounting by itself where the tag asks for it. */
import { mounted, mountOnce, type Handle } from "./mount";
import type { MountOptions } from "./options";
import type { Audience } from "./wire/protocol";

export { mounted };
export type { Handle, MountOptions };

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
const scriptAddress = script?.src || null;

/** Puts the chat on the page; throws when there is one already or when an option is wrong. */
export function mount(options: MountOptions = {}): Handle {
  return mountOnce(options, scriptAddress);
}

if (script?.hasAttribute("data-kontakt")) {
  const options = optionsOf(script.dataset);
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", () => mount(options), { once: true });
  } else {
    mount(options);
  }
}

function optionsOf({ server, language, service, audience }: DOMStringMap): MountOptions {
  return {
    ...(server !== undefined && { server }),
    ...(language !== undefined && { language }),
    ...(service !== undefined && { service }),
    ...(audience !== undefined && { audience: audience as Audience }),
  };
}
