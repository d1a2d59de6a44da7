import { sv } from "../strings/sv";
import type { PageProps } from "./page";

export default function Rollout(_: PageProps) {
  return (
    <main class="page">
      <h2>{sv.pages.rollout}</h2>
    </main>
  );
}
