import type { ElicitationSchema } from "@tinyvex/client";
import { useMemo, useState, type FormEvent } from "react";
import { visibleText } from "../text/visible-text.js";
import type { Answering } from "./elicitation-card.js";
import { ElicitationField } from "./elicitation-field.js";
import { contentOf, fieldsOf, firstValue, type FieldValue } from "./form-values.js";

/** A form as the agent describes it. What is filled in goes to the agent, and stays in the conversation. */
export function ElicitationForm({ schema, isSending, send }: Answering & { schema: ElicitationSchema }) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [values, setValues] = useState<ReadonlyMap<string, FieldValue>>(() => new Map(fields.map((field) => [field.name, firstValue(field)])));

  function submit(event: FormEvent) {
    event.preventDefault();
    const content = fields.flatMap((field) => {
      const value = contentOf(field, values.get(field.name)!);
      return value === undefined ? [] : [[field.name, value] as const];
    });
    send("accept", Object.fromEntries(content));
  }

  return (
    <form className="form" onSubmit={submit}>
      <div className="form-fields">
        {schema.title && <h3 dir="auto">{visibleText(schema.title)}</h3>}
        {schema.description && <p className="form-about" dir="auto">{visibleText(schema.description)}</p>}
        {fields.map((field) => (
          <ElicitationField
            key={field.name} field={field} value={values.get(field.name)!}
            onChange={(value) => setValues((now) => new Map(now).set(field.name, value))}
          />
        ))}
      </div>
      <p className="form-about">The agent gets what you fill in, and it stays in this conversation: no passwords.</p>
      <div className="permission-options" role="group" aria-label="Answers">
        <button type="submit" className="button primary" disabled={isSending}>{isSending && <span className="spinner" />}Send</button>
        <button type="button" className="button" disabled={isSending} onClick={() => send("decline")}>Decline</button>
        <button type="button" className="button" disabled={isSending} onClick={() => send("cancel")}>Dismiss</button>
      </div>
    </form>
  );
}
