namespace Tinyvex.Agents;

/// <summary>An agent that can be started by its name alone, once it is installed.</summary>
internal sealed record KnownAgent
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The program that has to be installed; null for what this program does by itself.</summary>
    public required string? Program { get; init; }

    /// <summary>What is started: the program with these arguments; of one that is ours, this program with them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether it is a verb of this program.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The npm package that brings the program.</summary>
    public string? Package { get; init; }

    /// <summary>What to run to install it.</summary>
    public string? Install => Package is null ? null : "npm install -g " + Package;

    /// <summary>What to run when it wants a login.</summary>
    public string? Login { get; init; }

    /// <summary>Whether it can do with the server's files, where nothing else is configured.</summary>
    public bool OffersFiles { get; init; } = true;

    /// <summary>The whole command here.</summary>
    public IReadOnlyList<string> CommandFor(TinyvexOptions options)
    {
        if (!IsOwn) return [Program!, .. Arguments];
        // Beside the database, as what is in there belongs to its threads.
        var sessions = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.DatabasePath))!, Name);
        return [.. options.GuardCommand.SkipLast(1), .. Arguments.Select(argument => argument == KnownAgents.SessionsFolder ? sessions : argument)];
    }
}
