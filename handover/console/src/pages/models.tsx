import { useEffect, useState } from "preact/hooks";
import type { ModelList, ModelView } from "@wire/protocol";
import { sv } from "../strings/sv";
import { models as t } from "../strings/models";
import { useLoaded } from "./loaded";
import { EnginesView } from "./models/engines";
import { LogView } from "./models/log";
import { SwapForm, type Act } from "./models/swap_form";
import { ModelTable } from "./models/table";
import { StandingView } from "./models/standing";
import type { PageProps } from "./page";
import { LoadedView } from "./parts";
import { useFocusBack } from "./people/form";
import { findModels } from "./requests";
import { can } from "./words";

/** How soon the page looks again: during a swap, and otherwise. */
const SWAPPING_MS = 1_000;
const CALM_MS = 5_000;

/** Which model answers, and how another takes its place. */
export default function ModelsPage({ state }: PageProps) {
  const list = useLoaded(findModels, []);
  const [chosen, choose] = useState<{ model: string; act: Act } | null>(null);
  const page = useFocusBack(chosen?.model ?? null);
  const mayOverride = can(state, "override_gate");
  const mayChoose = can(state, "change_model") && list.value !== null && mayChange(list.value);
  useLookingAgain(list.reload, list.value?.swap ? SWAPPING_MS : CALM_MS);

  return (
    // Where there is no button to go to, the page itself takes the focus, so that it can be scrolled.
    <main class="page models" ref={page} tabIndex={mayChoose ? undefined : 0} aria-labelledby="page">
      <h2 id="page">{sv.pages.models}</h2>
      <p>{t.explained}</p>
      <LoadedView of={list}>
        {(value) => (
          <>
            {!value.keeper && <p class="hint">{t.noKeeper}</p>}
            <StandingView of={value} />
            <ModelTable
              of={value}
              onChoose={mayChoose ? choose : null}
              mayOverride={mayOverride}
            />
            <Asked
              of={value}
              chosen={chosen}
              onDone={() => {
                choose(null);
                list.reload();
              }}
              onCancel={() => choose(null)}
            />
            <EnginesView engines={value.engines} />
            <LogView lines={value.log} />
          </>
        )}
      </LoadedView>
    </main>
  );
}

function mayChange({ keeper, swap }: ModelList): boolean {
  return keeper && !swap;
}

interface AskedProps {
  of: ModelList;
  chosen: { model: string; act: Act } | null;
  onDone(): void;
  onCancel(): void;
}

/** The question whether the chosen model is really to take over. */
function Asked({ of, chosen, onDone, onCancel }: AskedProps) {
  const model: ModelView | undefined = of.models.find((one) => one.model === chosen?.model);
  if (chosen === null || model === undefined) return null;
  return (
    <SwapForm
      key={`${chosen.act} ${chosen.model}`}
      model={model}
      act={chosen.act}
      onDone={onDone}
      onCancel={onCancel}
    />
  );
}

/** Looks again while the page is seen; a hidden page rests. */
function useLookingAgain(reload: () => void, every: number): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, every);
    return () => clearInterval(timer);
  }, [reload, every]);
}
