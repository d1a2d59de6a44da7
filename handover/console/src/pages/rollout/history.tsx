import { useEffect, useState } from "preact/hooks";
import type { FaqRollout, LevelChange } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { useLoaded, useSending } from "../loaded";
import { Cell, LoadedView, ProblemView, RowHead, TableView } from "../parts";
import { findChanges } from "../requests";
import { changedBy, changeSentence, moment } from "../words";
import { ChartView } from "./chart";
import { historyOf } from "./series";

interface Props {
  faq: FaqRollout;
  revision: number;
}

/** Every change of one FAQ: the level over time, and who, when and why. */
export function HistoryView({ faq, revision }: Props) {
  const changes = useLoaded(() => findChanges(faq.faq, null), [revision, faq.last_change?.at]);
  const { history, historyNone } = pages.rollout;
  return (
    <section aria-labelledby="history">
      <h3 id="history">{history}</h3>
      <LoadedView of={changes}>
        {(newest) =>
          newest.length === 0 ? <p>{historyNone}</p> : <Changes faq={faq} newest={newest} />
        }
      </LoadedView>
    </section>
  );
}

function Changes({ faq, newest }: { faq: FaqRollout; newest: LevelChange[] }) {
  const { older, atEnd, problem, more } = useOlder(faq.faq, newest);
  const all = [...newest, ...older];
  const { historyAlt, historyColumns: columns, older: showOlder, history } = pages.rollout;
  const drawn = historyOf(all, faq.level, Date.now());
  return (
    <>
      {drawn.times.length > 0 && (
        <ChartView name={historyAlt} draw={(plot) => plot.history(drawn)} keys={[newest, older]} />
      )}
      <TableView name={history} columns={columns}>
        {all.map((change) => (
          <tr key={`${change.at} ${change.action}`} role="row">
            <RowHead>
              <time dateTime={change.at}>{moment(change.at)}</time>
            </RowHead>
            <Cell label={columns.what}>{changeSentence(change)}</Cell>
            <Cell label={columns.who}>{changedBy(change)}</Cell>
            <Cell label={columns.why}>{change.why}</Cell>
          </tr>
        ))}
      </TableView>
      <ProblemView sentence={problem} />
      {!atEnd && (
        <button type="button" onClick={more}>
          {showOlder}
        </button>
      )}
    </>
  );
}

/** Older changes, fetched on demand; when the newest are read anew, these are let go, so that none is missing. */
function useOlder(faq: string, newest: readonly LevelChange[]) {
  const [older, setOlder] = useState<LevelChange[]>([]);
  const [atEnd, setAtEnd] = useState(false);
  const { problem, send } = useSending();

  useEffect(() => {
    setOlder([]);
    setAtEnd(false);
  }, [newest]);

  function more(): void {
    const last = [...newest, ...older].at(-1);
    if (last === undefined) return;
    void send(
      () => findChanges(faq, last.at),
      (found) => {
        setOlder([...older, ...found]);
        setAtEnd(found.length === 0);
      },
    );
  }

  return { older, atEnd, problem, more };
}
