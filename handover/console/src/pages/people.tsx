import { sv } from "../strings/sv";
import type { PageProps } from "./page";

export default function People(_: PageProps) {
  return (
    <main class="page">
      <h2>{sv.pages.people}</h2>
    </main>
  );
}
