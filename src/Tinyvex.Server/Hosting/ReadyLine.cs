using System.Text.Json;

namespace Tinyvex.Hosting;

/// <summary>The one line that the server prints on stdout (docs/protocol.md, "Endpoint").</summary>
internal sealed record ReadyLine
{
    public string Type { get; init; } = "tinyvex.ready";

    public required string Url { get; init; }

    public required string Ws { get; init; }

    public required int Port { get; init; }

    /// <summary>Only where the server made it.</summary>
    public string? Token { get; init; }

    public required int Pid { get; init; }

    public required string Version { get; init; }

    public required string StoreId { get; init; }

    public required string Db { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, HostingJson.Default.ReadyLine);
}
