import { useCallback, useRef, useState } from "react";
import { takeFiles, type Attachment } from "./attachments.js";

interface Attachments {
  attachments: readonly Attachment[];
  problems: readonly string[];
  /** Whether files are being read. */
  isReading: boolean;
  add(files: Iterable<File>): Promise<void>;
  remove(attachment: Attachment): void;
  /** All of them once what is being read is read, after which there are none; null where something was left out meanwhile, as the problems say. */
  take(): Promise<readonly Attachment[] | null>;
  /** Brings back what could not be sent, before what was chosen since. */
  putBack(attachments: readonly Attachment[]): void;
}

export function useAttachments(): Attachments {
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [reading, setReading] = useState(0);
  const held = useRef(attachments);
  // One after the other, as each counts those that are there.
  const last = useRef<Promise<void>>(Promise.resolve());
  const leftOut = useRef(0);
  const set = useCallback((next: readonly Attachment[]) => {
    held.current = next;
    setAttachments(next);
    setProblems([]);
  }, []);
  const add = useCallback((files: Iterable<File>) => {
    // Now, as the list of a drop is empty once its event is over.
    const all = [...files];
    setReading((count) => count + 1);
    last.current = last.current.then(async () => {
      const taken = await takeFiles(all, held.current);
      set([...held.current, ...taken.attachments]);
      setProblems(taken.problems);
      leftOut.current += taken.problems.length;
      setReading((count) => count - 1);
    });
    return last.current;
  }, [set]);
  const remove = useCallback((attachment: Attachment) => set(held.current.filter((one) => one !== attachment)), [set]);
  const take = useCallback(async () => {
    const before = leftOut.current;
    for (let awaited; awaited !== last.current;) await (awaited = last.current);
    if (leftOut.current > before) return null;
    const taken = held.current;
    set([]);
    return taken;
  }, [set]);
  const putBack = useCallback((before: readonly Attachment[]) => set([...before, ...held.current]), [set]);
  return { attachments, problems, isReading: reading > 0, add, remove, take, putBack };
}
