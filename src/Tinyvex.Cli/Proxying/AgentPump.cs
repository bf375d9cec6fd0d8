namespace Tinyvex.Cli.Proxying;

/// <summary>
/// From the agent to the editor: bytes as they come. A line is noted before its end is passed on, as what the editor answers must not be
/// noted first; that takes some microseconds.
/// </summary>
internal sealed class AgentPump(Stream agent, SharedOutput editor, IWitness witness)
{
    /// <summary>A pipe of Linux holds no more.</summary>
    private const int BufferBytes = 64 * 1024;

    private readonly LineCutter _cutter = new(PassingLimits.MaxLineBytes);

    /// <summary>Works until the agent's output ends, or nobody reads it any more.</summary>
    public void Run()
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = agent.Read(buffer)) > 0)
        {
            var bytes = buffer.AsSpan(0, read);
            var rest = bytes;
            int end;
            while ((end = rest.IndexOf((byte)'\n')) >= 0)
            {
                witness.AgentSaid(_cutter.End(rest[..end]));
                rest = rest[(end + 1)..];
            }

            _cutter.Add(rest);
            editor.Pass(bytes);
        }
    }
}
