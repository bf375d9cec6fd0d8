using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Proxying;

/// <summary>The server has answered a request with an error.</summary>
internal sealed class RefusedException(JsonElement frame) : Exception(frame.Text("message"))
{
    public string Code { get; } = frame.Text("code") ?? "";

    /// <summary>Whether the same may be taken later.</summary>
    public bool IsForNow => Code is "store_error" or "overloaded";

    public JsonElement Details { get; } = frame.TryGetProperty("data", out var data) ? data : default;
}
