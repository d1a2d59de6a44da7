import { useState } from "preact/hooks";
import type { ChangeSetDetail, FaultView } from "@wire/protocol";
import { sentenceOf } from "../../api";
import { content as t } from "../../strings/content";
import { useLoaded, useSending } from "../loaded";
import { LoadedView, ProblemView } from "../parts";
import { moment } from "../words";
import { DiffView } from "./diff";
import {
  abandonSet,
  catchUp,
  checkSet,
  factOf,
  findDiff,
  importFile,
  isRefusal,
  patchAddress,
} from "./requests";

/** As the server has it. */
const MAX_IMPORT_BYTES = 1_000_000;

interface Props {
  detail: ChangeSetDetail;
  /** Something else stands in the set now. */
  onChanged(sentence: string): void;
  onSaid(sentence: string): void;
  onLeave(): void;
}

/** The change set that one works in: what has been done in it, what is wrong, and how it goes on. */
export function BarView({ detail, onChanged, onSaid, onLeave }: Props) {
  const { change_set: set, head } = detail;
  const [checked, setChecked] = useState<{ head: string; faults: FaultView[] } | null>(null);
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState("");
  const sending = useSending();
  const isOpen = set.state === "open";
  const faults = checked?.head === head ? checked.faults : detail.faults;

  async function read(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    setFault(file.size > MAX_IMPORT_BYTES ? t.tooLarge : "");
    if (file.size > MAX_IMPORT_BYTES) return;
    try {
      const { added, known } = await importFile(set.id, file);
      onChanged(t.imported(added, known));
    } catch (error) {
      setFault(
        isRefusal(error, "import_invalid")
          ? `${sentenceOf(error)} ${t.importFault(factOf(error, "file"), Number(factOf(error, "line")), factOf(error, "reason"))}`
          : sentenceOf(error),
      );
    }
  }

  return (
    <section class="change-set" aria-label={t.bar}>
      <div class="change-set-head">
        <h3>{set.title}</h3>
        <span class="tag">{t.states[set.state]}</span>
        <span>{t.count(set.edits)}</span>
        <button type="button" onClick={onLeave}>
          {t.leave}
        </button>
      </div>
      {detail.behind && (
        <p class="behind">
          {t.behind}{" "}
          <button
            type="button"
            aria-disabled={sending.busy}
            onClick={() => void sending.send(() => catchUp(set.id), () => onChanged(t.caughtUp))}
          >
            {t.catchUp}
          </button>
        </p>
      )}
      <ProblemView sentence={fault || sending.problem} />
      <div class="actions">
        <button
          type="button"
          class="primary"
          aria-disabled={sending.busy}
          onClick={() =>
            void sending.send(
              () => checkSet(set.id),
              (found) => {
                setChecked(found);
                onSaid(found.faults.length === 0 ? t.noFaults : t.faults(found.faults.length));
              },
            )
          }
        >
          {sending.busy ? t.checking : t.check}
        </button>
        <a class="button" href={patchAddress(set.id)} download>
          {t.patch}
        </a>
        {isOpen && !sure && (
          <button type="button" onClick={() => setSure(true)}>
            {t.abandon}
          </button>
        )}
      </div>
      {sure && (
        <p class="behind">
          {t.abandonSure}{" "}
          <button
            type="button"
            onClick={() => void sending.send(() => abandonSet(set.id), onLeave)}
          >
            {t.abandonYes}
          </button>{" "}
          <button type="button" onClick={() => setSure(false)}>
            {t.cancel}
          </button>
        </p>
      )}
      <FaultsView faults={faults ?? null} />
      <Lazily summary={t.diff}>{() => <SetDiff key={head} set={set.id} />}</Lazily>
      {set.edits > 0 && (
        <details>
          <summary>{t.log}</summary>
          <ol class="log">
            {detail.edits.map((edit) => (
              <li key={edit.commit}>
                <b>{edit.subject}</b> {edit.what}{" "}
                <span class="facts">{t.openedBy(edit.by, moment(edit.at))}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
      {isOpen && (
        <details>
          <summary>{t.importFrom}</summary>
          <label class="file">
            {t.importFile}
            <input
              type="file"
              accept=".yml,.yaml,.csv"
              onChange={(event) => {
                const field = event.currentTarget;
                void read(field.files?.[0]).then(() => (field.value = ""));
              }}
            />
          </label>
        </details>
      )}
    </section>
  );
}

function FaultsView({ faults }: { faults: FaultView[] | null }) {
  if (faults === null) return <p class="facts">{t.notChecked}</p>;
  if (faults.length === 0) return <p class="facts">{t.noFaults}</p>;
  return (
    <details open={faults.length <= 5}>
      <summary>{t.faults(faults.length)}</summary>
      <ul class="faults">
        {faults.map(({ file, line, message }, place) => (
          <li key={place}>
            {message} <span class="facts">{t.place(file, line)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Lazily({ summary, children }: { summary: string; children(): preact.JSX.Element }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {open && children()}
    </details>
  );
}

function SetDiff({ set }: { set: string }) {
  const diff = useLoaded(() => findDiff(set), [set]);
  return <LoadedView of={diff}>{(value) => <DiffView diff={value.diff} />}</LoadedView>;
}
