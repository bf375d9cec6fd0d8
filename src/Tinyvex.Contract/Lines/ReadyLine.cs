namespace Tinyvex.Contract.Lines;

/// <summary>The one line on stdout of a server that listens.</summary>
public sealed record ReadyLine
{
    public string Type => "tinyvex.ready";

    /// <summary>The loopback address where it listens on all.</summary>
    public required string Url { get; init; }

    /// <summary>The address of the WebSocket.</summary>
    public required string Ws { get; init; }

    public required int Port { get; init; }

    /// <summary>Only where the server made it.</summary>
    public string? Token { get; init; }

    public required int Pid { get; init; }

    public required string Version { get; init; }

    public required string StoreId { get; init; }

    /// <summary>The path of the database.</summary>
    public required string Db { get; init; }
}
