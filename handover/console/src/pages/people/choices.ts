/** What can be chosen for a person. */

/** The languages that the catalogue answers in, but for easy Swedish: who knows Swedish knows that. */
export const LANGUAGES = ["sv", "en", "ar", "bs", "es", "fa", "fi", "pl", "so", "ti", "uk"] as const;

/** Returns the chosen ones with `value` among them or not, in the order of what can be chosen. */
export function toggled<T>(chosen: readonly T[], value: T, all: readonly T[]): T[] {
  const on = !chosen.includes(value);
  return all.filter((each) => (each === value ? on : chosen.includes(each)));
}

/** Returns all that can be chosen: what is offered, and what was chosen though it is not offered any more. */
export function choicesOf<T>(offered: readonly T[], chosen: readonly T[]): T[] {
  return [...offered, ...chosen.filter((each) => !offered.includes(each))];
}
