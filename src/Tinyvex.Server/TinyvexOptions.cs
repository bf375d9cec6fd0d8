namespace Tinyvex;

/// <summary>Everything that can be set, and every limit with its reason. Immutable.</summary>
public sealed record TinyvexOptions
{
    /// <summary>Path of the database file.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>What an ack promises: a write that waits for the disk takes milliseconds, and one that does not a fraction of one.</summary>
    public Durability Durability { get; init; }

    /// <summary>Address to listen on.</summary>
    public System.Net.IPAddress Address { get; init; } = System.Net.IPAddress.Loopback;

    /// <summary>Port to listen on; 0 lets the system choose.</summary>
    public int Port { get; init; } = 9099;

    /// <summary>The token clients must show, or null where authentication is off.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the token was made by the server, and so is said in the ready line.</summary>
    public bool TokenIsOurs { get; init; }

    /// <summary>Origins allowed beside the built-in ones, as <c>scheme://host[:port]</c> or <c>scheme://*</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Host names allowed beside loopback names and the connection's own IP.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Agents of the command line, by name. They come before those of the agents file and those that are known.</summary>
    public IReadOnlyDictionary<string, AgentDefinition> Agents { get; init; } =
        new Dictionary<string, AgentDefinition>(StringComparer.Ordinal);

    /// <summary>The file of agents, which is read again when it changes; null for none.</summary>
    public string? AgentsFile { get; init; }

    /// <summary>Whether it is wrong for that file not to be there.</summary>
    public bool NeedsAgentsFile { get; init; }

    /// <summary>The agent of a thread that names none, whatever the file says.</summary>
    public string? NamedDefaultAgent { get; init; }

    /// <summary>The agent of a thread that names none, where the file says nothing of it either.</summary>
    public string DefaultAgent { get; init; } = "replay";

    /// <summary>The policy of new threads, where neither the agent nor the client says another one.</summary>
    public Policy DefaultPolicy { get; init; }

    /// <summary>Where agents of threads without a working directory of their own work.</summary>
    public string DefaultWorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Command that guards an agent: this binary and its verb.</summary>
    public IReadOnlyList<string> GuardCommand { get; init; } = [];

    /// <summary>Largest inbound WebSocket message, bytes: room for a pasted image, not for a file share.</summary>
    public int MaxFrameBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Largest line of an agent, bytes: tool results carry whole files.</summary>
    public int MaxAgentLineBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Thread ids, item ids, keys and the like, UTF-8 bytes: far above any real one, and still cheap to keep in an index.</summary>
    public int MaxIdBytes { get; init; } = 1024;

    /// <summary>Concurrent WebSocket connections: at up to 10 KB each while they are idle this is 100 MB.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Subscriptions of one connection; a UI has a handful, a dashboard some hundreds.</summary>
    public int MaxSubscriptionsPerConnection { get; init; } = 1_000;

    /// <summary>Clients without the right token within a minute, all together: a tab with an old one comes every few seconds, a guesser far more often.</summary>
    public int MaxFailedTokens { get; init; } = 100;

    /// <summary>The same of one address that is not loopback: a person mistypes a few times, and one address should not use up what is for all.</summary>
    public int MaxFailedTokensPerAddress { get; init; } = 20;

    /// <summary>One-time codes that wait to be used: a person opens a window or two, and one who asks for many in a loop only replaces their own.</summary>
    public int MaxOneTimeCodes { get; init; } = 100;

    /// <summary>How long a one-time code is taken: time for a browser to start on a slow machine, or for a link to be pasted, and no more.</summary>
    public TimeSpan OneTimeCodeLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Events a cursor may lie behind: replaying them takes seconds, beyond which a snapshot shows in milliseconds what is looked at.</summary>
    public int MaxReplayedEvents { get; init; } = 1_000_000;

    /// <summary>Unanswered writes of one connection; beyond it the server stops reading, which the peer's TCP feels.</summary>
    public int MaxWritesInFlight { get; init; } = 1_024;

    /// <summary>Reply bytes waiting for one connection; beyond it the server stops reading from it.</summary>
    public int MaxReplyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of commands waiting for the writer; beyond it producers wait.</summary>
    public int MaxWriterQueueBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Prompts waiting in one thread; a person queues a few.</summary>
    public int MaxQueuedRuns { get; init; } = 100;

    /// <summary>Questions of a thread's agent, beside permissions, that wait for a person: more than one can look at, and a loop is stopped early.</summary>
    public int MaxPendingElicitations { get; init; } = 100;

    /// <summary>A question of an agent, bytes: far above any form a person fills in, and it goes whole to every client.</summary>
    public int MaxElicitationBytes { get; init; } = 256 * 1024;

    /// <summary>Agent processes alive at once; each is a Node process of some 100 MB as a rule.</summary>
    public int MaxAgents { get; init; } = 32;

    /// <summary>Terminals of one agent that it has not released; more than a person would have open, and each may hold its output.</summary>
    public int MaxTerminals { get; init; } = 32;

    /// <summary>Output of a terminal that is kept, bytes, the last of it: some ten thousand lines, which is what terminals keep to scroll back.</summary>
    public int MaxTerminalBytes { get; init; } = 1024 * 1024;

    /// <summary>Text that an agent is given of a file at once, bytes: source files are far smaller, and a model could not read more.</summary>
    public int MaxFileBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Agents that connections run themselves, at once: an app has one or a few, and each is a line in every list of agents.</summary>
    public int MaxAttachedAgents { get; init; } = 100;

    /// <summary>How long turns wait for the connection that runs their agent, once it is lost: an app that was restarted, or a network that changed, is back by then.</summary>
    public TimeSpan AttachGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Last lines of an agent's stderr kept for its error: what a person reads before scrolling.</summary>
    public int AgentStderrLines { get; init; } = 20;

    /// <summary>How long an agent may stay silent at <c>initialize</c> and <c>session/new</c>: npx installs on first use.</summary>
    public TimeSpan AgentStartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an agent may have nothing to do before it is ended; infinite for ever. Half an hour: who is back by then goes on at once.</summary>
    public TimeSpan AgentIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Silence in a turn after which its run is shown as stalled; infinite for never. Two minutes: models think for one, and then say something.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an agent may take to end a cancelled turn before it is killed: time to undo a step, not to finish it.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long agents get to end their turns when the server stops: a sixth of the 3 s that the whole stop may take.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Silence after which what an agent said behind the end of its turn is made final: longer than a pause between two chunks.</summary>
    public TimeSpan LateUpdateQuiet { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Time between pings: below the 20 s and more after which routers forget a quiet connection.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Silence after which a connection is given up: three pings without an answer.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long one write to a connection may take before it is given up: a reader that is slow but alive takes a segment in less.</summary>
    public TimeSpan ProgressLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Age at which chunks of a final message are merged in the log; infinite for never. A week: how an answer came to be, bit by bit, matters no longer.</summary>
    public TimeSpan KeepRaw { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long an idempotency key is remembered: a client that was offline overnight may still repeat its last write.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromHours(24);
}
