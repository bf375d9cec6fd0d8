using System.Text.Json.Nodes;

namespace HostCSharp;

/// <summary>Requests to the server, one a line. While it cannot take more, who sends waits.</summary>
internal sealed class Lines(TextWriter stdin)
{
    private readonly Lock _lock = new();

    public void Send(JsonObject request)
    {
        lock (_lock)
        {
            stdin.Write(request.ToJsonString() + "\n");
            stdin.Flush();
        }
    }
}
