/** The single key that does the same as a button, shown in it. */
export function Key({ of }: { of: string }) {
  return (
    <kbd class="key" aria-hidden="true">
      {of}
    </kbd>
  );
}
