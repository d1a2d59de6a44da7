/**
 * Whether a text holds what looks like a Swedish personal identity number: a date of birth (60 added
 * to the day in a coordination number) and four digits, of which the last checks the others by
 * Luhn's rule. The server decides what is taken out; this only warns while one writes.
 */
const DASH = "[\\s.]?[-+\\u2010-\\u2015\\u2212]?[\\s.]?";
const CANDIDATE = new RegExp(
  `(?:^|\\D)(?:(1[89]|20)[\\s-]?)?(\\d\\d)[\\s.-]?(\\d\\d)[\\s.-]?(\\d\\d)${DASH}(\\d\\d\\s?\\d\\d|\\d{3}\\s\\d)(?!\\d)`,
  "g",
);
/** Arabic, Persian and full-width digits. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;
const COORDINATION_DAYS = 60;

export function holdsPersonnummer(text: string): boolean {
  const plain = text.replace(OTHER_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf));
  for (const [, century, year = "", month = "", day = "", last = ""] of plain.matchAll(CANDIDATE)) {
    const digits = year + month + day + last.replace(/\s/g, "");
    const birth = Number(day) - (Number(day) > COORDINATION_DAYS ? COORDINATION_DAYS : 0);
    const years = century ? [century + year] : [`19${year}`, `20${year}`];
    if (years.some((full) => isDate(Number(full), Number(month), birth)) && checks(digits)) return true;
  }
  return false;
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return day > 0 && month > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function checks(digits: string): boolean {
  let sum = 0;
  for (const [place, digit] of [...digits].entries()) {
    const weighed = Number(digit) * (place % 2 === 0 ? 2 : 1);
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
