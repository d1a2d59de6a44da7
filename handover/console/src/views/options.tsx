/** The options of a select, from a table of value and name. */
export function Options({ of }: { of: Record<string, string> }) {
  return (
    <>
      {Object.entries(of).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </>
  );
}
