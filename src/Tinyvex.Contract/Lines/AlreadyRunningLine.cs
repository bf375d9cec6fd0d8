namespace Tinyvex.Contract.Lines;

/// <summary>The line on stdout of a server that does not start, because another holds the database.</summary>
public sealed record AlreadyRunningLine
{
    public string Type => "tinyvex.already_running";

    /// <summary>Absent where the other has not said it yet, as are those that follow.</summary>
    public string? Url { get; init; }

    public string? Ws { get; init; }

    public int? Pid { get; init; }

    public required string Db { get; init; }
}
