import type { AvailableCommand, ContentBlock, StateRow } from "@tinyvex/client";
import { useEffect, useId, useLayoutEffect, useRef, useState, type ClipboardEvent, type FormEvent, type KeyboardEvent } from "react";
import { ErrorBoundary } from "../app/error-boundary.js";
import { Icon } from "../app/icon.js";
import { announceFailure } from "../app/news.js";
import { storageOf } from "../app/storage.js";
import { useMounted } from "../app/use-mounted.js";
import { useAgents } from "@tinyvex/react";
import { AgentSettings } from "../settings/agent-settings.js";
import { whyFixed } from "../settings/why-fixed.js";
import { visibleText } from "../text/visible-text.js";
import { AgentChoice } from "./agent-choice.js";
import { namedAgent, shownAgent } from "./agents.js";
import { AttachmentList } from "./attachment-list.js";
import type { Attachment } from "./attachments.js";
import { CommandList, optionId } from "./command-list.js";
import { isAbsolute, keepChoices, readChoices } from "./choices.js";
import { DirectoryChoice } from "./directory-choice.js";
import { takeFocusRequest } from "./focus-request.js";
import { pastedFiles } from "./pasted-files.js";
import { useAttachments } from "./use-attachments.js";
import { useCommands } from "./use-commands.js";
import { drafts, useDraft } from "./use-draft.js";
import { useDroppedFiles } from "./use-dropped-files.js";
import "./prompt.css";

interface PromptBoxProps {
  /** Null for a thread that does not exist yet: then there is a directory to choose. */
  threadId: string | null;
  /** The thread's own agent. */
  source: string | null;
  /** What the agent of the thread's last turn has said of its session, and the name of that agent. */
  state: StateRow | null;
  stateOf: string | null;
  isRunning: boolean;
  onSubmit(prompt: ContentBlock[], choices: { agent: string | null; workingDirectory: string | null }): Promise<void>;
  onCancel(): void;
}

export function PromptBox({ threadId, source, state, stateOf, isRunning, onSubmit, onCancel }: PromptBoxProps) {
  const draft = threadId ?? "new";
  const [text, setText] = useDraft(draft);
  const [choices, setChoices] = useState(() => readChoices(storageOf("localStorage")));
  const [agent, setAgent] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { attachments, problems, isReading, add, remove, take, putBack } = useAttachments();
  const isMounted = useMounted();
  const isTaking = useRef(false);
  const isOver = useDroppedFiles(add);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const isEmpty = text.trim() === "" && attachments.length === 0 && !isReading;
  const { agents, isLoading, refresh } = useAgents();
  const asked = { threadId, source, chosen: agent, last: choices.agent, agents };
  const isMissing = source !== null && agents.length > 0 && !agents.some(({ name }) => name === source);
  const commands = state?.availableCommands ?? noCommands;
  // Another agent has other commands, which are not known before it has begun.
  const offered = useCommands(area, text, setText, agent === null || agent === source ? commands : noCommands);
  const list = useId();
  const isListed = offered.shown.length > 0;

  useEffect(() => {
    // It may have been attached since the list was asked for.
    if (isMissing) refresh();
  }, [isMissing, refresh]);
  useLayoutEffect(() => {
    const { style } = area.current!;
    style.height = "auto";
    style.height = `${area.current!.scrollHeight}px`;
  }, [text]);
  useEffect(() => {
    // Not on every thread: who goes through them by keys would type the next key into it. A phone would open its keyboard over what is to be read.
    if ((takeFocusRequest() || threadId === null) && matchMedia("(hover: hover)").matches) area.current!.focus({ preventScroll: true });
  }, [threadId]);

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (isEmpty) return;
    const directory = choices.directory.trim();
    if (threadId === null && directory !== "" && !isAbsolute(directory)) {
      setProblem("The directory must be an absolute path, such as /home/me/project. It is one of the machine that the server runs on.");
      return;
    }

    // Once for a key that is pressed again while a file is read.
    if (isTaking.current) return;
    isTaking.current = true;
    const taken = await take().finally(() => (isTaking.current = false));
    if (!taken || promptOf(drafts.get(draft), taken).length === 0) return;
    const sent = drafts.send(draft);
    setProblem(null);
    if (threadId === null) keepChoices(storageOf("localStorage"), { agent: namedAgent(asked), directory });
    try {
      await onSubmit(promptOf(sent.text, taken), {
        agent: namedAgent(asked),
        workingDirectory: threadId === null && directory !== "" ? directory : null,
      });
      drafts.sent(sent);
    } catch (error) {
      drafts.failed(sent);
      const why = `The prompt was not sent: ${error instanceof Error ? error.message : String(error)}`;
      if (isMounted.current) {
        putBack(taken);
        setProblem(why);
      } else {
        // Whoever is elsewhere by now finds the text where it was written; files are not kept there.
        announceFailure(`${why.replace(/\.?$/, ".")} ${taken.length === 0 ? "It is" : "Its text is"} kept where it was written.`);
      }
    }
  }

  function pressed(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || offered.pressed(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === "Escape") {
      // Out of the box, where keys are shortcuts: Esc cancels the turn only there.
      event.preventDefault();
      area.current!.blur();
    }
  }

  function pasted(event: ClipboardEvent) {
    const { files, types } = event.clipboardData;
    const pasted = pastedFiles({ files, types, getData: (type) => event.clipboardData.getData(type) });
    if (pasted.length === 0) return;
    event.preventDefault();
    void add(pasted);
  }

  return (
    <form className={`prompt ${isOver ? "over" : ""}`} aria-label="Prompt" onSubmit={submit}>
      <AttachmentList attachments={attachments} onRemove={remove} />
      {isReading && <p className="lead"><span className="spinner" /> Reading files</p>}
      {[...problems, ...(problem ? [problem] : [])].map((one) => <p key={one} className="note warn" role="alert">{one}</p>)}
      {isListed && <CommandList id={list} commands={offered.shown} active={offered.active} onChoose={offered.choose} onActive={offered.setActive} />}
      {/* HTML lets a text area be nothing but a text box, so it is none of the role combobox, but has all else of one. */}
      <textarea
        ref={area} id="prompt" rows={1} dir="auto" value={text} aria-label="Prompt" enterKeyHint="send"
        placeholder={isRunning ? "Queue another prompt" : "Ask the agent"}
        aria-autocomplete={commands.length > 0 ? "list" : undefined} aria-haspopup={commands.length > 0 ? "listbox" : undefined}
        aria-controls={isListed ? list : undefined} aria-activedescendant={isListed ? optionId(list, offered.active) : undefined}
        aria-describedby={offered.hint !== null ? `${list}-hint` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          offered.moved();
        }}
        onSelect={offered.moved} onFocus={offered.moved} onBlur={offered.left} onKeyDown={pressed} onPaste={pasted}
      />
      {offered.hint !== null && <p id={`${list}-hint`} className="command-hint">Takes: {visibleText(offered.hint)}</p>}
      <div className="prompt-bar">
        <button type="button" className="icon-button" aria-label="Attach files" title="Attach images or text files" onClick={() => picker.current!.click()}>
          <Icon name="attach" />
        </button>
        <input
          ref={picker} type="file" multiple hidden aria-label="Files to attach"
          onChange={(event) => {
            void add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <AgentChoice agents={agents} shown={agents.length === 0 && isLoading ? null : shownAgent(asked)} onChange={setAgent} />
        {threadId === null && <DirectoryChoice value={choices.directory} onChange={(directory) => setChoices({ ...choices, directory })} />}
        {threadId !== null && state && shownAgent(asked) === stateOf && (
          <ErrorBoundary what="A setting" resetKey={state}><AgentSettings threadId={threadId} state={state} whyFixed={whyFixed(stateOf, agents)} /></ErrorBoundary>
        )}
        <span className="prompt-space" />
        {isRunning && (
          <button type="button" className="button prompt-stop" onClick={onCancel} title="Cancel the turn (Esc)">
            <Icon name="stop" /><span>Cancel</span>
          </button>
        )}
        <button type="submit" className="button primary prompt-send" disabled={isEmpty} title="Send (Enter)">
          <Icon name="send" /><span>{isRunning ? "Queue" : "Send"}</span>
        </button>
      </div>
    </form>
  );
}

const noCommands: readonly AvailableCommand[] = [];

function promptOf(text: string, attachments: readonly Attachment[]): ContentBlock[] {
  const blocks = attachments.map((one) => one.block);
  return text.trim() === "" ? blocks : [{ type: "text", text }, ...blocks];
}
