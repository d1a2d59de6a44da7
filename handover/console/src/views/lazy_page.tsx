import { useEffect, useState } from "preact/hooks";
import type { Page, PageProps } from "../pages/page";
import type { PageName } from "../router";
import { sv } from "../strings/sv";

type Beside = Exclude<PageName, "desk">;

const LOADERS: Record<Beside, () => Promise<{ default: Page }>> = {
  reviews: () => import("../pages/reviews"),
  rollout: () => import("../pages/rollout"),
  live: () => import("../pages/live"),
  content: () => import("../pages/content"),
  trainings: () => import("../pages/trainings"),
  playground: () => import("../pages/playground"),
  models: () => import("../pages/models"),
  people: () => import("../pages/people"),
  inbox: () => import("../pages/inbox"),
};

/** A page whose code is fetched when it is opened. */
export function LazyPage({ name, ...props }: PageProps & { name: Beside }) {
  const [Shown, setShown] = useState<Page | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    LOADERS[name]().then(
      (module) => setShown(() => module.default),
      () => setFailed(true),
    );
  }, [name]);
  if (Shown !== null) return <Shown {...props} />;
  return (
    <main class="page">
      {failed ? (
        <p role="alert" class="problem">
          {sv.pageMissing}
        </p>
      ) : (
        <p>{sv.loading}</p>
      )}
    </main>
  );
}
