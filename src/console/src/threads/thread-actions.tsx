import type { ThreadRow } from "@tinyvex/client";
import { useState, type FormEvent } from "react";
import { announce, announceFailure } from "../app/news.js";
import { Dialog } from "../app/dialog.js";
import { MenuButton } from "../app/menu.js";
import { routeOf } from "../app/route.js";
import { navigate } from "../app/use-route.js";
import { useTinyvex } from "@tinyvex/react";
import { titleOf } from "./thread-title.js";

interface ThreadActionsProps {
  threadId: string;
  thread: ThreadRow;
}

/** Rename, archive and delete, behind one button. */
export function ThreadActions({ threadId, thread }: ThreadActionsProps) {
  const client = useTinyvex();
  const [asked, setAsked] = useState<"rename" | "delete" | null>(null);
  const title = titleOf(thread);
  const close = () => setAsked(null);

  function archive() {
    const archived = !thread.archived;
    client.request("tvx.update_thread", { threadId, updates: { archived } }).then(
      () => announce(archived ? "Archived" : "Back among the threads"),
      (error: Error) => announceFailure(`“${title}” could not be ${archived ? "archived" : "brought back"}: ${error.message}`),
    );
  }

  return (
    <>
      <MenuButton
        label={`Actions for ${title}`}
        items={[
          { label: "Rename", icon: "edit", onChoose: () => setAsked("rename") },
          { label: thread.archived ? "Unarchive" : "Archive", icon: "archive", onChoose: archive },
          { label: "Delete", icon: "trash", isDangerous: true, onChoose: () => setAsked("delete") },
        ]}
      />
      {asked === "rename" && <RenameDialog threadId={threadId} title={thread.title ?? ""} onClose={close} />}
      {asked === "delete" && <DeleteDialog threadId={threadId} title={title} onClose={close} />}
    </>
  );
}

interface AskProps {
  threadId: string;
  title: string;
  onClose(): void;
}

function RenameDialog({ threadId, title, onClose }: AskProps) {
  const client = useTinyvex();
  const [text, setText] = useState(title);
  const [problem, setProblem] = useState<string | null>(null);

  async function rename(event: FormEvent) {
    event.preventDefault();
    try {
      await client.request("tvx.update_thread", { threadId, updates: { title: text.trim() } });
      announce("Renamed");
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
    }
  }

  return (
    <Dialog title="Rename thread" onClose={onClose}>
      <form onSubmit={rename}>
        <input className="field" aria-label="Title" dir="auto" autoFocus value={text} onFocus={(event) => event.target.select()} onChange={(event) => setText(event.target.value)} />
        {problem && <p className="note bad" role="alert">{problem}</p>}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>Keep the old one</button>
          <button type="submit" className="button primary" disabled={text.trim() === ""}>Rename</button>
        </div>
      </form>
    </Dialog>
  );
}

function DeleteDialog({ threadId, title, onClose }: AskProps) {
  const client = useTinyvex();
  const [problem, setProblem] = useState<string | null>(null);

  async function remove() {
    try {
      await client.request("tvx.delete_thread", { threadId });
      announce("Deleted");
      const route = routeOf(location.hash);
      if (route.page === "thread" && route.threadId === threadId) navigate({ page: "new" }, { replace: true });
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
    }
  }

  return (
    <Dialog title="Delete this thread?" onClose={onClose}>
      <p>“{title}” is removed from the server with all that was said in it, for everybody. What runs is cancelled.</p>
      {problem && <p className="note bad" role="alert">{problem}</p>}
      <div className="dialog-actions">
        <button type="button" className="button" autoFocus onClick={onClose}>Keep it</button>
        <button type="button" className="button danger" onClick={remove}>Delete</button>
      </div>
    </Dialog>
  );
}
