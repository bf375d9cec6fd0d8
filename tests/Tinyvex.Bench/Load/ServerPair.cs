namespace Tinyvex.Bench.Load;

/// <summary>Both servers, running for as long as a benchmark takes turns between them.</summary>
internal sealed class ServerPair : IDisposable
{
    private readonly WorkFolder _folder = new();

    public ServerPair(Servers servers)
    {
        try
        {
            Tinyvex = servers.StartTinyvex(_folder.NewDatabase());
            Kestrel = servers.StartKestrel();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ServerProcess Tinyvex { get; }

    public ServerProcess Kestrel { get; }

    public void Dispose()
    {
        // Null where the other did not start.
        Tinyvex?.Dispose();
        Kestrel?.Dispose();
        _folder.Dispose();
    }
}
