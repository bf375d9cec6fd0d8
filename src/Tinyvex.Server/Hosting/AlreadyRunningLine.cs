using System.Text.Json;

namespace Tinyvex.Hosting;

/// <summary>The line on stdout of a server that does not start because another holds the database.</summary>
internal sealed record AlreadyRunningLine
{
    public string Type { get; init; } = "tinyvex.already_running";

    public string? Url { get; init; }

    public string? Ws { get; init; }

    public int? Pid { get; init; }

    public required string Db { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, HostingJson.Default.AlreadyRunningLine);
}
