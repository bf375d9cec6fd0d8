import { useCallback, useRef, useState } from "react";
import { takeFiles, type Attachment } from "./attachments.js";

interface Attachments {
  attachments: readonly Attachment[];
  problems: readonly string[];
  add(files: Iterable<File>): Promise<void>;
  remove(attachment: Attachment): void;
  set(attachments: readonly Attachment[]): void;
}

export function useAttachments(): Attachments {
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const held = useRef(attachments);
  const set = useCallback((next: readonly Attachment[]) => {
    held.current = next;
    setAttachments(next);
    setProblems([]);
  }, []);
  const add = useCallback(async (files: Iterable<File>) => {
    const taken = await takeFiles([...files], held.current);
    set([...held.current, ...taken.attachments]);
    setProblems(taken.problems);
  }, [set]);
  const remove = useCallback((attachment: Attachment) => set(held.current.filter((one) => one !== attachment)), [set]);
  return { attachments, problems, add, remove, set };
}
