import { sv } from "../strings/sv";
import type { PageProps } from "./page";

export default function Reviews(_: PageProps) {
  return (
    <main class="page">
      <h2>{sv.pages.reviews}</h2>
    </main>
  );
}
