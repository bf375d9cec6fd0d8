/** The wire of Tinyvex, version 1. Names, units and limits are those of docs/protocol.md. */

export const protocolVersion = 1;
export const syncSubprotocol = "tinyvex.v1";
export const broadcastSubprotocol = "tinyvex.broadcast.v1";
export const closeCodes = { stopping: 1001, tooLarge: 1009, token: 4401, noProgress: 4408 } as const;

export type ErrorCode =
  | "bad_json" | "bad_request" | "unknown_control" | "unknown_query" | "unknown_stream" | "not_found" | "conflict" | "forbidden"
  | "unsupported" | "too_large" | "overloaded" | "agent_unavailable" | "agent_error" | "store_error" | "internal";
export type MessageKind = "message" | "reason";
export type Role = "user" | "assistant";
export type RunStatus = "queued" | "running" | "completed" | "cancelled" | "failed";
export type PermissionStatus = "pending" | "answered" | "cancelled";
export type StopReason = "end_turn" | "max_tokens" | "max_turn_requests" | "refusal" | "cancelled";
export type ToolKind = "read" | "edit" | "delete" | "move" | "search" | "execute" | "think" | "fetch" | "switch_mode" | "other";
export type ToolCallStatus = "pending" | "in_progress" | "completed" | "failed";

export type ContentBlock =
  | { type: "text"; text: string; [more: string]: unknown }
  | { type: "image"; data: string; mimeType: string; uri?: string | null; [more: string]: unknown }
  | { type: "audio"; data: string; mimeType: string; [more: string]: unknown }
  | { type: "resource_link"; uri: string; name: string; mimeType?: string | null; title?: string | null; size?: number | null; [more: string]: unknown }
  | { type: "resource"; resource: { uri: string; mimeType?: string | null; text?: string; blob?: string }; [more: string]: unknown };
export type ToolCallContent =
  | { type: "content"; content: ContentBlock }
  | { type: "diff"; path: string; oldText?: string | null; newText: string }
  | { type: "terminal"; terminalId: string };
export interface ToolCallLocation { path: string; line?: number | null }
export interface PlanEntry { content: string; priority: "high" | "medium" | "low"; status: "pending" | "in_progress" | "completed" }
export interface PermissionOption { optionId: string; name: string; kind: "allow_once" | "allow_always" | "reject_once" | "reject_always" }
export type PermissionOutcome = { outcome: "selected"; optionId: string } | { outcome: "cancelled" };
export interface SessionMode { id: string; name: string; description?: string | null }
export interface AvailableCommand { name: string; description: string; input?: { hint: string } | null }
export interface ConfigOption { id: string; name: string; [more: string]: unknown }
export interface Usage { used?: number; size?: number; cost?: { amount: number; currency: string } | null; [more: string]: unknown }
export type SessionUpdate = { sessionUpdate: string; [more: string]: unknown };

export interface ThreadRow {
  id: string; title: string | null; projectId: string | null; resumeId: string | null; source: string | null; workingDirectory: string | null;
  archived: boolean; createdAt: number; updatedAt: number; messageCount: number; lastMessageTs: number | null;
}
export interface MessageRow {
  id: number; threadId: string; itemId: string; order: number; role: Role | null; kind: MessageKind; text: string; content?: ContentBlock[];
  partial: boolean; seq: number; textLen: number; ts: number; createdAt: number; updatedAt: number; truncated?: true;
}
export interface ToolCallRow {
  threadId: string; toolCallId: string; order: number; title: string | null; kind: ToolKind | null; status: ToolCallStatus | null;
  content: ToolCallContent[] | null; locations: ToolCallLocation[] | null; rawInput: unknown; rawOutput: unknown;
  createdAt: number; updatedAt: number; truncated?: true;
}
export interface PlanRow { threadId: string; entries: PlanEntry[]; updatedAt: number; truncated?: true }
export interface StateRow {
  threadId: string; currentModeId: string | null; availableModes: SessionMode[] | null; availableCommands: AvailableCommand[] | null;
  configOptions: ConfigOption[] | null; usage: Usage | null; updatedAt: number; truncated?: true;
}
export interface RunError { code: string; message: string; data?: unknown }
export interface RunRow {
  runId: string; threadId: string; order: number; agent: string; prompt: ContentBlock[]; status: RunStatus; stopReason: StopReason | null;
  error: RunError | null; createdAt: number; startedAt: number | null; finishedAt: number | null; truncated?: true;
}
export interface PermissionRow {
  requestId: string; threadId: string; runId: string | null; order: number;
  toolCall: { toolCallId: string; title?: string | null; kind?: ToolKind | null; content?: ToolCallContent[] | null; [more: string]: unknown };
  options: PermissionOption[]; status: PermissionStatus; outcome: PermissionOutcome | null; answeredBy: string | null;
  createdAt: number; answeredAt: number | null; truncated?: true;
}
export interface EventRow { cursor: string; ts: number; kind: string; update: SessionUpdate; merged?: number }
export interface FoundMessageRow {
  threadId: string; itemId: string; order: number; role: Role | null; kind: MessageKind; snippet: string; highlights: [number, number][]; rank: number; ts: number;
}
export interface AgentRow { name: string; title: string | null; command: string[] | string; available: boolean; reason: string | null; version: string | null; default: boolean }
export interface ServerRow {
  version: string; protocol: number; sqliteVersion: string; storeId: string; startedAt: number; connections: number; subscriptions: number;
  readersBehind: number; agents: number; databaseBytes: number; walBytes: number; memoryBytes: number; trouble: string | null; durability: string;
  threads: number; messages: number; runsRunning: number; runsQueued: number; permissionsPending: number; reads: number; lastEvent: number;
}
export type TimelineRow = { kind: "message"; row: MessageRow } | { kind: "tool_call"; row: ToolCallRow } | { kind: "run"; row: RunRow };

export type ToolCallPatch = Omit<ToolCallRow, "content" | "rawInput" | "rawOutput"> & Partial<Pick<ToolCallRow, "content" | "rawInput" | "rawOutput">>;
export type RunPatch = Omit<RunRow, "prompt"> & Partial<Pick<RunRow, "prompt">>;

type Id = string | number;
export interface AckFrame { type: "tinyvex.ack"; id?: Id; cursor?: string; threadId?: string }
export interface ErrorFrame { type: "tinyvex.error"; id?: Id; code: ErrorCode; message: string; data?: unknown }
export interface EchoFrame { type: "echo"; id?: Id; payload?: unknown; tag?: unknown; timestamp: number }
export interface QueryResultFrame<Row = unknown> { type: "tinyvex.query_result"; id?: Id; name: string; threadId?: string; rows: Row[]; nextPage?: string | null }
export interface RunSubmittedFrame { type: "run.submitted"; id?: Id; threadId: string; runId: string; timestamp: number; cursor?: string }
export interface AuthCodeFrame { type: "auth.code"; id?: Id; code: string; expiresAt: number }
export interface AuthTokenFrame { type: "auth.token"; id?: Id; token: string | null }

interface Snapshot { type: "tinyvex.snapshot"; id?: Id; cursor: string; reset?: true }
export interface ThreadSnapshot extends Snapshot {
  stream: "thread"; threadId: string; thread: ThreadRow | null; messages: MessageRow[]; toolCalls: ToolCallRow[]; runs: RunRow[]; permissions: PermissionRow[];
  nextPage: string | null; plan: PlanRow | null; state: StateRow | null;
}
export interface RowsSnapshot<Stream extends string, Row> extends Snapshot { stream: Stream; threadId?: string; rows: Row[]; nextPage?: string | null }
export type SnapshotFrame =
  | ThreadSnapshot
  | RowsSnapshot<"threads", ThreadRow>
  | RowsSnapshot<"messages", MessageRow>
  | RowsSnapshot<"tool_calls", ToolCallRow>
  | RowsSnapshot<"plan", PlanRow>
  | RowsSnapshot<"state", StateRow>
  | RowsSnapshot<"runs", RunRow>
  | RowsSnapshot<"permissions", PermissionRow>;
export type StreamName = SnapshotFrame["stream"];
export interface ResumedFrame { type: "tinyvex.resumed"; id?: Id; stream: StreamName; threadId?: string; cursor: string }

interface Update { type: "tinyvex.update"; cursor?: string }
export interface MessagesUpdate extends Update {
  stream: "messages"; threadId: string; itemId: string; kind: MessageKind; role: Role | null; order: number; seq: number; fromSeq: number; append: string;
  content?: ContentBlock[]; textLen: number; ts: number; truncated?: true;
}
export interface ToolCallsUpdate extends Update { stream: "tool_calls"; threadId: string; toolCallId: string; row: ToolCallPatch }
export interface PlanUpdate extends Update { stream: "plan"; threadId: string; row: PlanRow }
export interface StateUpdate extends Update { stream: "state"; threadId: string; row: StateRow }
export interface ThreadsUpdate extends Update { stream: "threads"; row: ThreadRow; deleted?: undefined }
export interface ThreadDeleted extends Update { stream: "threads"; threadId: string; deleted: true; row?: undefined }
export interface RunsUpdate extends Update { stream: "runs"; threadId: string; row: RunPatch }
export interface PermissionsUpdate extends Update { stream: "permissions"; threadId: string; row: PermissionRow }
export type UpdateFrame = MessagesUpdate | ToolCallsUpdate | PlanUpdate | StateUpdate | ThreadsUpdate | ThreadDeleted | RunsUpdate | PermissionsUpdate;
export interface FinalizeFrame {
  type: "tinyvex.finalize"; stream: "messages"; threadId: string; itemId: string; kind: MessageKind; role: Role | null; seq: number; textLen: number; cursor?: string;
}
export type ServerFrame =
  | AckFrame | ErrorFrame | EchoFrame | QueryResultFrame | RunSubmittedFrame | AuthCodeFrame | AuthTokenFrame | SnapshotFrame | ResumedFrame | UpdateFrame | FinalizeFrame;

export interface Queries {
  "threads.list": { args: { limit?: number; page?: string; archived?: boolean | "all" }; row: ThreadRow };
  "threads.get": { args: { threadId: string }; row: ThreadRow };
  "messages.list": { args: { threadId: string; limit?: number; page?: string }; row: MessageRow };
  "messages.get": { args: { threadId: string; itemId: string }; row: MessageRow };
  "tool_calls.list": { args: { threadId: string; limit?: number; page?: string }; row: ToolCallRow };
  "tool_calls.get": { args: { threadId: string; toolCallId: string }; row: ToolCallRow };
  "timeline.list": { args: { threadId: string; limit?: number; page?: string }; row: TimelineRow };
  "plan.get": { args: { threadId: string }; row: PlanRow };
  "state.get": { args: { threadId: string }; row: StateRow };
  "events.list": { args: { threadId: string; since?: string; limit?: number; page?: string }; row: EventRow };
  "runs.list": { args: { threadId?: string; limit?: number; page?: string }; row: RunRow };
  "permissions.list": { args: { threadId?: string; status?: PermissionStatus; limit?: number; page?: string }; row: PermissionRow };
  search: { args: { text: string; threadId?: string; limit?: number; page?: string }; row: FoundMessageRow };
  "agents.list": { args: Record<string, never>; row: AgentRow };
  "server.info": { args: Record<string, never>; row: ServerRow };
}
export type QueryName = keyof Queries;

interface Keyed { key?: string }
export interface Controls {
  echo: { request: { payload?: unknown; tag?: unknown }; reply: EchoFrame };
  "debug.echo": { request: { payload?: unknown; tag?: unknown }; reply: EchoFrame };
  "debug.ping": { request: { payload?: unknown; tag?: unknown }; reply: EchoFrame };
  "tvx.query": { request: { [Name in QueryName]: { name: Name; args?: Queries[Name]["args"] } }[QueryName]; reply: QueryResultFrame };
  "tvx.subscribe": { request: { stream: StreamName; threadId?: string; limit?: number; since?: string }; reply: SnapshotFrame | ResumedFrame };
  "tvx.unsubscribe": { request: { stream: StreamName; threadId?: string }; reply: AckFrame };
  "tvx.ingest": { request: Keyed & { threadId: string; provider?: string } & ({ update: SessionUpdate } | { updates: SessionUpdate[] }); reply: AckFrame };
  "tvx.finalize": { request: Keyed & { threadId: string; kind?: MessageKind }; reply: AckFrame };
  "tvx.create_thread": { request: Keyed & { title?: string; workingDirectory?: string; agent?: string }; reply: AckFrame & { threadId: string } };
  "tvx.update_thread": {
    request: Keyed & { threadId: string; updates: { title?: string | null; archived?: boolean; projectId?: string | null; workingDirectory?: string | null } };
    reply: AckFrame;
  };
  "tvx.delete_thread": { request: Keyed & { threadId: string }; reply: AckFrame };
  "run.submit": {
    request: Keyed & { threadId?: string; agent?: string; workingDirectory?: string } & ({ text: string } | { prompt: ContentBlock[] }); reply: RunSubmittedFrame;
  };
  "run.cancel": { request: Keyed & ({ threadId: string } | { runId: string }); reply: AckFrame };
  "permission.respond": { request: Keyed & { requestId: string } & ({ optionId: string } | { cancelled: true }); reply: AckFrame };
  "auth.code": { request: Record<string, never>; reply: AuthCodeFrame };
  "auth.token": { request: Record<string, never>; reply: AuthTokenFrame };
  "server.stop": { request: Record<string, never>; reply: AckFrame };
}
export type ControlName = keyof Controls;
