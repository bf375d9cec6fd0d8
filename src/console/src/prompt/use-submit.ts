import type { ContentBlock } from "@tinyvex/client";
import { useCallback, useState } from "react";
import { useTinyvex } from "@tinyvex/react";

export interface Sending {
  readonly id: number;
  readonly prompt: readonly ContentBlock[];
}

interface Where {
  threadId: string | null;
  agent: string | null;
  workingDirectory: string | null;
}

interface Submit {
  /** Prompts that the server has not taken yet, as when there is no connection. */
  sending: readonly Sending[];
  submit(prompt: ContentBlock[], where: Where): Promise<{ threadId: string }>;
}

let lastId = 0;

export function useSubmit(): Submit {
  const client = useTinyvex();
  const [sending, setSending] = useState<readonly Sending[]>([]);
  const submit = useCallback(
    async (prompt: ContentBlock[], { threadId, agent, workingDirectory }: Where) => {
      const id = ++lastId;
      setSending((all) => [...all, { id, prompt }]);
      try {
        return await client.submit({
          prompt,
          ...(threadId !== null && { threadId }),
          ...(agent !== null && { agent }),
          ...(workingDirectory !== null && { workingDirectory }),
        });
      } finally {
        setSending((all) => all.filter((one) => one.id !== id));
      }
    },
    [client],
  );
  return { sending, submit };
}
