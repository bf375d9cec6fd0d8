// Generated from src/Tinyvex.Contract by `./build.sh protocol`: change it there. What it means stands in docs/protocol.md.

/** The version of the protocol. */
export const protocolVersion = 1;

/** The subprotocol of sync mode: nothing arrives but what was asked for. */
export const syncSubprotocol = "tinyvex.v1";

/** The subprotocol of broadcast mode: every update of every thread arrives. */
export const broadcastSubprotocol = "tinyvex.broadcast.v1";

/** Codes with which the server closes a WebSocket. */
export const closeCodes = {
  /** The server stops. */
  stopping: 1001,
  /** A frame was larger than 16 MiB. */
  tooLarge: 1009,
  /** The token is missing or wrong. */
  token: 4401,
  /** The client has taken no byte for 30 s while something waited for it. */
  noProgress: 4408,
} as const;

// Names that rows and frames use. All times are Unix milliseconds, all sizes bytes.

/** Why a request was refused, or a run failed. */
export type ErrorCode =
  | "bad_json"
  | "bad_request"
  | "unknown_control"
  | "unknown_query"
  | "unknown_stream"
  | "not_found"
  | "conflict"
  | "forbidden"
  | "unsupported"
  | "too_large"
  | "overloaded"
  | "agent_unavailable"
  | "agent_error"
  | "store_error"
  | "internal";

/** Which of an agent's requests for permission the server allows by itself. Everything else is asked. */
export type Policy = "ask" | "allow-reads" | "allow-edits-in-roots" | "allow-all";

/** Who said a message. */
export type Role = "user" | "assistant";

/** What a message is: what was said, or a thought on the way to it. */
export type MessageKind = "message" | "reason";

/** The state of a run. The last three are final. */
export type RunStatus = "queued" | "running" | "completed" | "cancelled" | "failed";

/** The state of a terminal. All but the first are final. */
export type TerminalStatus = "running" | "exited" | "killed" | "lost";

/** The state of a permission request. It is cancelled with its turn, or when its agent is gone. */
export type PermissionStatus = "pending" | "answered" | "cancelled";

/** The state of a question. It is cancelled with its turn, or when its agent takes it back or is gone. */
export type ElicitationStatus = "pending" | "answered" | "cancelled" | "completed";

/** An answer to a question of an agent. */
export type ElicitationAction = "accept" | "decline" | "cancel";

/** What can be subscribed to. */
export type StreamName =
  | "threads"
  | "thread"
  | "messages"
  | "tool_calls"
  | "plan"
  | "state"
  | "runs"
  | "permissions"
  | "terminals"
  | "elicitations";

/** What an ack outlives: `normal` a kill of the server, `full` a loss of power too. */
export type Durability = "normal" | "full";

// Values of the Agent Client Protocol, which are passed on as the agent sent them: they may hold more than is named here.

/** A piece of what is said. An agent may send other types; show what is not known as its type. */
export type ContentBlock = TextContent | ImageContent | AudioContent | ResourceLink | EmbeddedResource;

/** Text, as a rule Markdown. */
export interface TextContent {
  type: "text";
  text: string;
  annotations?: Annotations | null;
  _meta?: Record<string, unknown> | null;
}

/** Hints on how to show a block. */
export interface Annotations {
  audience?: Role[] | null;
  /** From 0 to 1. */
  priority?: number | null;
  /** A time in ISO 8601. */
  lastModified?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** An image. */
export interface ImageContent {
  type: "image";
  /** In base64. */
  data: string;
  mimeType: string;
  uri?: string | null;
  annotations?: Annotations | null;
  _meta?: Record<string, unknown> | null;
}

/** Sound. */
export interface AudioContent {
  type: "audio";
  /** In base64. */
  data: string;
  mimeType: string;
  annotations?: Annotations | null;
  _meta?: Record<string, unknown> | null;
}

/** A file, or something else, by its address. */
export interface ResourceLink {
  type: "resource_link";
  uri: string;
  name: string;
  title?: string | null;
  description?: string | null;
  mimeType?: string | null;
  /** In bytes. */
  size?: number | null;
  annotations?: Annotations | null;
  _meta?: Record<string, unknown> | null;
}

/** A file, or something else, with what is in it. */
export interface EmbeddedResource {
  type: "resource";
  resource: ResourceContents;
  annotations?: Annotations | null;
  _meta?: Record<string, unknown> | null;
}

/** What is in a resource: `text`, or `blob` in base64. */
export interface ResourceContents {
  uri: string;
  mimeType?: string | null;
  text?: string | null;
  blob?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** What a tool does, to choose an icon by. */
export type ToolKind =
  | "read"
  | "edit"
  | "delete"
  | "move"
  | "search"
  | "execute"
  | "think"
  | "fetch"
  | "switch_mode"
  | "other";

/** The state of a tool call. */
export type ToolCallStatus = "pending" | "in_progress" | "completed" | "failed";

/** What a tool call shows. An agent may send other types. */
export type ToolCallContent = ContentOutput | DiffOutput | TerminalOutput;

/** A block. */
export interface ContentOutput {
  type: "content";
  content: ContentBlock;
  _meta?: Record<string, unknown> | null;
}

/** A change of a file. */
export interface DiffOutput {
  type: "diff";
  path: string;
  /** None where the file is new. */
  oldText?: string | null;
  newText: string;
  _meta?: Record<string, unknown> | null;
}

/** A terminal of the thread. Some agents name terminals of their own, of which there is no row. */
export interface TerminalOutput {
  type: "terminal";
  terminalId: string;
  _meta?: Record<string, unknown> | null;
}

/** A place in a file that a tool works at. */
export interface ToolCallLocation {
  path: string;
  /** From 1 on. */
  line?: number | null;
  _meta?: Record<string, unknown> | null;
}

/** Why an agent ended its turn. */
export type StopReason = "end_turn" | "max_tokens" | "max_turn_requests" | "refusal" | "cancelled";

/** The tool call that a permission is asked for: what the agent said of it in its request. */
export interface PermissionToolCall {
  toolCallId: string;
  title?: string | null;
  kind?: ToolKind | null;
  status?: ToolCallStatus | null;
  content?: ToolCallContent[] | null;
  locations?: ToolCallLocation[] | null;
  rawInput?: unknown;
  rawOutput?: unknown;
  _meta?: Record<string, unknown> | null;
}

/** An answer that an agent offers. */
export interface PermissionOption {
  optionId: string;
  /** What to write on its button. */
  name: string;
  kind: PermissionOptionKind;
  _meta?: Record<string, unknown> | null;
}

/** What choosing an option means. */
export type PermissionOptionKind = "allow_once" | "allow_always" | "reject_once" | "reject_always";

/** How a permission request was answered. */
export type PermissionOutcome = SelectedOutcome | CancelledOutcome;

/** An option was chosen. */
export interface SelectedOutcome {
  outcome: "selected";
  optionId: string;
  _meta?: Record<string, unknown> | null;
}

/** Nothing was chosen. */
export interface CancelledOutcome {
  outcome: "cancelled";
  _meta?: Record<string, unknown> | null;
}

/** What an agent asks of a person. */
export type ElicitationRequest = FormElicitation | UrlElicitation;

/** A form to fill in. */
export interface FormElicitation {
  mode: "form";
  /** What is wanted, in words. */
  message: string;
  requestedSchema: ElicitationSchema;
  /** The agent's session; absent where it belongs to a request. */
  sessionId?: string | null;
  /** The tool call that needs it. */
  toolCallId?: string | null;
  /** The request to the agent that needs it, such as a login: a number, a string or null. */
  requestId?: unknown;
  _meta?: Record<string, unknown> | null;
}

/** A form: a flat object of JSON Schema. */
export interface ElicitationSchema {
  type?: string | null;
  title?: string | null;
  description?: string | null;
  /** Its fields, in their order. */
  properties?: Record<string, ElicitationProperty> | null;
  /** Names of fields that must be filled in. */
  required?: string[] | null;
  _meta?: Record<string, unknown> | null;
}

/** A field of a form. */
export interface ElicitationProperty {
  /** `string`, `number`, `integer`, `boolean`, `array` of strings, or one that came later. */
  type: string;
  /** Its label; its name is shown where this is absent. */
  title?: string | null;
  description?: string | null;
  /** What it holds at first. */
  default?: unknown;
  /** Of a string: the values it may have. */
  enum?: string[] | null;
  /** The same, each with a title. */
  oneOf?: ElicitationChoice[] | null;
  /** Of an array: the values it may hold. */
  items?: ElicitationItems | null;
  minimum?: number | null;
  maximum?: number | null;
  minLength?: number | null;
  maxLength?: number | null;
  minItems?: number | null;
  maxItems?: number | null;
  /** A regular expression. The server does not try it. */
  pattern?: string | null;
  /** `email`, `uri`, `date`, `date-time` or another. The server does not check it. */
  format?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** A value to choose, and what to write for it. */
export interface ElicitationChoice {
  const: string;
  title: string;
  description?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** The values that a field may hold several of. */
export interface ElicitationItems {
  type?: string | null;
  enum?: string[] | null;
  /** The same, each with a title. */
  anyOf?: ElicitationChoice[] | null;
  _meta?: Record<string, unknown> | null;
}

/** A page to visit, in a browser and by the person: never open it unasked. */
export interface UrlElicitation {
  mode: "url";
  /** What is wanted, in words. */
  message: string;
  elicitationId: string;
  url: string;
  /** The agent's session; absent where it belongs to a request. */
  sessionId?: string | null;
  /** The tool call that needs it. */
  toolCallId?: string | null;
  /** The request to the agent that needs it, such as a login: a number, a string or null. */
  requestId?: unknown;
  _meta?: Record<string, unknown> | null;
}

/** What the agent was answered. */
export interface ElicitationOutcome {
  action: ElicitationAction;
  /** What was filled in, by the names of the fields. */
  content?: Record<string, unknown>;
}

/** A step of a plan. */
export interface PlanEntry {
  content: string;
  priority: PlanEntryPriority;
  status: PlanEntryStatus;
  _meta?: Record<string, unknown> | null;
}

/** How much an entry of a plan matters. */
export type PlanEntryPriority = "high" | "medium" | "low";

/** The state of an entry of a plan. */
export type PlanEntryStatus = "pending" | "in_progress" | "completed";

/** A way to work that an agent offers. */
export interface SessionMode {
  id: string;
  name: string;
  description?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** A command that an agent offers; it is called as `/name` at the beginning of a prompt. */
export interface AvailableCommand {
  /** Without the slash. */
  name: string;
  description: string;
  input?: CommandInput | null;
  _meta?: Record<string, unknown> | null;
}

/** What a command takes behind its name: any text. */
export interface CommandInput {
  /** What to show where nothing is typed yet. */
  hint: string;
  _meta?: Record<string, unknown> | null;
}

/** A setting of an agent's session. An agent may send other types. */
export type ConfigOption = SelectOption | BooleanOption;

/** One of several values. */
export interface SelectOption {
  type: "select";
  id: string;
  name: string;
  description?: string | null;
  /** `mode`, `model`, `model_config`, `thought_level`, or another. */
  category?: string | null;
  currentValue: string;
  /** Values, or groups of them. */
  options: ConfigValue[] | ConfigValueGroup[];
  _meta?: Record<string, unknown> | null;
}

/** A value to choose. */
export interface ConfigValue {
  value: string;
  name: string;
  description?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** Values under a name. */
export interface ConfigValueGroup {
  group: string;
  name: string;
  options: ConfigValue[];
  _meta?: Record<string, unknown> | null;
}

/** Yes or no. */
export interface BooleanOption {
  type: "boolean";
  id: string;
  name: string;
  description?: string | null;
  /** `mode`, `model`, `model_config`, `thought_level`, or another. */
  category?: string | null;
  currentValue: boolean;
  _meta?: Record<string, unknown> | null;
}

/** What a session holds of its model's context. */
export interface Usage {
  /** In tokens. */
  used: number;
  /** In tokens. */
  size: number;
  cost?: Cost | null;
  _meta?: Record<string, unknown> | null;
}

/** What a session has cost so far. */
export interface Cost {
  amount: number;
  /** By ISO 4217. */
  currency: string;
  _meta?: Record<string, unknown> | null;
}

/** What an agent says of its session. Other kinds are kept in the log alone. */
export type SessionUpdate =
  | UserMessageChunk
  | AgentMessageChunk
  | AgentThoughtChunk
  | NewToolCall
  | ChangedToolCall
  | NewPlan
  | NewCommands
  | NewMode
  | NewConfigOptions
  | NewSessionInfo
  | NewUsage;

/** A part of what the user said. */
export interface UserMessageChunk {
  sessionUpdate: "user_message_chunk";
  content: ContentBlock;
  /** Chunks of one message have the same. */
  messageId?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** A part of what the agent says. */
export interface AgentMessageChunk {
  sessionUpdate: "agent_message_chunk";
  content: ContentBlock;
  /** Chunks of one message have the same. */
  messageId?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** A part of what the agent thinks. */
export interface AgentThoughtChunk {
  sessionUpdate: "agent_thought_chunk";
  content: ContentBlock;
  /** Chunks of one message have the same. */
  messageId?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** A tool call began. */
export interface NewToolCall {
  sessionUpdate: "tool_call";
  toolCallId: string;
  title: string;
  kind?: ToolKind | null;
  status?: ToolCallStatus | null;
  content?: ToolCallContent[] | null;
  locations?: ToolCallLocation[] | null;
  rawInput?: unknown;
  rawOutput?: unknown;
  _meta?: Record<string, unknown> | null;
}

/** A tool call changed. What is null or absent is unchanged, and a list replaces the whole list. */
export interface ChangedToolCall {
  sessionUpdate: "tool_call_update";
  toolCallId: string;
  title?: string | null;
  kind?: ToolKind | null;
  status?: ToolCallStatus | null;
  content?: ToolCallContent[] | null;
  locations?: ToolCallLocation[] | null;
  rawInput?: unknown;
  rawOutput?: unknown;
  _meta?: Record<string, unknown> | null;
}

/** The whole plan. */
export interface NewPlan {
  sessionUpdate: "plan";
  entries: PlanEntry[];
  _meta?: Record<string, unknown> | null;
}

/** All commands. */
export interface NewCommands {
  sessionUpdate: "available_commands_update";
  availableCommands: AvailableCommand[];
  _meta?: Record<string, unknown> | null;
}

/** The agent works in another way. */
export interface NewMode {
  sessionUpdate: "current_mode_update";
  currentModeId: string;
  _meta?: Record<string, unknown> | null;
}

/** All settings. */
export interface NewConfigOptions {
  sessionUpdate: "config_option_update";
  configOptions: ConfigOption[];
  _meta?: Record<string, unknown> | null;
}

/** The session has a name. */
export interface NewSessionInfo {
  sessionUpdate: "session_info_update";
  title?: string | null;
  updatedAt?: string | null;
  _meta?: Record<string, unknown> | null;
}

/** What the session holds of its model's context. */
export interface NewUsage {
  sessionUpdate: "usage_update";
  /** In tokens. */
  used: number;
  /** In tokens. */
  size: number;
  cost?: Cost | null;
  _meta?: Record<string, unknown> | null;
}

/** The modes of a session, as an agent tells of them when it makes one. */
export interface SessionModes {
  currentModeId?: string;
  availableModes?: SessionMode[];
}

/** An MCP server: a command, or an address. */
export type McpServer = StdioMcpServer | HttpMcpServer | SseMcpServer;

/** A program that the agent starts. */
export interface StdioMcpServer {
  name: string;
  command: string;
  args?: string[] | null;
  env?: NamedValue[] | null;
  _meta?: Record<string, unknown> | null;
  type?: undefined;
}

/** A variable or a header. */
export interface NamedValue {
  name: string;
  value: string;
  _meta?: Record<string, unknown> | null;
}

/** One reached over HTTP. */
export interface HttpMcpServer {
  type: "http";
  name: string;
  url: string;
  headers?: NamedValue[] | null;
  _meta?: Record<string, unknown> | null;
  command?: undefined;
}

/** One reached over server-sent events. */
export interface SseMcpServer {
  type: "sse";
  name: string;
  url: string;
  headers?: NamedValue[] | null;
  _meta?: Record<string, unknown> | null;
  command?: undefined;
}

/** A way to log an agent in. */
export interface AuthMethod {
  id: string;
  name: string;
  description?: string | null;
  /** `terminal` is a command that a person runs; absent, or another, is done by `agent.authenticate`. */
  type?: string | null;
  _meta?: Record<string, unknown> | null;
}

// Rows, in lists, snapshots and updates.

/** A conversation. */
export interface ThreadRow {
  id: string;
  /** Null until the first text of a user gives it one. */
  title: string | null;
  projectId: string | null;
  /** The agent's own id of the session; null where it has none. */
  resumeId: string | null;
  /** Its agent, or the `provider` of what was ingested; null until there is one. */
  source: string | null;
  /** An absolute path; null for the server's own. */
  workingDirectory: string | null;
  archived: boolean;
  /** In Unix milliseconds, as are all times. */
  createdAt: number;
  updatedAt: number;
  messageCount: number;
  /** Null where there is no message. */
  lastMessageTs: number | null;
  /** Which of the agent's requests for permission the server allows by itself. */
  policy: Policy;
  /** Who set the policy: `client` or `client:NAME`, or `server` where it is its default; null where nobody has. */
  policySetBy: string | null;
  /** Names of the MCP servers that its agent is given. What else is known of them may be secret, and is not told. */
  mcpServers: string[];
  /** Absolute paths, beside the working directory, in which its agent may work; null where there is none. */
  additionalDirectories: string[] | null;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** What was said or thought. It is known by its `itemId`. */
export interface MessageRow {
  id: number;
  threadId: string;
  itemId: string;
  /** Its place in the thread: given once, and growing. */
  order: number;
  /** Null for a thought. */
  role: Role | null;
  kind: MessageKind;
  text: string;
  /** All of the message in order; only where it holds more than text. */
  content?: ContentBlock[];
  /** While true it may grow. */
  partial: boolean;
  /** The number of the last chunk in `text`, from 1 on. */
  seq: number;
  /** The length of the whole text in bytes of UTF-8, also where it was cut. */
  textLen: number;
  /** When it began. */
  ts: number;
  createdAt: number;
  updatedAt: number;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** A tool call, as the agent last told of it. Null is what it did not tell. */
export interface ToolCallRow {
  threadId: string;
  toolCallId: string;
  /** Its place in the thread: given once, and growing. */
  order: number;
  title: string | null;
  kind: ToolKind | null;
  status: ToolCallStatus | null;
  content: ToolCallContent[] | null;
  locations: ToolCallLocation[] | null;
  rawInput: unknown;
  rawOutput: unknown;
  createdAt: number;
  updatedAt: number;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** A prompt and what came of it. */
export interface RunRow {
  runId: string;
  threadId: string;
  /** Its place in the thread: given once, and growing. */
  order: number;
  agent: string;
  prompt: ContentBlock[];
  /** What became of the turn; the agent's own reason to end it is `stopReason`. */
  status: RunStatus;
  stopReason: StopReason | null;
  /** Null unless it failed. */
  error: RunError | null;
  createdAt: number;
  /** Null while it waits. */
  startedAt: number | null;
  /** Null until it has ended. */
  finishedAt: number | null;
  /**
   * Since when its agent has said nothing, where that is long; null while it talks or waits for a person, and once it
   * has ended.
   */
  stalledAt: number | null;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** Why a run failed. */
export interface RunError {
  code: ErrorCode;
  message: string;
  /** What more is known, else null. */
  data: unknown;
}

/** A command that an agent had run, and what it has printed. */
export interface TerminalRow {
  threadId: string;
  terminalId: string;
  /** Its place in the thread: given once, and growing. */
  order: number;
  command: string;
  /** Null where the agent named none. */
  args: string[] | null;
  /** The directory that it runs in. */
  cwd: string;
  /** The end of what it has printed, as it came. */
  output: string;
  /** Where `output` begins, in bytes of UTF-8 of all that was printed. */
  outputStart: number;
  /** Bytes of UTF-8 of all that was printed: where `output` ends. */
  outputLen: number;
  status: TerminalStatus;
  /** Null while it runs, and where a signal ended it. */
  exitCode: number | null;
  /** The signal that ended it, such as `SIGTERM`. */
  signal: string | null;
  createdAt: number;
  exitedAt: number | null;
  updatedAt: number;
  /** More of `output` is kept than its last 64 KiB. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** What an agent asked leave for, and the answer. */
export interface PermissionRow {
  requestId: string;
  threadId: string;
  /** Null where it asked outside of a run. */
  runId: string | null;
  /** Its place in the thread: given once, and growing. */
  order: number;
  toolCall: PermissionToolCall;
  options: PermissionOption[];
  status: PermissionStatus;
  /** Null until it is answered or cancelled. */
  outcome: PermissionOutcome | null;
  /**
   * Who or what made the decision: `client` or `client:NAME`, `policy:POLICY`; null until it is made, and where it was
   * cancelled with its turn.
   */
  answeredBy: string | null;
  createdAt: number;
  answeredAt: number | null;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** What an agent wanted to know of a person, and the answer. */
export interface ElicitationRow {
  requestId: string;
  threadId: string;
  /** Null where it was asked outside of a run, as for a login. */
  runId: string | null;
  /** Its place in the thread: given once, and growing. */
  order: number;
  request: ElicitationRequest;
  status: ElicitationStatus;
  /** Null until it is answered or cancelled. */
  outcome: ElicitationOutcome | null;
  /**
   * Who answered: `client` or `client:NAME`, or `agent` where it was done before anybody had; null until then, and
   * where it was cancelled.
   */
  answeredBy: string | null;
  createdAt: number;
  answeredAt: number | null;
}

/** The plan of a thread, whole. */
export interface PlanRow {
  threadId: string;
  entries: PlanEntry[];
  updatedAt: number;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** What an agent last said of its session beside the conversation. Null is what it did not say. */
export interface StateRow {
  threadId: string;
  currentModeId: string | null;
  availableModes: SessionMode[] | null;
  availableCommands: AvailableCommand[] | null;
  configOptions: ConfigOption[] | null;
  usage: Usage | null;
  updatedAt: number;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** A tool call in an update. `content`, `rawInput` and `rawOutput` are absent where they are unchanged. */
export interface ToolCallPatch {
  threadId: string;
  toolCallId: string;
  /** Its place in the thread: given once, and growing. */
  order: number;
  title: string | null;
  kind: ToolKind | null;
  status: ToolCallStatus | null;
  content?: ToolCallContent[] | null;
  locations: ToolCallLocation[] | null;
  rawInput?: unknown;
  rawOutput?: unknown;
  createdAt: number;
  updatedAt: number;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** A run in an update. `prompt` comes with the first alone. */
export interface RunPatch {
  runId: string;
  threadId: string;
  /** Its place in the thread: given once, and growing. */
  order: number;
  agent: string;
  prompt?: ContentBlock[];
  /** What became of the turn; the agent's own reason to end it is `stopReason`. */
  status: RunStatus;
  stopReason: StopReason | null;
  /** Null unless it failed. */
  error: RunError | null;
  createdAt: number;
  /** Null while it waits. */
  startedAt: number | null;
  /** Null until it has ended. */
  finishedAt: number | null;
  /**
   * Since when its agent has said nothing, where that is long; null while it talks or waits for a person, and once it
   * has ended.
   */
  stalledAt: number | null;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** A terminal in an update. `output`, `outputStart` and `outputLen` are absent where they are unchanged. */
export interface TerminalPatch {
  threadId: string;
  terminalId: string;
  /** Its place in the thread: given once, and growing. */
  order: number;
  command: string;
  /** Null where the agent named none. */
  args: string[] | null;
  /** The directory that it runs in. */
  cwd: string;
  /** The end of what it has printed, as it came. */
  output?: string;
  /** Where `output` begins, in bytes of UTF-8 of all that was printed. */
  outputStart?: number;
  /** Bytes of UTF-8 of all that was printed: where `output` ends. */
  outputLen?: number;
  status: TerminalStatus;
  /** Null while it runs, and where a signal ended it. */
  exitCode: number | null;
  /** The signal that ended it, such as `SIGTERM`. */
  signal: string | null;
  createdAt: number;
  exitedAt: number | null;
  updatedAt: number;
  /** More of `output` is kept than its last 64 KiB. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** What happened in a thread, by its `order`. */
export type TimelineRow = MessageEntry | ToolCallEntry | RunEntry | TerminalEntry;

/** A message. */
export interface MessageEntry {
  kind: "message";
  row: MessageRow;
}

/** A tool call. */
export interface ToolCallEntry {
  kind: "tool_call";
  row: ToolCallRow;
}

/** A run. */
export interface RunEntry {
  kind: "run";
  row: RunRow;
}

/** A terminal. */
export interface TerminalEntry {
  kind: "terminal";
  row: TerminalRow;
}

/** An update of the agent as it was received. */
export interface EventRow {
  /** Its place in the log, to go on after. */
  cursor: string;
  ts: number;
  /** The `sessionUpdate` of `update`; `invalid` where the agent sent none, and then `update` may be anything. */
  kind: string;
  update: SessionUpdate;
  /**
   * How many chunks it stands for, where old ones were merged: `update` has the text of all, `cursor` and `ts` are the
   * last one's.
   */
  merged?: number;
  /** A field over 256 KiB was cut. The query that gets the row alone gives it whole. */
  truncated?: true;
}

/** An event of the log: an update as it was received, or a change of the server's own. */
export interface LogRow {
  /** Its place in the log, to go on after. */
  cursor: string;
  ts: number;
  /** The `sessionUpdate` of `update`, or, with `tvx.` before it, what the server did. */
  kind: string;
  /** Absent where the event is the server's own. */
  update?: SessionUpdate;
  /** Which row an event of the server's own is about, where it is a run or a permission request. */
  subject?: string;
  /**
   * How many chunks it stands for, where old ones were merged: `update` has the text of all, `cursor` and `ts` are the
   * last one's.
   */
  merged?: number;
}

/** A message that a search found. */
export interface FoundMessageRow {
  threadId: string;
  itemId: string;
  /** Its place in the thread: given once, and growing. */
  order: number;
  /** Null for a thought. */
  role: Role | null;
  kind: MessageKind;
  /** Some 200 bytes of the text, with `…` where it was cut. */
  snippet: string;
  /** Where the words stand in `snippet`: start and length in UTF-16 units. */
  highlights: [number, number][];
  /** Larger is better. */
  rank: number;
  ts: number;
}

/** An agent that is configured, known, or run by a client. */
export interface AgentRow {
  name: string;
  title: string;
  /** The program alone, without its folder and arguments; empty where a client runs it. */
  command: string;
  available: boolean;
  /** Why it is not available, else null. */
  reason: string | null;
  /** Null where it is not known, or not yet. */
  version: string | null;
  /** Whether prompts go to it where they name none. */
  default: boolean;
  /** `configured`, `known` without any configuration, or `attached` where a client runs it. */
  source: string;
  /** What to run to install it; null where that is not known. */
  install: string | null;
  /** What to run to log in to it; null where that is not known. */
  login: string | null;
  /** Whether it asked for a login when it was started last; null where it was not. */
  wantsLogin: boolean | null;
  /** ACP's `agentCapabilities`; null until it was started once. */
  capabilities: unknown;
  /** Ways to log in, ACP's `authMethods`; null until it was started once. */
  authMethods: AuthMethod[] | null;
}

/** A session that an agent has kept. */
export interface SessionRow {
  /** The agent's own id of it. */
  sessionId: string;
  title: string | null;
  /** An absolute path; null where the agent does not tell. */
  workingDirectory: string | null;
  /** Null where the agent does not tell. */
  updatedAt: number | null;
  /** The thread that goes on with it; null where there is none. */
  threadId: string | null;
}

/** The server and what it holds. */
export interface ServerRow {
  version: string;
  /** The version of the protocol. */
  protocol: number;
  sqliteVersion: string;
  storeId: string;
  startedAt: number;
  connections: number;
  subscriptions: number;
  /** Subscriptions whose next update is no longer in memory. */
  readersBehind: number;
  /** Agents that run. */
  agents: number;
  databaseBytes: number;
  walBytes: number;
  memoryBytes: number;
  /** Why the store takes no writes; null while it does. */
  trouble: string | null;
  durability: Durability;
  threads: number;
  messages: number;
  runsRunning: number;
  runsQueued: number;
  permissionsPending: number;
  elicitationsPending: number;
  /** Reads of the store since the start. */
  reads: number;
  /** The number of the last event in the log. */
  lastEvent: number;
}

// What the server sends. Fields may be added, so pass over what is not known.

/** Everything that the server sends. Types, streams and fields may be added, so pass over what is not known. */
export type ServerFrame =
  | AckFrame
  | ErrorFrame
  | EchoFrame
  | QueryResultFrame
  | RunSubmittedFrame
  | AuthCodeFrame
  | AuthTokenFrame
  | SnapshotFrame
  | ResumedFrame
  | UpdateFrame
  | FinalizeFrame
  | RunRequestedFrame
  | CancelRequestedFrame
  | PermissionAnsweredFrame
  | ElicitationAnsweredFrame;

/** The request was done. Of a write: it is committed. */
export interface AckFrame {
  type: "tinyvex.ack";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** Of `tvx.create_thread`, `tvx.hold` and `tvx.begin_run`: the thread. */
  threadId?: string;
  /** Of `tvx.hold` alone: the thread was made by it. */
  created?: true;
  /** Of `tvx.begin_run` alone. */
  runId?: string;
  /** Of `tvx.request_permission` and `tvx.request_elicitation` alone. */
  requestId?: string;
  /** Of writes alone: the place of this one in the log. */
  cursor?: string;
}

/** The request was refused, and changed nothing. */
export interface ErrorFrame {
  type: "tinyvex.error";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** Only on the stdout of a server with `--ingest-stdin`: which line of its stdin, from 1 on, was no request. */
  line?: number;
  code: ErrorCode;
  /** The fault and the remedy, for people. */
  message: string;
  /** What more is known: of a `conflict` over a permission its `status` and `outcome`. */
  data?: unknown;
}

/** What was sent, or null. */
export interface EchoFrame {
  type: "echo";
  /** That of the request; absent where it had none. */
  id?: string | number;
  payload: unknown;
  tag: unknown;
  /** The server's time. */
  timestamp: number;
}

/** The rows that a query asked for. */
export type QueryResultFrame<Names extends QueryName = QueryName> = {
  [Name in Names]: {
    type: "tinyvex.query_result";
    /** That of the request; absent where it had none. */
    id?: string | number;
    name: Name;
    /** The thread that `args` named. */
    threadId?: string;
    rows: Queries[Name]["row"][];
    /** The next `page`: null on the last, absent where there are none. */
    nextPage?: string | null;
  };
}[Names];

/** The prompt is kept, and its turn starts when its time comes. */
export interface RunSubmittedFrame {
  type: "run.submitted";
  /** That of the request; absent where it had none. */
  id?: string | number;
  threadId: string;
  runId: string;
  /** When it was taken. */
  timestamp: number;
  /** Its place in the log. */
  cursor: string;
}

/** A code that lets one client in, once, as the subprotocol `tinyvex.code.CODE`. */
export interface AuthCodeFrame {
  type: "auth.code";
  /** That of the request; absent where it had none. */
  id?: string | number;
  code: string;
  /** In Unix milliseconds. */
  expiresAt: number;
}

/** The token, for one who was let in by a code. */
export interface AuthTokenFrame {
  type: "auth.token";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** Null where the server asks for none. */
  token: string | null;
}

/** The rows of a subscription at one moment. Every later update follows. */
export type SnapshotFrame =
  | ThreadsSnapshot
  | ThreadSnapshot
  | MessagesSnapshot
  | ToolCallsSnapshot
  | PlanSnapshot
  | StateSnapshot
  | RunsSnapshot
  | PermissionsSnapshot
  | TerminalsSnapshot
  | ElicitationsSnapshot;

/** Threads that are not archived, newest first. */
export interface ThreadsSnapshot {
  type: "tinyvex.snapshot";
  stream: "threads";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  rows: ThreadRow[];
  /** The `page` that leads to older rows; null where there are none. */
  nextPage: string | null;
  /** That moment, to go on after. */
  cursor: string;
}

/** One thread with the newest part of its timeline, each list oldest first. */
export interface ThreadSnapshot {
  type: "tinyvex.snapshot";
  stream: "thread";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  threadId: string;
  /** Null where there is no such thread as yet. */
  thread: ThreadRow | null;
  messages: MessageRow[];
  toolCalls: ToolCallRow[];
  runs: RunRow[];
  /** Those of that part, and all that run. */
  terminals: TerminalRow[];
  /** Those of that part, and all that are pending. */
  permissions: PermissionRow[];
  /** Those of that part, and all that are pending. */
  elicitations: ElicitationRow[];
  /** The page of `timeline.list` that leads further back; null where there is none. */
  nextPage: string | null;
  plan: PlanRow | null;
  state: StateRow | null;
  /** That moment, to go on after. */
  cursor: string;
}

/** The newest messages of a thread, oldest first. */
export interface MessagesSnapshot {
  type: "tinyvex.snapshot";
  stream: "messages";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  threadId: string;
  rows: MessageRow[];
  /** The `page` that leads to older rows; null where there are none. */
  nextPage: string | null;
  /** That moment, to go on after. */
  cursor: string;
}

/** Tool calls of a thread, newest `updatedAt` first. */
export interface ToolCallsSnapshot {
  type: "tinyvex.snapshot";
  stream: "tool_calls";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  threadId: string;
  rows: ToolCallRow[];
  /** The `page` that leads to older rows; null where there are none. */
  nextPage: string | null;
  /** That moment, to go on after. */
  cursor: string;
}

/** The plan of a thread, or no row. */
export interface PlanSnapshot {
  type: "tinyvex.snapshot";
  stream: "plan";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  threadId: string;
  rows: PlanRow[];
  /** That moment, to go on after. */
  cursor: string;
}

/** The state of a thread, or no row. */
export interface StateSnapshot {
  type: "tinyvex.snapshot";
  stream: "state";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  threadId: string;
  rows: StateRow[];
  /** That moment, to go on after. */
  cursor: string;
}

/** Runs of a thread, or of all, newest first. */
export interface RunsSnapshot {
  type: "tinyvex.snapshot";
  stream: "runs";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  /** Absent where it is of all threads. */
  threadId?: string;
  rows: RunRow[];
  /** The `page` that leads to older rows; null where there are none. */
  nextPage: string | null;
  /** That moment, to go on after. */
  cursor: string;
}

/** Permission requests of a thread, or of all, pending first. */
export interface PermissionsSnapshot {
  type: "tinyvex.snapshot";
  stream: "permissions";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  /** Absent where it is of all threads. */
  threadId?: string;
  rows: PermissionRow[];
  /** The `page` that leads to older rows; null where there are none. */
  nextPage: string | null;
  /** That moment, to go on after. */
  cursor: string;
}

/** Terminals of a thread, newest first, each with the last 64 KiB of its output. */
export interface TerminalsSnapshot {
  type: "tinyvex.snapshot";
  stream: "terminals";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  threadId: string;
  rows: TerminalRow[];
  /** The `page` that leads to older rows; null where there are none. */
  nextPage: string | null;
  /** That moment, to go on after. */
  cursor: string;
}

/** Questions of agents in a thread, or in all, pending first. */
export interface ElicitationsSnapshot {
  type: "tinyvex.snapshot";
  stream: "elicitations";
  /** That of the request; absent where it had none. */
  id?: string | number;
  /** The cursor that was given cannot be followed: take this in place of all that was known of the stream. */
  reset?: true;
  /** Absent where it is of all threads. */
  threadId?: string;
  rows: ElicitationRow[];
  /** The `page` that leads to older rows; null where there are none. */
  nextPage: string | null;
  /** That moment, to go on after. */
  cursor: string;
}

/** The subscription goes on after the cursor that was given: what was missed follows, merged, and then what is new. */
export interface ResumedFrame {
  type: "tinyvex.resumed";
  /** That of the request; absent where it had none. */
  id?: string | number;
  stream: StreamName;
  threadId?: string;
  cursor: string;
}

/** Something was committed. Of a row, what is absent is unchanged, and null means none. */
export type UpdateFrame =
  | MessagesUpdate
  | ToolCallsUpdate
  | PlanUpdate
  | StateUpdate
  | ThreadsUpdate
  | ThreadDeleted
  | RunsUpdate
  | PermissionsUpdate
  | TerminalsUpdate
  | ElicitationsUpdate;

/**
 * A message grew. One who has its chunks up to `have` passes over what is not beyond it, appends where `fromSeq` is
 * `have` + 1, and else reads `messages.get`.
 */
export interface MessagesUpdate {
  type: "tinyvex.update";
  stream: "messages";
  threadId: string;
  itemId: string;
  kind: MessageKind;
  role: Role | null;
  order: number;
  /** The last of its chunks. */
  seq: number;
  /** The first of its chunks. */
  fromSeq: number;
  /** Their text. */
  append: string;
  /** Blocks that are no text, each of which is a chunk. */
  content?: ContentBlock[];
  /** The length of the whole text after it, in bytes of UTF-8. */
  textLen: number;
  ts: number;
  /** It was cut: read `messages.get`. */
  truncated?: true;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
}

/** A tool call began or changed. */
export interface ToolCallsUpdate {
  type: "tinyvex.update";
  stream: "tool_calls";
  threadId: string;
  toolCallId: string;
  row: ToolCallPatch;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
}

/** The plan changed. */
export interface PlanUpdate {
  type: "tinyvex.update";
  stream: "plan";
  threadId: string;
  row: PlanRow;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
}

/** The state changed. */
export interface StateUpdate {
  type: "tinyvex.update";
  stream: "state";
  threadId: string;
  row: StateRow;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
}

/** A thread began or changed. Chunks alone do not bring it. */
export interface ThreadsUpdate {
  type: "tinyvex.update";
  stream: "threads";
  row: ThreadRow;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
  deleted?: undefined;
}

/** A thread was deleted. */
export interface ThreadDeleted {
  type: "tinyvex.update";
  stream: "threads";
  deleted: true;
  threadId: string;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
  row?: undefined;
}

/** A run was queued, began or ended. */
export interface RunsUpdate {
  type: "tinyvex.update";
  stream: "runs";
  threadId: string;
  row: RunPatch;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
}

/** Leave was asked for, or the request was answered or cancelled. */
export interface PermissionsUpdate {
  type: "tinyvex.update";
  stream: "permissions";
  threadId: string;
  row: PermissionRow;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
}

/**
 * A terminal began or ended, or its output is given anew: `row`. Or it has printed more: all but `row`. One who has its
 * output up to `have` passes over what does not end beyond it, appends where `from` is `have`, takes `append` in place
 * of all where `from` is `outputStart`, and else reads `terminals.get`.
 */
export type TerminalsUpdate = {
  type: "tinyvex.update";
  stream: "terminals";
  threadId: string;
  terminalId: string;
  /** Where `append` begins, in bytes of UTF-8 of all that was printed. */
  from?: number;
  /** Where what is kept of the output begins from now on. */
  outputStart?: number;
  /** Where `append` ends: bytes of UTF-8 of all that was printed. */
  outputLen?: number;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
} & (
  | {
      row: TerminalPatch;
      append?: undefined;
    }
  | {
      append: string;
      row?: undefined;
    }
);

/** An agent asked something of a person, or that was answered, cancelled or completed. */
export interface ElicitationsUpdate {
  type: "tinyvex.update";
  stream: "elicitations";
  threadId: string;
  row: ElicitationRow;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
}

/** A message is final, and never changes again. */
export interface FinalizeFrame {
  type: "tinyvex.finalize";
  stream: "messages";
  threadId: string;
  itemId: string;
  kind: MessageKind;
  role: Role | null;
  seq: number;
  /** In bytes of UTF-8. */
  textLen: number;
  /** Everything up to here has been sent. Where it is absent, keep the one you have. */
  cursor?: string;
}

/**
 * To the connection that runs the agent: the turn has begun. It answers with updates, and ends it with `tvx.end_run`.
 */
export interface RunRequestedFrame {
  type: "run.requested";
  runId: string;
  threadId: string;
  /** Whole, whatever its size; empty for a turn that the client began without one. */
  prompt: ContentBlock[];
  /** Null where the thread has none. */
  workingDirectory: string | null;
  /**
   * It was asked for before, on a connection that was lost: who works on it still goes on, others begin anew or end it.
   */
  again?: true;
}

/** To the connection that runs the agent: the turn is to be ended with `tvx.end_run`, within 10 s. */
export interface CancelRequestedFrame {
  type: "run.cancel_requested";
  runId: string;
  threadId: string;
}

/** To the connection that asked with `tvx.request_permission`. */
export interface PermissionAnsweredFrame {
  type: "permission.answered";
  requestId: string;
  threadId: string;
  /** Absent where it was asked outside of a run. */
  runId?: string;
  outcome: PermissionOutcome;
}

/** To the connection that asked with `tvx.request_elicitation`. */
export interface ElicitationAnsweredFrame {
  type: "elicitation.answered";
  requestId: string;
  threadId: string;
  /** Absent where it was asked outside of a run. */
  runId?: string;
  outcome: ElicitationOutcome;
}

/** The ack of `tvx.create_thread`. */
export interface ThreadCreatedFrame {
  type: "tinyvex.ack";
  /** That of the request; absent where it had none. */
  id?: string | number;
  threadId: string;
  cursor: string;
}

/** The ack of `tvx.hold`. */
export interface ThreadHeldFrame {
  type: "tinyvex.ack";
  /** That of the request; absent where it had none. */
  id?: string | number;
  threadId: string;
  /** The thread was made by this. */
  created?: true;
  cursor: string;
}

/** The ack of `tvx.begin_run`. */
export interface RunBegunFrame {
  type: "tinyvex.ack";
  /** That of the request; absent where it had none. */
  id?: string | number;
  threadId: string;
  runId: string;
  cursor: string;
}

/**
 * The ack of `tvx.request_permission` and `tvx.request_elicitation`; the answer follows as `permission.answered` or
 * `elicitation.answered`.
 */
export interface QuestionAskedFrame {
  type: "tinyvex.ack";
  /** That of the request; absent where it had none. */
  id?: string | number;
  requestId: string;
  cursor: string;
}

// What a client asks. A request is its fields with `control`, and an `id` that comes back in the answer.

/** Every request, by its `control`. */
export interface Controls {
  echo: { request: EchoRequest; reply: EchoFrame };
  "debug.echo": { request: EchoRequest; reply: EchoFrame };
  "debug.ping": { request: EchoRequest; reply: EchoFrame };
  "tvx.query": { request: QueryRequest; reply: QueryResultFrame };
  "tvx.subscribe": { request: SubscribeRequest; reply: SnapshotFrame | ResumedFrame };
  "tvx.unsubscribe": { request: UnsubscribeRequest; reply: AckFrame };
  "tvx.ingest": { request: IngestRequest; reply: AckFrame };
  /** Brings in a part of a conversation from elsewhere. */
  "tvx.import": { request: ImportRequest; reply: AckFrame };
  "tvx.finalize": { request: FinalizeRequest; reply: AckFrame };
  "tvx.create_thread": { request: CreateThreadRequest; reply: ThreadCreatedFrame };
  "tvx.hold": { request: HoldThreadRequest; reply: ThreadHeldFrame };
  "tvx.release": { request: ReleaseThreadRequest; reply: AckFrame };
  "tvx.update_thread": { request: UpdateThreadRequest; reply: AckFrame };
  "tvx.delete_thread": { request: DeleteThreadRequest; reply: AckFrame };
  "run.submit": { request: SubmitRunRequest; reply: RunSubmittedFrame };
  "run.cancel": { request: CancelRunRequest; reply: AckFrame };
  "permission.respond": { request: RespondPermissionRequest; reply: AckFrame };
  "elicitation.respond": { request: RespondElicitationRequest; reply: AckFrame };
  "session.set_mode": { request: SetModeRequest; reply: AckFrame };
  "session.set_config_option": { request: SetConfigOptionRequest; reply: AckFrame };
  "session.close": { request: CloseSessionRequest; reply: AckFrame };
  "agent.authenticate": { request: AuthenticateRequest; reply: AckFrame };
  "agent.attach": { request: AttachAgentRequest; reply: AckFrame };
  "tvx.begin_run": { request: BeginRunRequest; reply: RunBegunFrame };
  "tvx.end_run": { request: EndRunRequest; reply: AckFrame };
  "tvx.request_permission": { request: RequestPermissionRequest; reply: QuestionAskedFrame };
  "tvx.request_elicitation": { request: RequestElicitationRequest; reply: QuestionAskedFrame };
  "tvx.complete_elicitation": { request: CompleteElicitationRequest; reply: AckFrame };
  /** Asks for a code that lets one client in, once. */
  "auth.code": { request: NoFields; reply: AuthCodeFrame };
  /** Asks for the token, after a code. */
  "auth.token": { request: NoFields; reply: AuthTokenFrame };
  /** Stops the server, as SIGTERM does. */
  "server.stop": { request: NoFields; reply: AckFrame };
}

export type ControlName = keyof Controls;

/** Asks for the same back. */
export interface EchoRequest {
  /** Any JSON. */
  payload?: unknown;
  /** Any JSON. */
  tag?: unknown;
}

/** Asks for rows. */
export type QueryRequest<Names extends QueryName = QueryName> = {
  [Name in Names]: {
    name: Name;
    args?: Queries[Name]["args"] | undefined;
  };
}[Names];

/** Asks for a snapshot, or for what was missed, and all updates that follow. */
export interface SubscribeRequest {
  stream: StreamName;
  /** Needed by all streams but `threads`, `runs`, `permissions` and `elicitations`. */
  threadId?: string | undefined;
  /** Rows of the snapshot, from 1 to 1,000; 100 where it is absent. */
  limit?: number | undefined;
  /** A cursor of this subscription, to go on after. */
  since?: string | undefined;
}

/** Ends a subscription. */
export interface UnsubscribeRequest {
  stream: StreamName;
  threadId?: string | undefined;
}

/** Stores what an agent said that the client runs itself. */
export type IngestRequest = {
  threadId: string;
  /** Becomes the `source` of a thread that is made by this. */
  provider?: string | undefined;
  /** The run that they are said in: refused once it has ended, and no thread is made. */
  runId?: string | undefined;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
} & (
  | {
      update: SessionUpdate;
      updates?: undefined;
    }
  | {
      /** At most 10,000, of which all are stored, or none. */
      updates: SessionUpdate[];
      update?: undefined;
    }
);

/**
 * Brings in a part of a conversation from elsewhere, with the times that it had there. All of it is stored, or nothing.
 */
export interface ImportRequest {
  threadId: string;
  /**
   * The `position` of the part before; absent for the first. Where the thread stands elsewhere, the answer is a
   * `conflict` that says where.
   */
  after?: string | undefined;
  /**
   * The mark of this part, of the client's own making. Absent only where nothing is written, to ask where the thread
   * stands.
   */
  position?: string | undefined;
  thread?: ImportedThread | undefined;
  /** At most 10,000. */
  entries?: ImportEntry[] | undefined;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/**
 * What is known of a thread from elsewhere. `title` and `archived` are set whenever they are given, all else when the
 * thread is made.
 */
export interface ImportedThread {
  /** At most 64 KiB. */
  title?: string | undefined;
  archived?: boolean | undefined;
  /** The agent. */
  source?: string | undefined;
  /** An absolute path. */
  workingDirectory?: string | undefined;
  projectId?: string | undefined;
  /** The agent's own session id. */
  resumeId?: string | undefined;
  createdAt?: number | undefined;
}

/** One thing that happened in a conversation from elsewhere. */
export type ImportEntry = {
  /** When. That of the entry before where it is absent, and never later than now. */
  ts?: number | undefined;
} & (
  | {
      /** What the agent or the user said. */
      update: SessionUpdate;
      finalize?: undefined;
      begin?: undefined;
      end?: undefined;
      run?: undefined;
      permission?: undefined;
      elicitation?: undefined;
      session?: undefined;
    }
  | {
      /** The open message ended. */
      finalize: true;
      update?: undefined;
      begin?: undefined;
      end?: undefined;
      run?: undefined;
      permission?: undefined;
      elicitation?: undefined;
      session?: undefined;
    }
  | {
      /** A turn began. */
      begin: ImportedBegin;
      update?: undefined;
      finalize?: undefined;
      end?: undefined;
      run?: undefined;
      permission?: undefined;
      elicitation?: undefined;
      session?: undefined;
    }
  | {
      /** A turn ended. */
      end: ImportedEnd;
      update?: undefined;
      finalize?: undefined;
      begin?: undefined;
      run?: undefined;
      permission?: undefined;
      elicitation?: undefined;
      session?: undefined;
    }
  | {
      /** A run that is over, without the messages of its turn. */
      run: ImportedRun;
      update?: undefined;
      finalize?: undefined;
      begin?: undefined;
      end?: undefined;
      permission?: undefined;
      elicitation?: undefined;
      session?: undefined;
    }
  | {
      /** A request for permission, and what came of it. */
      permission: ImportedAnswer;
      update?: undefined;
      finalize?: undefined;
      begin?: undefined;
      end?: undefined;
      run?: undefined;
      elicitation?: undefined;
      session?: undefined;
    }
  | {
      /** A question to a person, and what came of it. */
      elicitation: ImportedElicitation;
      update?: undefined;
      finalize?: undefined;
      begin?: undefined;
      end?: undefined;
      run?: undefined;
      permission?: undefined;
      session?: undefined;
    }
  | {
      /** What the agent said of its session. */
      session: ImportedSession;
      update?: undefined;
      finalize?: undefined;
      begin?: undefined;
      end?: undefined;
      run?: undefined;
      permission?: undefined;
      elicitation?: undefined;
    }
);

/** A turn that began: its prompt becomes the user's message. */
export interface ImportedBegin {
  /** One that no other thread has. */
  runId: string;
  /** The thread's `source` where it is absent. */
  agent?: string | undefined;
  prompt: ContentBlock[];
}

/** How a turn ended. */
export interface ImportedEnd {
  runId: string;
  /** `completed`, `cancelled` or `failed`. */
  status: RunStatus;
  stopReason?: string | null | undefined;
  error?: RunError | null | undefined;
}

/** A run that is over. */
export interface ImportedRun {
  /** One that no other thread has. */
  runId: string;
  /** The thread's `source` where it is absent. */
  agent?: string | undefined;
  prompt: ContentBlock[];
  /** `completed`, `cancelled` or `failed`. */
  status: RunStatus;
  stopReason?: string | null | undefined;
  error?: RunError | null | undefined;
  startedAt?: number | null | undefined;
  finishedAt?: number | null | undefined;
}

/** A request for permission that was answered, or never. */
export interface ImportedAnswer {
  runId?: string | undefined;
  /** As the agent sent it. It changes no tool call. */
  toolCall: PermissionToolCall;
  options: PermissionOption[];
  /** Cancelled where it is absent. */
  outcome?: PermissionOutcome | undefined;
  /** Where it is absent, the request counts as cancelled. */
  answeredBy?: string | undefined;
  answeredAt?: number | undefined;
}

/** A question to a person that was answered, or never. */
export interface ImportedElicitation {
  runId?: string | undefined;
  /** As the agent sent it. */
  request: ElicitationRequest;
  /** Cancelled where it is absent. */
  outcome?: ElicitationOutcome | undefined;
  answeredBy?: string | undefined;
  answeredAt?: number | undefined;
}

/** What an agent said of its session when it made it. */
export interface ImportedSession {
  currentModeId?: string | undefined;
  availableModes?: SessionMode[] | undefined;
  configOptions?: ConfigOption[] | undefined;
}

/** Ends the open message of a thread. */
export interface FinalizeRequest {
  threadId: string;
  /** Only if it is of that kind. */
  kind?: MessageKind | undefined;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/** Makes a thread. */
export interface CreateThreadRequest {
  /** At most 64 KiB. */
  title?: string | undefined;
  /** An absolute path. */
  workingDirectory?: string | undefined;
  /** The agent of its prompts; the default one where it is absent. */
  agent?: string | undefined;
  /**
   * A session that the agent has kept, from `sessions.list`: the thread shows what was said there, and goes on with it.
   */
  sessionId?: string | undefined;
  /** What its agent may do without asking; else as the agent or the server has it. */
  policy?: Policy | undefined;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/**
 * Keeps the thread of an agent's session for whoever drives it, until this connection ends; it is made where there is
 * none.
 */
export interface HoldThreadRequest {
  agent: string;
  /** The agent's own id of the session. */
  sessionId: string;
  /** An absolute path. */
  workingDirectory?: string | undefined;
  /** As the agent answered with. */
  modes?: SessionModes | undefined;
  /** As the agent answered with. */
  configOptions?: ConfigOption[] | undefined;
  /** Holds only where the session's thread is still this one, and makes none. */
  threadId?: string | undefined;
}

/** Ends that a thread is kept for this connection. */
export interface ReleaseThreadRequest {
  threadId: string;
}

/** Changes a thread; the last write wins. */
export interface UpdateThreadRequest {
  threadId: string;
  updates: ThreadChanges;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/** Fields of a thread to set, at least one. Null takes the value away. */
export interface ThreadChanges {
  /** At most 64 KiB. One that a client sets stays. */
  title?: string | null | undefined;
  archived?: boolean | undefined;
  projectId?: string | null | undefined;
  /** An absolute path. */
  workingDirectory?: string | null | undefined;
  /** What the agent may do without asking; requests that wait are looked at anew. */
  policy?: Policy | undefined;
  /**
   * MCP servers for its agent, beside the agent's own, at most 100. They are handed over when the session is opened the
   * next time.
   */
  mcpServers?: McpServer[] | null | undefined;
  /** Absolute paths, beside the working directory, in which its agent may work. */
  additionalDirectories?: string[] | null | undefined;
}

/** Cancels what runs in a thread, and removes it with all that is in it. */
export interface DeleteThreadRequest {
  threadId: string;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/** Keeps a prompt and starts a turn with it when its time comes. */
export type SubmitRunRequest = {
  /** A thread is made where it is absent. */
  threadId?: string | undefined;
  /** Else the thread's, else the default one. */
  agent?: string | undefined;
  /** An absolute path. */
  workingDirectory?: string | undefined;
  /** What the thread's agent may do without asking, from now on; it stays as it is where this is absent. */
  policy?: Policy | undefined;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
} & (
  | {
      /** Not empty. */
      text: string;
      prompt?: undefined;
    }
  | {
      /** Not empty. */
      prompt: ContentBlock[];
      text?: undefined;
    }
);

/** Cancels a turn that is under way, or a run that waits; of a thread the oldest. */
export type CancelRunRequest = {
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
} & (
  | {
      threadId: string;
      runId?: string | undefined;
    }
  | {
      runId: string;
      threadId?: string | undefined;
    }
);

/** Answers a permission request; the first answer wins. */
export type RespondPermissionRequest = {
  requestId: string;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
} & (
  | {
      /** One of the `options` of the request. */
      optionId: string;
      cancelled?: undefined;
    }
  | {
      cancelled: true;
      optionId?: undefined;
    }
);

/** Answers a question of an agent; the first answer wins. */
export interface RespondElicitationRequest {
  requestId: string;
  action: ElicitationAction;
  /** With `accept` of a form: what was filled in, by the names of the fields. */
  content?: Record<string, unknown> | undefined;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/** Changes the mode of a thread's session. Answered when the agent has agreed. */
export interface SetModeRequest {
  threadId: string;
  /** One of the state's `availableModes`. */
  modeId: string;
  /** Goes to the agent as it is. */
  _meta?: unknown;
}

/** Changes an option of a thread's session. Answered when the agent has agreed. */
export interface SetConfigOptionRequest {
  threadId: string;
  /** One of the state's `configOptions`. */
  configId: string;
  /** A value of the option, or yes or no. */
  value: string | boolean;
  /** Goes to the agent as it is. */
  _meta?: unknown;
}

/** Cancels the turn under way, and has the agent let go of the session. The next prompt takes it up again. */
export interface CloseSessionRequest {
  threadId: string;
}

/** Logs an agent in. Answered when the agent has, which may take minutes where a person has to do something. */
export interface AuthenticateRequest {
  agent: string;
  /** One of the `authMethods` in `agents.list`. */
  methodId: string;
}

/** From now on prompts for the agent arrive on this connection. */
export interface AttachAgentRequest {
  /** No configured agent's, and no other connection's. */
  name: string;
  /** For people, at most 200 characters; the name where it is absent. */
  title?: string | undefined;
}

/** Begins a turn of an agent that the client runs, or takes up the one under way. */
export interface BeginRunRequest {
  /** Made where it does not exist. */
  threadId: string;
  /** That of a run under way, or one of the client's choice for a new one; a new one is made where it is absent. */
  runId?: string | undefined;
  /** The agent of the run; what the connection attached where it is absent. */
  agent?: string | undefined;
  /** The prompt as text, which becomes the user's message. */
  text?: string | undefined;
  /** The prompt as blocks; not beside `text`. */
  prompt?: ContentBlock[] | undefined;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/** Ends a turn of an agent that the client runs. */
export type EndRunRequest = {
  threadId: string;
  /** The run under way where it is absent. */
  runId?: string | undefined;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
} & (
  | {
      /** With `cancelled` the run is cancelled, else completed. */
      stopReason: StopReason;
      error?: undefined;
    }
  | {
      /** The run failed: why, as a message alone or with more. Of one that is being cancelled, it is cancelled. */
      error: string | RunFailure;
      stopReason?: undefined;
    }
);

/** Why a turn failed that a client ran. */
export interface RunFailure {
  /** For people; at most 64 KiB. */
  message: string;
  /** `agent_error` where it is absent. */
  code?: ErrorCode | undefined;
  /** Any JSON. */
  data?: unknown;
}

/** Asks whoever looks at the thread for permission, for an agent that the client runs. */
export interface RequestPermissionRequest {
  threadId: string;
  /** The run under way where it is absent; where there is none it belongs to none. */
  runId?: string | undefined;
  toolCall: PermissionToolCall;
  /** Not empty. */
  options: PermissionOption[];
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/** Asks whoever looks at the thread to fill in a form or to visit a page, for an agent that the client runs. */
export interface RequestElicitationRequest {
  threadId: string;
  /** The run under way where it is absent; where there is none it belongs to none. */
  runId?: string | undefined;
  /** The fields of ACP's `elicitation/create`. */
  request: ElicitationRequest;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/** Says that what was to be done on a page is done. */
export interface CompleteElicitationRequest {
  threadId: string;
  /** That of the question, as the agent named it. */
  elicitationId: string;
  /** An idempotency key, at most 1 KiB: what is sent again under it within 24 h is done once. */
  key?: string | undefined;
}

/** Needs nothing more. */
export type NoFields = Record<string, never>;

/** Every query, by its `name`. */
export interface Queries {
  /** Newest `updatedAt` first. */
  "threads.list": { args: ThreadsListArgs; row: ThreadRow };
  /** One, or `not_found`. */
  "threads.get": { args: ThreadArgs; row: ThreadRow };
  /** The newest, given oldest first; a page leads further back. */
  "messages.list": { args: ThreadPageArgs; row: MessageRow };
  /** One, whole, or `not_found`. */
  "messages.get": { args: ItemArgs; row: MessageRow };
  /** Newest `updatedAt` first. */
  "tool_calls.list": { args: ThreadPageArgs; row: ToolCallRow };
  /** One, whole, or `not_found`. */
  "tool_calls.get": { args: ToolCallArgs; row: ToolCallRow };
  /** The newest, given oldest first; a page leads further back. */
  "timeline.list": { args: TimelineListArgs; row: TimelineRow };
  /** One, whole, or none. */
  "plan.get": { args: ThreadArgs; row: PlanRow };
  /** One, whole, or none. */
  "state.get": { args: ThreadArgs; row: StateRow };
  /** Oldest first. A page is a cursor too. */
  "events.list": { args: EventsListArgs; row: EventRow };
  /** The whole log of a thread, the server's own events among the updates, oldest first; no field is cut. */
  "log.list": { args: EventsListArgs; row: LogRow };
  /** Newest first. */
  "runs.list": { args: RunsListArgs; row: RunRow };
  /** Pending first, then newest first. */
  "permissions.list": { args: PermissionsListArgs; row: PermissionRow };
  /** Newest first, each with the last 64 KiB of its output. */
  "terminals.list": { args: ThreadPageArgs; row: TerminalRow };
  /** One, whole, or `not_found`. */
  "terminals.get": { args: TerminalArgs; row: TerminalRow };
  /** Pending first, then newest first. */
  "elicitations.list": { args: ElicitationsListArgs; row: ElicitationRow };
  /** Best first. */
  search: { args: SearchArgs; row: FoundMessageRow };
  /** By name. */
  "agents.list": { args: NoArgs; row: AgentRow };
  /** Sessions that an agent has kept, in its own order. Asks the agent, which is started for it. */
  "sessions.list": { args: SessionsListArgs; row: SessionRow };
  /** One row. */
  "server.info": { args: NoArgs; row: ServerRow };
}

export type QueryName = keyof Queries;

/** Which threads. */
export interface ThreadsListArgs {
  /** Those that are not archived where it is absent. */
  archived?: boolean | "all" | undefined;
  /** Rows of a page, from 1 to 1,000; 50 where it is absent. */
  limit?: number | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
}

/** Which thread. */
export interface ThreadArgs {
  threadId: string;
}

/** Which part of a thread. */
export interface ThreadPageArgs {
  threadId: string;
  /** Rows of a page, from 1 to 1,000; 50 where it is absent. */
  limit?: number | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
}

/** Which message. */
export interface ItemArgs {
  threadId: string;
  itemId: string;
}

/** Which tool call. */
export interface ToolCallArgs {
  threadId: string;
  toolCallId: string;
}

/** Which part of a thread's timeline. */
export interface TimelineListArgs {
  threadId: string;
  /** Rows of a page, from 1 to 1,000; 50 where it is absent. */
  limit?: number | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
  /** Whether fields over 256 KiB are given whole. */
  whole?: boolean | undefined;
}

/** Which updates of a thread. */
export interface EventsListArgs {
  threadId: string;
  /** A cursor to begin after. */
  since?: string | undefined;
  /** Rows of a page, from 1 to 1,000; 50 where it is absent. */
  limit?: number | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
}

/** Which runs. */
export interface RunsListArgs {
  /** All threads where it is absent. */
  threadId?: string | undefined;
  /** Rows of a page, from 1 to 1,000; 50 where it is absent. */
  limit?: number | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
}

/** Which permission requests. */
export interface PermissionsListArgs {
  /** All threads where it is absent. */
  threadId?: string | undefined;
  /** Any where it is absent. */
  status?: PermissionStatus | undefined;
  /** Rows of a page, from 1 to 1,000; 50 where it is absent. */
  limit?: number | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
  /** Whether fields over 256 KiB are given whole. */
  whole?: boolean | undefined;
}

/** Which terminal. */
export interface TerminalArgs {
  threadId: string;
  terminalId: string;
}

/** Which questions of agents. */
export interface ElicitationsListArgs {
  /** All threads where it is absent. */
  threadId?: string | undefined;
  /** Any where it is absent. */
  status?: ElicitationStatus | undefined;
  /** Rows of a page, from 1 to 1,000; 50 where it is absent. */
  limit?: number | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
}

/** What to look for, and where. */
export interface SearchArgs {
  /** Words, of which all must be there; between quotation marks, as they stand. At most 1 KiB. */
  text: string;
  /** All threads where it is absent. */
  threadId?: string | undefined;
  /** Rows of a page, from 1 to 1,000; 50 where it is absent. */
  limit?: number | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
}

/** Needs none. */
export type NoArgs = Record<string, never>;

/** Which sessions of an agent. */
export interface SessionsListArgs {
  /** The default one where it is absent. */
  agent?: string | undefined;
  /** Only those of this directory. */
  workingDirectory?: string | undefined;
  /** The `nextPage` of the answer before. */
  page?: string | undefined;
}

/** Every stream, by its name. */
export interface Streams {
  threads: { row: ThreadRow; snapshot: ThreadsSnapshot };
  thread: { row: ThreadRow; snapshot: ThreadSnapshot };
  messages: { row: MessageRow; snapshot: MessagesSnapshot };
  tool_calls: { row: ToolCallRow; snapshot: ToolCallsSnapshot };
  plan: { row: PlanRow; snapshot: PlanSnapshot };
  state: { row: StateRow; snapshot: StateSnapshot };
  runs: { row: RunRow; snapshot: RunsSnapshot };
  permissions: { row: PermissionRow; snapshot: PermissionsSnapshot };
  terminals: { row: TerminalRow; snapshot: TerminalsSnapshot };
  elicitations: { row: ElicitationRow; snapshot: ElicitationsSnapshot };
}

// What the server says beside its sockets.

/** The one line on stdout of a server that listens. */
export interface ReadyLine {
  type: "tinyvex.ready";
  /** The loopback address where it listens on all. */
  url: string;
  /** The address of the WebSocket. */
  ws: string;
  port: number;
  /** Only where the server made it. */
  token?: string;
  pid: number;
  version: string;
  storeId: string;
  /** The path of the database. */
  db: string;
}

/** The line on stdout of a server that does not start, because another holds the database. */
export interface AlreadyRunningLine {
  type: "tinyvex.already_running";
  /** Absent where the other has not said it yet, as are those that follow. */
  url?: string;
  ws?: string;
  pid?: number;
  db: string;
}

/** The answer of `GET /healthz`. */
export interface Health {
  /** `store_error` comes with status 503. */
  status: "ok" | "store_error";
  /** Why the store takes no writes, and what helps. */
  reason?: string;
  version: string;
  storeId: string;
}
