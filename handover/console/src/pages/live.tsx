import { sv } from "../strings/sv";
import type { PageProps } from "./page";

export default function Live(_: PageProps) {
  return (
    <main class="page">
      <h2>{sv.pages.live}</h2>
    </main>
  );
}
