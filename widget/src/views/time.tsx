interface Props {
  at: string;
  language: string;
}

/** The time of day of an event. */
export function Time({ at, language }: Props) {
  const format = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}
