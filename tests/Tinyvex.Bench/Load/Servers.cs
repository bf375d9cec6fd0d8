using System.Globalization;

namespace Tinyvex.Bench.Load;

/// <summary>The two published programs, and how they are started.</summary>
internal sealed record Servers(string Tinyvex, string Kestrel)
{
    /// <summary>A frame of Tinyvex with a chunk of ours, which the bare server forwards as long ones as.</summary>
    private const int FrameBytes = 318;

    public ServerProcess StartTinyvex(string database) => ServerProcess.Start(
        Tinyvex, "serve", "--db", database, "--port", "0", "--auth", "none", "--exit-with-stdin", "--log-level", "Error");

    public ServerProcess StartKestrel() => ServerProcess.Start(Kestrel, FrameBytes.ToString(CultureInfo.InvariantCulture));
}
