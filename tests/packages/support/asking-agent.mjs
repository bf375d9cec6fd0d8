// An agent that asks: the prompt "form" for a form, "page" for a page to visit, "read" for leave to read a file of the working directory. It says what it was answered.
import { createInterface } from "node:readline";

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const asked = new Map();
let cwd = "/";

const questions = {
  form: () => ["elicitation/create", {
    mode: "form", message: "Where shall it go?",
    requestedSchema: {
      type: "object", title: "Target",
      properties: {
        branch: { type: "string", title: "Branch", description: "An existing one", minLength: 2 },
        remote: { type: "string", title: "Remote", oneOf: [{ const: "origin", title: "The origin" }, { const: "fork", title: "My fork" }] },
        depth: { type: "integer", title: "Depth", minimum: 1, maximum: 5, default: 3 },
        tags: { type: "array", title: "Tags", items: { type: "string", enum: ["a", "b"] } },
        push: { type: "boolean", title: "Push" },
      },
      required: ["branch", "remote"],
    },
  }],
  page: () => ["elicitation/create", { mode: "url", message: "Log in, please", elicitationId: "e1", url: "https://login.example.org/device?code=1" }],
  read: () => ["session/request_permission", {
    toolCall: { toolCallId: "c1", title: "Read notes.txt", kind: "read", locations: [{ path: `${cwd}/notes.txt` }] },
    options: [{ optionId: "yes", name: "Allow", kind: "allow_once" }, { optionId: "no", name: "Reject", kind: "reject_once" }],
  }],
};

createInterface({ input: process.stdin }).on("close", () => process.exit(0)).on("line", (line) => {
  const { id, method, params, result } = JSON.parse(line);
  switch (method) {
    case "initialize":
      return send({ id, result: { protocolVersion: 1 } });
    case "session/new":
      cwd = params.cwd;
      return send({ id, result: { sessionId: "s1" } });
    case "session/prompt": {
      const [question, fields] = questions[params.prompt[0].text]();
      asked.set("q", id);
      return send({ id: "q", method: question, params: { sessionId: "s1", ...fields } });
    }
    case "session/cancel":
      return;
    default:
      if (!asked.has(id)) return;
      send({ method: "session/update", params: { sessionId: "s1", update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: JSON.stringify(result) } } } });
      send({ id: asked.get(id), result: { stopReason: "end_turn" } });
      asked.delete(id);
  }
});
