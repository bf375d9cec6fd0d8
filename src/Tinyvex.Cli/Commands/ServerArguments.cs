using System.CommandLine;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tinyvex.Admission;
using Tinyvex.Agents;
using Tinyvex.Cli.Logs;
using Tinyvex.Hosting;

namespace Tinyvex.Cli.Commands;

/// <summary>The options of a server, and the record they become.</summary>
internal sealed class ServerArguments
{
    private const string TokenVariable = "TINYVEX_TOKEN";
    private const string LogLevels = "Trace|Debug|Information|Warning|Error|None";

    private readonly Option<string?> _listen = new("--listen") { Description = "Address and port to listen on (127.0.0.1:9099).", HelpName = "ADDRESS:PORT" };

    private readonly Option<int?> _port = new("--port")
    {
        Description = "Port alone; 0 takes any free one.",
        HelpName = "N",
        CustomParser = result =>
        {
            if (ushort.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return port;
            result.AddError($"--port is a number from 0 to 65535; '{result.Tokens[0].Value}' is not");
            return null;
        },
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"File that holds the token clients must show. Without it ${TokenVariable} is taken, and without that one is made.",
        HelpName = "FILE",
    };

    private readonly Option<string> _auth = new("--auth")
    {
        Description = "token, or none: no token at all, on a loopback address only.",
        HelpName = "token|none",
        DefaultValueFactory = _ => "token",
    };

    private readonly Option<string[]> _allowOrigin = new("--allow-origin")
    {
        Description = "An Origin that may connect, beside loopback ones and Tauri's: scheme://host[:port], or scheme://* for all of a scheme. May be repeated.",
        HelpName = "ORIGIN",
    };

    private readonly Option<string[]> _allowHost = new("--allow-host")
    {
        Description = "A Host name this server answers to, beside loopback names and its own address. May be repeated.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _agent = new("--agent")
    {
        Description = "An agent and its command, split by quotes and never given to a shell. May be repeated.",
        HelpName = "NAME=\"COMMAND ARGS\"",
    };

    private readonly Option<string?> _agentsFile = new("--agents-file")
    {
        Description = "File of agents: {\"default\":\"codex\",\"agents\":{\"codex\":{\"command\":[\"codex-acp\"],\"env\":{}}}}. Without it, agents.json beside the database.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _defaultAgent = new("--default-agent") { Description = "The agent of threads that name none.", HelpName = "NAME" };

    private readonly Option<Policy?> _policy = PolicyOption.Create(
        $"What agents of new threads may do without asking, where agents.json says nothing else: {PolicyNames.Listed} (ask).");

    private readonly Option<TimeSpan?> _agentStartTimeout = NumberOption.Seconds(
        "--agent-start-timeout", TimeSpan.FromMilliseconds(1), "more than 0 and at most 3600", "How long an agent may stay silent when it starts (60).");

    private readonly Option<TimeSpan?> _agentIdle = Time("--agent-idle", "How long an agent may have nothing to do before it is ended (30m)");

    private readonly Option<TimeSpan?> _stalledAfter = Time("--stalled-after", "Silence in a turn after which its run is shown as stalled (2m)");

    private readonly Option<TimeSpan?> _attachGrace = NumberOption.Seconds(
        "--attach-grace", TimeSpan.Zero, "from 0 to 3600",
        "How long turns of an agent that a client runs wait for it to come back once its connection is lost (30).");

    private readonly Option<int?> _maxAgents = NumberOption.Count("--max-agents", "Agents alive at once (32); for one more, the one idle for longest is ended.");

    private readonly Option<int?> _maxConnections = NumberOption.Count("--max-connections", "Connections at once (10000); one more is refused with HTTP 503.");

    private readonly Option<int?> _maxSubscriptions = NumberOption.Count("--max-subscriptions", "Subscriptions of one connection (1000); one more is refused.");

    private readonly Option<int?> _maxFailedTokens = NumberOption.Count("--max-failed-tokens", "Clients without the right token within a minute (100); more of them are turned away with HTTP 429. The right token always enters.");

    private readonly Option<string> _durability = new("--durability")
    {
        Description = "normal: an acked write survives the end of the server, however that comes. full: the loss of power too; every commit waits for the disk.",
        HelpName = "normal|full",
        DefaultValueFactory = _ => "normal",
    };

    private readonly Option<TimeSpan?> _keepRaw = Time("--keep-raw", "Age at which the chunks of a finished message are merged in the log (7d)");

    private readonly Option<LogLevel> _logLevel = new("--log-level")
    {
        Description = "What is logged on stderr. Conversation content appears at Trace alone.",
        HelpName = LogLevels,
        DefaultValueFactory = _ => LogLevel.Information,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (char.IsAsciiLetter(text.FirstOrDefault()) && Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level)) return level;
            result.AddError($"--log-level is one of {LogLevels}; '{text}' is not");
            return default;
        },
    };

    private readonly Option<string> _logFormat = new("--log-format")
    {
        Description = "text, or json: one object a line.",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    };

    public ServerArguments()
    {
        _auth.AcceptOnlyFromAmong("token", "none");
        _durability.AcceptOnlyFromAmong("normal", "full");
        _logFormat.AcceptOnlyFromAmong("text", "json");
    }

    private static Option<TimeSpan?> Time(string name, string what) => new(name)
    {
        Description = what + ": a number and s, m, h or d, or forever.",
        HelpName = "TIME|forever",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Age.TryParse(text, out var age)) return age;
            result.AddError($"{name} is a number and s, m, h or d, such as 12h or 30d, or forever; '{text}' is not");
            return null;
        },
    };

    public static Option<string?> Database() => new("--db")
    {
        Description = "Database file. Without it, tinyvex/tinyvex.db in this user's data directory.",
        HelpName = "PATH",
    };

    /// <summary>The real path of the database that was named, or of this user's, by which advice names it too.</summary>
    public static string DatabaseOf(string? given) => DataDirectory.Resolve(given ?? DataDirectory.DefaultDatabase);

    public Option<string?> Db { get; } = Database();

    public void AddTo(Command verb)
    {
        foreach (var option in (Option[])[Db, _listen, _port, _tokenFile, _auth, _allowOrigin, _allowHost, _agent, _agentsFile, _defaultAgent, _policy, _agentStartTimeout, _agentIdle, _stalledAfter, _attachGrace, _maxAgents, _maxConnections, _maxSubscriptions, _maxFailedTokens, _durability, _keepRaw, _logLevel, _logFormat])
        {
            verb.Options.Add(option);
        }
    }

    public ILoggerFactory Loggers(ParseResult parsed, LogLevel? atLeast = null)
    {
        var level = parsed.GetValue(_logLevel);
        if (atLeast is not null && parsed.GetResult(_logLevel) is null or { Implicit: true }) level = atLeast.Value;
        return StderrLogs.Create(level, parsed.GetValue(_logFormat) == "json");
    }

    /// <summary>For a server that ends with a command: what it has to say is the command's to say, but for its failures.</summary>
    public static ILoggerFactory LoggersForCommand(LogLevel level = LogLevel.Error) => StderrLogs.Create(level, json: false);

    /// <exception cref="StartupException">A value is no good; exit code 2.</exception>
    public TinyvexOptions Read(ParseResult parsed)
    {
        var (address, port) = ReadListen(parsed);
        var authenticate = parsed.GetValue(_auth) == "token";
        if (!authenticate && !IPAddress.IsLoopback(address))
        {
            throw Wrong($"--auth none is for loopback addresses: on {address} anyone in the network could run commands here. Leave it out.");
        }

        var (token, ours) = authenticate ? ReadToken(parsed) : (null, false);
        var database = DataDirectory.Resolve(parsed.GetValue(Db) ?? DataDirectory.DefaultDatabase);
        var options = WithAgents(
            new TinyvexOptions { DatabasePath = database }, parsed.GetValue(_agent) ?? [], parsed.GetValue(_agentsFile), parsed.GetValue(_defaultAgent));
        return options with
        {
            Address = address,
            Port = port,
            Token = token,
            TokenIsOurs = ours,
            AllowedOrigins = [.. (parsed.GetValue(_allowOrigin) ?? []).Select(CheckOrigin)],
            AllowedHosts = parsed.GetValue(_allowHost) ?? [],
            DefaultPolicy = parsed.GetValue(_policy) ?? options.DefaultPolicy,
            AgentStartTimeout = parsed.GetValue(_agentStartTimeout) ?? options.AgentStartTimeout,
            AgentIdle = ReadTime(parsed, _agentIdle) ?? options.AgentIdle,
            StalledAfter = ReadTime(parsed, _stalledAfter) ?? options.StalledAfter,
            AttachGrace = parsed.GetValue(_attachGrace) ?? options.AttachGrace,
            MaxAgents = parsed.GetValue(_maxAgents) ?? options.MaxAgents,
            MaxConnections = parsed.GetValue(_maxConnections) ?? options.MaxConnections,
            MaxSubscriptionsPerConnection = parsed.GetValue(_maxSubscriptions) ?? options.MaxSubscriptionsPerConnection,
            MaxFailedTokens = parsed.GetValue(_maxFailedTokens) ?? options.MaxFailedTokens,
            Durability = parsed.GetValue(_durability) == "full" ? Durability.Full : Durability.Normal,
            KeepRaw = parsed.GetValue(_keepRaw) ?? options.KeepRaw,
        };
    }

    /// <summary>The options of a server that is started for one command and ends with it: only that command knows its address and token.</summary>
    /// <param name="database">The file, or null for this user's.</param>
    /// <param name="agents">Agents as <c>--agent</c> takes them, beside those of the agents file.</param>
    /// <exception cref="StartupException">A value is no good; exit code 2.</exception>
    public static TinyvexOptions ForCommand(string? database, IEnumerable<string> agents)
    {
        var path = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        return WithAgents(new TinyvexOptions { DatabasePath = path }, [.. agents], null, null) with { Port = 0, Token = AccessToken.Make(), TokenIsOurs = true };
    }

    /// <summary>The same for one who looks at conversations, whom agents do not concern: where their file cannot be read, it is told and passed over.</summary>
    public static TinyvexOptions ForConversations(string? database)
    {
        var path = DataDirectory.Resolve(database ?? DataDirectory.DefaultDatabase);
        try
        {
            return ForCommand(database, []);
        }
        catch (StartupException broken) when (File.Exists(AgentsFile.PathOf(path)))
        {
            Console.Error.WriteLine(Terminal.Screen.Error.Yellow($"tinyvex: {broken.Message}"));
            return new TinyvexOptions { DatabasePath = path, Port = 0, Token = AccessToken.Make(), TokenIsOurs = true };
        }
    }

    /// <summary>A time that a timer waits for: nothing, or more than one counts, is not meant.</summary>
    private static TimeSpan? ReadTime(ParseResult parsed, Option<TimeSpan?> option) => parsed.GetValue(option) switch
    {
        { Ticks: 0 } => throw Wrong($"{option.Name} is more than nothing"),
        { Days: > 40 } => Timeout.InfiniteTimeSpan,
        var time => time,
    };

    /// <summary>How this program is started again: the one file itself, or, in a build that is not published, through its host.</summary>
    public static string[] SelfCommand => Environment.ProcessPath is { } path && !Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
        ? [path]
        : [Environment.ProcessPath ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "tinyvex.dll")];

    private (IPAddress Address, int Port) ReadListen(ParseResult parsed)
    {
        const int defaultPort = 9099;
        var listen = parsed.GetValue(_listen);
        var port = parsed.GetValue(_port);
        if (listen is null) return (IPAddress.Loopback, port ?? defaultPort);
        if (port is not null) throw Wrong("give --listen ADDRESS:PORT or --port N, not both");
        if (listen.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase)) listen = "127.0.0.1" + listen["localhost".Length..];
        var hasPort = listen.StartsWith('[') ? listen.Contains("]:", StringComparison.Ordinal) : listen.Count(c => c == ':') == 1;
        return IPEndPoint.TryParse(listen, out var endpoint)
            ? (endpoint.Address, hasPort ? endpoint.Port : defaultPort)
            : throw Wrong($"--listen is an IP address and a port, such as 127.0.0.1:9099 or [::1]:9099; '{listen}' is not");
    }

    private (string? Token, bool Ours) ReadToken(ParseResult parsed)
    {
        string? token;
        string from;
        if (parsed.GetValue(_tokenFile) is { } file)
        {
            from = file;
            try
            {
                token = File.ReadAllText(file).Trim();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Wrong($"the token file cannot be read: {exception.Message}");
            }
        }
        else
        {
            from = "$" + TokenVariable;
            token = Environment.GetEnvironmentVariable(TokenVariable);
        }

        if (token is null) return (AccessToken.Make(), true);
        return AccessToken.IsWellFormed(token)
            ? (token, false)
            : throw Wrong($"the token in {from} must be {AccessToken.MinLength} or more characters of A-Z a-z 0-9 . _ ~ -");
    }

    /// <summary>The options with the agents that were given, and where others stand; checked, as far as that can be done before a prompt.</summary>
    private static TinyvexOptions WithAgents(TinyvexOptions options, string[] given, string? agentsFile, string? named)
    {
        var agents = new Dictionary<string, AgentDefinition>(StringComparer.Ordinal);
        foreach (var one in given)
        {
            var agent = ReadAgent(one);
            agents[agent.Name] = agent;
        }

        var all = options with
        {
            Agents = agents,
            AgentsFile = agentsFile ?? AgentsFile.PathOf(options.DatabasePath),
            NeedsAgentsFile = agentsFile is not null,
            NamedDefaultAgent = named,
            DefaultAgent = given is [var first, ..] ? SplitAgent(first).Name : KnownAgents.Replay,
            GuardCommand = [.. SelfCommand, "guard"],
        };
        new AgentCatalog(all, NullLogger.Instance).Check();
        return all;
    }

    /// <summary>An agent as it is given on a command line: NAME="COMMAND ARGS".</summary>
    /// <exception cref="StartupException">It is not; exit code 2.</exception>
    public static AgentDefinition ReadAgent(string given)
    {
        var (name, command) = SplitAgent(given);
        try
        {
            return new AgentDefinition { Name = name, Command = CommandLine.Split(command) };
        }
        catch (FormatException exception)
        {
            throw Wrong($"--agent {name}: {exception.Message}");
        }
    }

    private static (string Name, string Command) SplitAgent(string given)
    {
        var at = given.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (given[..at], given[(at + 1)..]) : throw Wrong($"--agent is NAME=\"COMMAND ARGS\", such as codex=\"npx codex-acp\"; '{given}' is not");
    }

    private static string CheckOrigin(string origin)
    {
        var scheme = origin.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && scheme + 3 < origin.Length && !origin.AsSpan(scheme + 3).Contains('/')
            ? origin
            : throw Wrong($"--allow-origin is scheme://host[:port] or scheme://*; '{origin}' is not");
    }

    private static StartupException Wrong(string message) => new(ExitCode.WrongUsage, message);
}
