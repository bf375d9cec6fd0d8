import { createRequire } from "node:module";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";

const schema = createRequire(import.meta.url)("@tauri-apps/cli/config.schema.json");

/** What Tauri's own schema of a configuration, or one of its definitions, says against a value. */
export function tauriFaults(value: unknown, definition?: string): unknown[] {
  // One of its patterns is none with the flag for Unicode.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  for (const bits of [8, 16, 32]) ajv.addFormat(`uint${bits}`, { type: "number", validate: (number) => Number.isInteger(number) && number >= 0 && number < 2 ** bits });
  const validate = ajv.compile(definition ? { definitions: schema.definitions, $ref: `#/definitions/${definition}` } : schema);
  return validate(value) ? [] : validate.errors!;
}
