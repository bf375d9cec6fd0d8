import type { ElicitationProperty, ElicitationSchema } from "@tinyvex/client";

/** What a field of a form holds while it is filled in: text, a check, or several choices. */
export type FieldValue = string | boolean | readonly string[];

export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly description?: string | null | undefined;
}

export interface FormField {
  readonly name: string;
  readonly property: ElicitationProperty;
  readonly label: string;
  readonly isRequired: boolean;
  /** Empty where anything may be written. */
  readonly choices: readonly Choice[];
}

/** The fields of a form in their order. */
export function fieldsOf({ properties, required }: ElicitationSchema): FormField[] {
  return Object.entries(properties ?? {}).map(([name, property]) => ({
    name, property, label: property.title || name, isRequired: required?.includes(name) ?? false, choices: choicesOf(property),
  }));
}

function choicesOf({ type, enum: values, oneOf, items }: ElicitationProperty): Choice[] {
  const [plain, titled] = type === "array" ? [items?.enum, items?.anyOf] : [values, oneOf];
  return titled?.map((choice) => ({ value: choice.const, title: choice.title, description: choice.description })) ?? plain?.map((value) => ({ value, title: value })) ?? [];
}

/** What a field holds at first: what the agent proposes, where it fits. */
export function firstValue({ property, choices }: FormField): FieldValue {
  const proposed = property.default;
  switch (property.type) {
    case "boolean":
      return proposed === true;
    case "array":
      return Array.isArray(proposed) ? proposed.filter((one): one is string => choices.some(({ value }) => value === one)) : [];
    default: {
      const text = typeof proposed === "string" || typeof proposed === "number" ? String(proposed) : "";
      // What must be chosen is for the person to choose.
      return choices.length === 0 || choices.some(({ value }) => value === text) ? text : "";
    }
  }
}

/**
 * What is sent for a field, or undefined where nothing is: an empty text of a field that need not be filled in is left out. What is wrong with it the
 * browser and the server say.
 */
export function contentOf({ property, isRequired }: FormField, value: FieldValue): unknown {
  switch (property.type) {
    case "boolean":
      return value;
    case "array":
      return (value as readonly string[]).length > 0 || isRequired ? value : undefined;
    case "number":
    case "integer":
      return value === "" ? undefined : Number(value);
    default:
      return value === "" && !isRequired ? undefined : value;
  }
}

/** The kind of an input for a text. */
export function inputTypeOf({ type, format }: ElicitationProperty): string {
  if (type === "number" || type === "integer") return "number";
  return { email: "email", uri: "url", date: "date" }[format ?? ""] ?? "text";
}

/** The pattern, where the browser understands it: one that it does not would refuse nothing and fill its log. */
export function patternOf({ pattern }: ElicitationProperty): string | undefined {
  if (!pattern) return undefined;
  try {
    new RegExp(pattern, "v");
    // An input's pattern has to match the whole text; JSON Schema's may match anywhere.
    return `(?:[\\s\\S]*(?:${pattern})[\\s\\S]*)`;
  } catch {
    return undefined;
  }
}
