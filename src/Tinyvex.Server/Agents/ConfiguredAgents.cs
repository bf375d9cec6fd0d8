using Microsoft.Extensions.Logging;

namespace Tinyvex.Agents;

/// <summary>
/// The agents of the command line and of the agents file. The file is looked at whenever somebody asks, and read again when it has changed, so that
/// an agent can be added while the server runs.
/// </summary>
internal sealed partial class ConfiguredAgents
{
    private readonly Lock _lock = new();
    private readonly TinyvexOptions _options;
    private readonly ILogger _logger;
    private AgentSet? _set;
    private (DateTime Written, long Length) _stamp;

    /// <summary>Reads the file, so that there is something to fall back on where it breaks.</summary>
    public ConfiguredAgents(TinyvexOptions options, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        Read();
    }

    /// <summary>As they are now; a file that cannot be read leaves those before, and says why in <see cref="AgentSet.Trouble"/>.</summary>
    public AgentSet Read()
    {
        lock (_lock)
        {
            var stamp = Stamp();
            if (_set is not null && stamp == _stamp) return _set;
            _stamp = stamp;
            try
            {
                _set = Combine(stamp == default ? null : AgentsFile.Read(_options.AgentsFile!));
            }
            catch (StartupException wrong)
            {
                LogRefused(wrong.Message);
                _set = (_set ?? Combine(null)) with { Trouble = wrong.Message };
            }

            return _set;
        }
    }

    private AgentSet Combine(AgentsFile? file)
    {
        var agents = new Dictionary<string, AgentDefinition>(StringComparer.Ordinal);
        foreach (var agent in file?.Definitions(_options) ?? []) agents[agent.Name] = agent;
        foreach (var agent in _options.Agents.Values) agents[agent.Name] = agent;
        return new AgentSet(agents, _options.NamedDefaultAgent ?? file?.Default ?? _options.DefaultAgent);
    }

    /// <summary>Both, as a write within the clock's grain of the last one has another length as a rule.</summary>
    private (DateTime Written, long Length) Stamp() =>
        _options.AgentsFile is { } path && new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    [LoggerMessage(
        EventId = LogEvents.AgentsFileRefused, Level = LogLevel.Warning, Message = "The agents file changed and cannot be read; the agents before stay: {Why}")]
    private partial void LogRefused(string why);
}
