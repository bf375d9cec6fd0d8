using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tinyvex.Attached;

namespace Tinyvex.Agents;

/// <summary>The agents there are, configured, known or attached: which one a prompt goes to, and which of them can be started here.</summary>
/// <param name="attached">Those that connections run; null where there are no connections.</param>
internal sealed class AgentCatalog(TinyvexOptions options, ILogger logger, AttachedAgents? attached = null)
{
    private readonly ConfiguredAgents _configured = new(options, logger);
    private readonly AgentVersions _versions = new();

    private readonly ConcurrentDictionary<string, AgentFacts> _facts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _logins = new(StringComparer.Ordinal);

    // What each said last when it was started. An agent that was not is not in here.
    private readonly ConcurrentDictionary<string, bool> _wantsLogin = new(StringComparer.Ordinal);

    /// <summary>The agent of a prompt: the one asked for, else the thread's, else the default.</summary>
    /// <param name="threadSource">The thread's source: the name of its agent, or of whoever ingests its updates.</param>
    /// <exception cref="TinyvexException"><c>agent_unavailable</c>.</exception>
    public string Choose(string? asked, string? threadSource)
    {
        var set = _configured.Read();
        var name = asked ?? (threadSource is not null && IsThere(set, threadSource) ? threadSource : DefaultOf(set));
        if (IsThere(set, name)) return name;
        if (KnownAgents.Find(name) is { } known)
        {
            throw Unavailable($"agent '{name}' is not installed here: {NotFound(known.Program!)}. Install it with: {known.Install}");
        }

        var names = set.Agents.Keys.Concat(KnownAgents.All.Where(IsInstalled).Select(agent => agent.Name)).Concat(Attached.Select(agent => agent.Name))
            .Distinct().Order(StringComparer.Ordinal);
        throw Unavailable($"there is no agent '{name}'; there are: {string.Join(", ", names)}" + (set.Trouble is { } trouble ? $". {trouble}" : ""));
    }

    public AgentDefinition Get(string name) =>
        _configured.Read().Agents.GetValueOrDefault(name) ?? OfKnown(name) ?? throw Unavailable($"there is no agent '{name}' any more");

    /// <summary>An agent that a prompt may go to, or null.</summary>
    public AgentDefinition? Find(string name) =>
        _configured.Read() is var set && IsThere(set, name) ? set.Agents.GetValueOrDefault(name) ?? OfKnown(name) : null;

    private AgentDefinition? OfKnown(string name) =>
        KnownAgents.Find(name) is { } known
            ? new AgentDefinition { Name = name, Title = known.Title, Command = known.CommandFor(options), OffersFiles = known.OffersFiles }
            : null;

    /// <summary>Whether the server runs the agent of that name, or would: it is configured or known, and no client's.</summary>
    public bool IsOurs(string name) => _configured.Read().Agents.ContainsKey(name) || KnownAgents.Find(name) is not null;

    private IReadOnlyList<AttachedAgent> Attached => attached?.List() ?? [];

    /// <summary>Where nothing is configured but the recording, an app that brings its own agent means that one.</summary>
    private string DefaultOf(AgentSet set) =>
        options.NamedDefaultAgent is null && set.Agents.Count == 0 && Attached is [var first, ..] ? first.Name : set.Default;

    /// <summary>Checks, when a server starts, what would otherwise be told to whoever sends the first prompt.</summary>
    /// <exception cref="StartupException">The agents file is none, or the default is no agent.</exception>
    public void Check()
    {
        if (options is { NeedsAgentsFile: true, AgentsFile: { } path } && !File.Exists(path)) AgentsFile.Read(path);
        var set = _configured.Read();
        if (set.Trouble is { } trouble) throw new StartupException(ExitCode.WrongUsage, trouble);
        if (set.Agents.ContainsKey(set.Default) || KnownAgents.Find(set.Default) is not null) return;
        var names = set.Agents.Keys.Concat(KnownAgents.All.Select(known => known.Name)).Distinct();
        throw new StartupException(ExitCode.WrongUsage, $"there is no agent '{set.Default}' to be the default; there are: {string.Join(", ", names)}");
    }

    /// <summary>An agent was started, and opened a session or asked for a login.</summary>
    public void NoteLogin(string name, bool isWanted) => _wantsLogin[name] = isWanted;

    /// <summary>Notes what an agent said of itself when it was started last.</summary>
    public void Learn(string name, AgentFacts facts) => _facts[name] = facts;

    /// <summary>What is known of an agent, once it was started.</summary>
    public AgentFacts? Facts(string name) => _facts.GetValueOrDefault(name);

    /// <summary>Notes by which method an agent was logged in, for its processes to come.</summary>
    public void LoggedIn(string name, string methodId) => _logins[name] = methodId;

    /// <summary>The method by which an agent was logged in, in this life of the server.</summary>
    public string? Login(string name) => _logins.GetValueOrDefault(name);

    /// <summary>What to run for a login, where that is known.</summary>
    public string? LoginOf(string name) =>
        (_configured.Read().Agents.TryGetValue(name, out var agent) ? KnownAgents.OfProgram(agent.Command[0]) : null)?.Login ?? KnownAgents.Find(name)?.Login;

    /// <summary>Waits until the versions that are being asked for are known.</summary>
    public Task SettleAsync() => _versions.SettleAsync();

    /// <summary>Writes the rows of <c>agents.list</c>: first what may be there, then what is known and not installed.</summary>
    public void Write(Utf8JsonWriter json)
    {
        var set = _configured.Read();
        var byDefault = DefaultOf(set);
        var known = KnownAgents.All.Where(agent => !set.Agents.ContainsKey(agent.Name)).ToList();
        json.WriteStartArray("rows"u8);
        var there = set.Agents.Values.Select(agent => (Agent: agent, IsConfigured: true))
            .Concat(known.Where(IsInstalled).Select(agent => (Agent: Get(agent.Name), IsConfigured: false)));
        foreach (var (agent, isConfigured) in there.OrderBy(agent => agent.Agent.Name, StringComparer.Ordinal)) Write(json, agent, isConfigured, byDefault);
        foreach (var agent in Attached) Write(json, agent, byDefault);
        foreach (var missing in known.Where(agent => !IsInstalled(agent))) Write(json, Get(missing.Name), isConfigured: false, byDefault);
        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, AgentDefinition agent, bool isConfigured, string byDefault)
    {
        var known = isConfigured ? KnownAgents.OfProgram(agent.Command[0]) : KnownAgents.Find(agent.Name);
        // Of an agent of ours the program that matters is the one it runs.
        var program = isConfigured || known!.Program is null ? agent.Command[0] : known.Program;
        var path = ExecutableSearch.Find(agent with { Command = [program] });
        json.WriteStartObject();
        json.WriteString("name"u8, agent.Name);
        json.WriteString("title"u8, agent.Title ?? agent.Name);
        // The program alone: arguments may hold what is nobody's business.
        json.WriteString("command"u8, Path.GetFileName(program));
        json.WriteBoolean("available"u8, path is not null);
        json.WriteString("reason"u8, path is not null ? null : NotFound(program));
        json.WriteString("version"u8, Facts(agent.Name)?.Version ?? (path is null || known?.Program is null ? null : _versions.Of(known, path)));
        json.WriteBoolean("default"u8, agent.Name == byDefault);
        json.WriteString("source"u8, isConfigured ? "configured"u8 : "known"u8);
        json.WriteString("install"u8, known?.Install);
        json.WriteString("login"u8, (known ?? KnownAgents.Find(agent.Name))?.Login);
        json.WritePropertyName("wantsLogin"u8);
        if (_wantsLogin.TryGetValue(agent.Name, out var wanted)) json.WriteBooleanValue(wanted);
        else json.WriteNullValue();
        var facts = Facts(agent.Name);
        WriteRaw(json, "capabilities"u8, facts?.Capabilities);
        WriteRaw(json, "authMethods"u8, facts?.AuthMethods);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AttachedAgent agent, string byDefault)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, agent.Name);
        json.WriteString("title"u8, agent.Title);
        json.WriteString("command"u8, ""u8);
        json.WriteBoolean("available"u8, true);
        json.WriteNull("reason"u8);
        json.WriteNull("version"u8);
        json.WriteBoolean("default"u8, agent.Name == byDefault);
        json.WriteString("source"u8, "attached"u8);
        json.WriteNull("install"u8);
        json.WriteNull("login"u8);
        json.WriteNull("wantsLogin"u8);
        json.WriteNull("capabilities"u8);
        json.WriteNull("authMethods"u8);
        json.WriteEndObject();
    }

    private bool IsThere(AgentSet set, string name) =>
        set.Agents.ContainsKey(name) || attached?.IsAttached(name) == true || (KnownAgents.Find(name) is { } known && IsInstalled(known));

    private static bool IsInstalled(KnownAgent known) =>
        known.Program is null || ExecutableSearch.Find(new AgentDefinition { Name = known.Name, Command = [known.Program] }) is not null;

    private static TinyvexException Unavailable(string message) => new(ErrorCode.AgentUnavailable, message);

    private static string NotFound(string program) => $"'{program}' was not found in PATH";

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte>? value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value is { } raw ? raw.Span : "null"u8, skipInputValidation: true);
    }
}
