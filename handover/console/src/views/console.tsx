import { useEffect, useMemo, useState } from "preact/hooks";
import type { CatalogueServices, SignedIn } from "@wire/protocol";
import { Desk } from "../desk";
import { useKnown } from "../knowledge";
import { playTones, showNotice } from "../notices";
import { goTo, pagesFor, usePage } from "../router";
import type { News } from "../state/news";
import { sv } from "../strings/sv";
import { isWanted } from "../wishes";
import { AnnouncedView } from "./announced";
import { DeskView } from "./desk";
import { LazyPage } from "./lazy_page";
import { NamesContext, namesOf, type Names } from "./names";
import { BannerView, TopView } from "./top";

interface Props {
  who: SignedIn;
  onSignOut(): void;
  onStopped(sentence: string): void;
}

/** The signed-in person's console: the desk stays connected while another page is shown. */
export function ConsoleView({ who, onSignOut, onStopped }: Props) {
  const [desk, state] = useDesk(who);
  const pages = pagesFor(who.rights);
  const page = usePage(pages);
  const names = useCatalogueNames(desk, pages.includes("desk"));

  useEffect(() => {
    if (state.stopped !== null) onStopped(state.stopped);
  }, [state.stopped]);

  useEffect(() => {
    if (page !== null) document.title = `${sv.pages[page]} – ${sv.product}`;
  }, [page]);

  return (
    <NamesContext.Provider value={names}>
      <div class="shell">
        <TopView state={state} desk={desk} pages={pages} page={page} onSignOut={onSignOut} />
        <div>
          <BannerView state={state} desk={desk} />
          {who.rights.includes("desk") && <AnnouncedView state={state} />}
        </div>
        {page === "desk" && <DeskView state={state} desk={desk} />}
        {page !== null && page !== "desk" && (
          <LazyPage key={page} name={page} state={state} desk={desk} />
        )}
      </div>
    </NamesContext.Provider>
  );
}

/** Only those with a desk may look things up in the catalogue. */
function useCatalogueNames(desk: Desk, may: boolean): Names {
  const path = may ? "catalogue/services" : null;
  const { answer } = useKnown<CatalogueServices>(desk.knowledge, path);
  return useMemo(() => namesOf(answer), [answer]);
}

/** Somebody without a desk gets one that is never connected. */
function useDesk(who: SignedIn): [Desk, Desk["state"]] {
  const desk = useMemo(() => new Desk(who), []);
  const [state, setState] = useState(desk.state);
  useEffect(() => {
    desk.onChange = setState;
    desk.onNews = (news) => tell(desk, news);
    if (who.rights.includes("desk")) desk.start();
    return () => desk.stop();
  }, [desk]);
  return [desk, state];
}

/** Tells what the guide is not looking at now, in the ways that are wanted. */
function tell(desk: Desk, news: News): void {
  const isLookedAt = desk.state.selected === news.conversationId && document.hasFocus();
  if (isLookedAt) return;
  if (isWanted("sound")) playTones(news.kind);
  if (!isWanted("notices")) return;
  showNotice(news, () => {
    goTo("desk");
    desk.select(news.conversationId);
  });
}
