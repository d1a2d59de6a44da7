/** The demonstration page: mounts the chat, and mounts it again for staff who have signed in. */

/** @typedef {{ id: string, name: string, role: "guide" | "staff" }} SignedIn */

const session = "/api/v1/session";
const form = /** @type {HTMLFormElement} */ (document.getElementById("sign-in"));
const signedIn = /** @type {HTMLElement} */ (document.getElementById("signed-in"));
const who = /** @type {HTMLElement} */ (document.getElementById("who"));
const problem = /** @type {HTMLElement} */ (document.getElementById("sign-in-problem"));
const signOut = /** @type {HTMLElement} */ (document.getElementById("sign-out"));

/** @param {SignedIn | null} person */
function show(person) {
  form.hidden = person !== null;
  signedIn.hidden = person === null;
  who.textContent = person?.name ?? "";
  problem.textContent = "";
  Kontakt.mounted()?.unmount();
  Kontakt.mount({ language: "sv", audience: person === null ? "citizen" : "staff" });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(form);
  const response = await fetch(session, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: fields.get("username"), password: fields.get("password") }),
  });
  const body = await response.json();
  if (response.ok) {
    form.reset();
    show(body);
    signOut.focus();
  } else {
    problem.textContent = body.message;
  }
});

signOut.addEventListener("click", async () => {
  await fetch(session, { method: "DELETE" });
  Kontakt.mounted()?.forget();
  show(null);
});

const response = await fetch(session).catch(() => null);
show(response?.ok ? await response.json() : null);
