import type { EarlierConversations } from "@wire/protocol";
import type { Desk } from "../desk";
import { useKnown } from "../knowledge";
import { sv } from "../strings/sv";
import { Fold } from "./fold";
import { ProblemOf } from "./known";
import { useNames } from "./names";
import { DAY_AND_TIME } from "./time";

/** What the same signed-in person has asked before; opening one looks in. */
export function EarlierView({ desk, conversationId }: { desk: Desk; conversationId: string }) {
  const path = `conversations/${encodeURIComponent(conversationId)}/earlier`;
  const known = useKnown<EarlierConversations>(desk.knowledge, path);
  const names = useNames();
  const earlier = known.answer?.conversations ?? [];
  return (
    <Fold
      title={
        <>
          {sv.earlier} {known.answer && <span class="count">{earlier.length}</span>}
        </>
      }
      open={false}
    >
      {known.answer !== null && earlier.length === 0 && <p>{sv.earlierNone}</p>}
      <ul class="earlier">
        {earlier.map((each) => (
          <li key={each.conversation_id}>
            <button type="button" onClick={() => desk.select(each.conversation_id)}>
              <span class="label">{DAY_AND_TIME.format(new Date(each.opened_at))}</span>
              <span class="facts">
                {[
                  names.intent(each.intent ?? each.service),
                  each.outcome ? sv.outcomes[each.outcome] : sv.states[each.state],
                  sv.messages(each.messages),
                ].join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <ProblemOf known={known} />
    </Fold>
  );
}
