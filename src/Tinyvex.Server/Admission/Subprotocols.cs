namespace Tinyvex.Admission;

/// <summary>The two modes of a connection, chosen by WebSocket subprotocol (docs/protocol.md, "Endpoint").</summary>
internal static class Subprotocols
{
    public const string Sync = "tinyvex.v1";
    public const string Broadcast = "tinyvex.broadcast.v1";

    public static List<string> Parse(IEnumerable<string?> headers)
    {
        var offered = new List<string>();
        foreach (var header in headers)
        {
            if (header is null) continue;
            foreach (var entry in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) offered.Add(entry);
        }

        return offered;
    }

    /// <summary>The mode to answer with, null where nothing was offered; false where what was offered is neither.</summary>
    public static bool TryChoose(List<string> offered, out string? chosen)
    {
        chosen = offered.Find(entry => entry is Sync or Broadcast);
        return chosen is not null || offered.Count == 0;
    }
}
