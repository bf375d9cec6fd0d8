import { useMounted } from "./use-mounted.js";
import { navigate } from "./use-route.js";
import { PageHeader } from "./page-header.js";
import { usePageTitle } from "./page-title.js";
import { requestFocus } from "../prompt/focus-request.js";
import { PromptBox } from "../prompt/prompt-box.js";
import { useSubmit } from "../prompt/use-submit.js";
import { WaitingPrompts } from "../prompt/waiting-prompts.js";

/** Where a new thread begins. */
export function Home() {
  usePageTitle("New thread");
  const { sending, submit } = useSubmit();
  const isMounted = useMounted();
  return (
    <div className="home">
      <PageHeader><span className="lead">New thread</span></PageHeader>
      <div className="home-body">
        <h1>What shall the agent do?</h1>
        <WaitingPrompts queued={none} sending={sending} />
        <PromptBox
          threadId={null} source={null} state={null} stateOf={null} isRunning={false} onCancel={() => undefined}
          onSubmit={async (prompt, { agent, workingDirectory }) => {
            const { threadId } = await submit(prompt, { threadId: null, agent, workingDirectory });
            // Whoever went on to another page in the meantime stays there; the thread is in the list.
            if (!isMounted.current) return;
            requestFocus();
            navigate({ page: "thread", threadId });
          }}
        />
        <p className="lead">What it says is stored first and then shown, so you can close this page and come back. <span className="keys"><kbd>Esc</kbd> leaves the box, and then <kbd>?</kbd> shows the shortcuts.</span></p>
      </div>
    </div>
  );
}

const none: [] = [];
