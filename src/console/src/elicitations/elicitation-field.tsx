import { useId, type ReactNode } from "react";
import { visibleText } from "../text/visible-text.js";
import { inputTypeOf, patternOf, type FieldValue, type FormField } from "./form-values.js";

interface FieldProps {
  field: FormField;
  value: FieldValue;
  onChange(value: FieldValue): void;
}

/** One field of an agent's form, with its label and what it says of it. */
export function ElicitationField({ field, value, onChange }: FieldProps) {
  const { property, choices, isRequired } = field;
  const id = useId();
  const about = useId();
  // A list has room for titles alone, so what is said of a choice stands below once it is made.
  const said = [property.description, choices.find((choice) => choice.value === value)?.description].filter((one) => typeof one === "string" && one !== "");
  const described = said.length > 0 ? { "aria-describedby": about } : {};
  const description = said.length > 0 && <div id={about} className="form-about">{said.map((one, at) => <p key={at} dir="auto">{visibleText(one!)}</p>)}</div>;
  if (property.type === "boolean") {
    return (
      <div className="form-field">
        <label className="form-check">
          <input type="checkbox" checked={value === true} {...described} onChange={(event) => onChange(event.target.checked)} />
          <Label field={field} />
        </label>
        {description}
      </div>
    );
  }

  if (property.type === "array") {
    const chosen = value as readonly string[];
    return (
      <fieldset className="form-field" {...described}>
        <legend><Label field={field} /></legend>
        {description}
        {choices.map((choice) => (
          <label key={choice.value} className="form-check">
            <input
              type="checkbox" checked={chosen.includes(choice.value)}
              onChange={(event) => onChange(event.target.checked ? [...chosen, choice.value] : chosen.filter((one) => one !== choice.value))}
            />
            <span dir="auto">
              {visibleText(choice.title)}
              {choice.description && <span className="form-choice-about">{visibleText(choice.description)}</span>}
            </span>
          </label>
        ))}
      </fieldset>
    );
  }

  let input: ReactNode;
  if (choices.length > 0) {
    input = (
      <select id={id} className="field" required={isRequired} value={value as string} {...described} onChange={(event) => onChange(event.target.value)}>
        <option value="">—</option>
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{visibleText(choice.title)}</option>)}
      </select>
    );
  } else {
    input = (
      <input
        id={id} className="field" dir="auto" autoComplete="off" required={isRequired && (property.minLength ?? 1) > 0} type={inputTypeOf(property)}
        value={value as string} {...described} {...boundsOf(field)} onChange={(event) => onChange(event.target.value)}
      />
    );
  }

  return (
    <div className="form-field">
      <label htmlFor={id}><Label field={field} /></label>
      {input}
      {description}
    </div>
  );
}

function Label({ field: { label, isRequired } }: { field: FormField }) {
  return <span dir="auto">{visibleText(label)}{isRequired && <span className="form-required"> (required)</span>}</span>;
}

function boundsOf({ property }: FormField): Record<string, string | number | undefined> {
  const { type, minimum, maximum, minLength, maxLength } = property;
  if (type === "number" || type === "integer") return { min: minimum ?? undefined, max: maximum ?? undefined, step: type === "integer" ? 1 : "any" };
  return { minLength: minLength ?? undefined, maxLength: maxLength ?? undefined, pattern: patternOf(property) };
}
