import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { FaqRollout, Level, Rollout } from "@wire/protocol";
import { hashOf } from "../router";
import { sv } from "../strings/sv";
import { pages } from "../strings/pages";
import { useLoaded, useSending } from "./loaded";
import type { PageProps } from "./page";
import { LoadedView, ProblemView, SaidView } from "./parts";
import { useSecondPart } from "./place";
import { confirmPromotion, findRollout } from "./requests";
import { FaqView } from "./rollout/faq";
import { EVERYTHING, withFaq } from "./rollout/filter";
import { ServicesView } from "./rollout/services";
import { SwitchView } from "./switch";
import { can } from "./words";

/** How much the assistant may answer alone, FAQ by FAQ; leads change it. */
export default function RolloutPage({ state }: PageProps) {
  const rollout = useLoaded(findRollout, [state.revision, state.allOff]);
  const [filter, setFilter] = useState(EVERYTHING);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState("");
  const sending = useSending();
  const shown = useSecondPart();
  const list = useRef<HTMLElement>(null);
  useFocusOnReturn(list, shown);
  const mayChange = can(state, "change_rollout");

  function keep(faq: FaqRollout): void {
    rollout.change((now) => ({ ...now, services: withFaq(now.services, faq) }));
  }

  function raise({ faq, question }: FaqRollout, level: Level): void {
    setSaid("");
    void sending.send(
      () => confirmPromotion(faq, { level, why: "" }),
      (changed) => {
        keep(changed);
        setSaid(pages.rollout.raised(question, pages.rollout.levels[changed.level]));
      },
    );
  }

  return (
    <main class="page rollout" ref={list}>
      {mayChange && (
        <SwitchView
          allOff={state.allOff || (rollout.value?.all_off ?? false)}
          onSwitched={rollout.reload}
        />
      )}
      <ProblemView sentence={sending.problem} />
      <SaidView sentence={said} />
      <LoadedView of={rollout}>
        {(value) =>
          shown === null ? (
            <>
              <h2>{sv.pages.rollout}</h2>
              <Explained of={value} />
              <ServicesView
                services={value.services}
                filter={filter}
                opened={opened}
                onFilter={setFilter}
                onOpened={setOpened}
                onRaise={mayChange ? raise : null}
              />
            </>
          ) : (
            <FaqView
              key={shown}
              {...findFaq(value, shown)}
              revision={state.revision}
              back={hashOf("rollout")}
              onChanged={keep}
              onRaise={mayChange ? raise : null}
            />
          )
        }
      </LoadedView>
    </main>
  );
}

function Explained({ of }: { of: Rollout }) {
  const { explained, automatic, byHand } = pages.rollout;
  return (
    <p>
      {explained} {of.automatic_promotion ? automatic : byHand}
    </p>
  );
}

function findFaq({ services }: Rollout, id: string) {
  const service = services.find(({ faqs }) => faqs.some(({ faq }) => faq === id)) ?? null;
  return { service, faq: service?.faqs.find(({ faq }) => faq === id) ?? null };
}

/** Whoever comes back from a FAQ finds the focus on its row. */
function useFocusOnReturn(list: { current: HTMLElement | null }, shown: string | null): void {
  const left = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (shown === null && left.current !== null) {
      list.current
        ?.querySelector<HTMLElement>(`[data-faq="${CSS.escape(left.current)}"]`)
        ?.focus();
    }
    left.current = shown;
  }, [shown]);
}
