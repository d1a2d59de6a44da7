/**
 * Makes the wire's TypeScript types from its JSON Schema.
 *
 * Run as `npm run types`; a test keeps the result in step with the schema.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const root = new URL("../../", import.meta.url);
const schemaFile = new URL("docs/protocol.schema.json", root);
export const typesFile = new URL("widget/src/wire/protocol.ts", root);

const banner = "/** Made from docs/protocol.schema.json by `npm run types`; not edited by hand. */";

/** Returns the source text of the types. */
export async function generateTypes() {
  const schema = JSON.parse(await readFile(schemaFile, "utf8"));
  for (const definition of Object.values(schema.$defs)) prepare(definition);
  // Only what the root refers to is written.
  schema.anyOf = Object.keys(schema.$defs).map((name) => ({ $ref: `#/$defs/${name}` }));
  return compile(schema, "Wire", {
    additionalProperties: false,
    bannerComment: banner,
    format: true,
    style: { printWidth: 100 },
  });
}

/**
 * Drops the titles of properties, which would each become a type of their own, makes tags required
 * (`type` and `kind` are always sent, though they have a default), and writes tuples in the older
 * way that the compiler knows.
 *
 * @param {any} definition
 */
function prepare(definition) {
  for (const [name, property] of Object.entries(definition.properties ?? {})) {
    delete property.title;
    for (const option of property.anyOf ?? []) {
      if (option.prefixItems) option.items = option.prefixItems;
      delete option.prefixItems;
    }
    if ("const" in property && !definition.required?.includes(name)) {
      definition.required = [name, ...(definition.required ?? [])];
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(typesFile, await generateTypes());
}
