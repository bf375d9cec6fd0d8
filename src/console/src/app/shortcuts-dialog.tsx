import { Dialog } from "./dialog.js";
import "./shortcuts.css";

const groups: readonly (readonly [title: string, ...rows: (readonly [does: string, ...keys: string[]])[]])[] = [
  [
    "Everywhere",
    ["New thread", "n"], ["Search", "/"], ["Next thread", "j"], ["Previous thread", "k"],
    ["To the permission request that waits", "p"], ["Cancel the turn under way", "Esc"], ["These shortcuts", "?"],
  ],
  ["Pages", ["Threads", "g", "t"], ["Agents", "g", "a"], ["Inspector", "g", "i"], ["Server", "g", "s"]],
  [
    "Prompt",
    ["To the prompt", "c"], ["Send", "Enter"], ["New line", "Shift", "Enter"],
    ["The agent's commands, at its beginning", "/"], ["Out of the prompt, where keys are shortcuts", "Esc"],
  ],
  ["Permission request", ["Answer with this option", "1 … 9"]],
];

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="shortcuts">
        {groups.map(([title, ...rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([does, ...keys]) => (
                <div key={does}>
                  <dt>{does}</dt>
                  <dd>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="dialog-actions">
        <button type="button" className="button" autoFocus onClick={onClose}>Close</button>
      </div>
    </Dialog>
  );
}
