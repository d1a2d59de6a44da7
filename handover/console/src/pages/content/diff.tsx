import { content as t } from "../../strings/content";

const CLASSES: Record<string, string> = { "+": "added", "-": "removed", "@": "place" };

/** A unified diff; what was added and taken away is told by its sign, and by colour. */
export function DiffView({ diff }: { diff: string }) {
  if (diff === "") return <p>{t.noDiff}</p>;
  return (
    <pre class="diff" tabIndex={0} role="region" aria-label={t.diff}>
      {diff
        .trimEnd()
        .split("\n")
        .map((line, number) => (
          <span key={number} class={isHead(line) ? "head" : CLASSES[line[0] ?? ""]}>
            {`${line}\n`}
          </span>
        ))}
    </pre>
  );
}

function isHead(line: string): boolean {
  return /^(diff |index |--- |\+\+\+ )/.test(line);
}
