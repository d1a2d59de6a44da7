import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generateTypes, typesFile } from "../../build/types.mjs";

test("the types are in step with docs/protocol.schema.json", async () => {
  expect(await readFile(typesFile, "utf8")).toBe(await generateTypes());
});
