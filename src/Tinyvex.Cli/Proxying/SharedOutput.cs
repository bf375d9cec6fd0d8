using System.Collections.Concurrent;

namespace Tinyvex.Cli.Proxying;

/// <summary>
/// Where one side's bytes go, and now and then a line of ours between two of theirs. Passing blocks as the reader does; putting in never
/// does, since who does it has other work.
/// </summary>
internal sealed class SharedOutput(Stream stream)
{
    private readonly Lock _lock = new();
    // Bounded by the requests that are followed, each of which is answered once.
    private readonly ConcurrentQueue<byte[]> _lines = new();
    private bool _isBetweenLines = true;

    /// <exception cref="IOException">Nobody reads any more.</exception>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        lock (_lock)
        {
            if (!_lines.IsEmpty)
            {
                if (!_isBetweenLines)
                {
                    var end = bytes.IndexOf((byte)'\n') + 1;
                    stream.Write(bytes[..end]);
                    _isBetweenLines = end > 0;
                    bytes = bytes[end..];
                }

                if (_isBetweenLines) PutIn();
                if (bytes.IsEmpty) return;
            }

            stream.Write(bytes);
            stream.Flush();
            _isBetweenLines = bytes[^1] == '\n';
        }
    }

    /// <summary>Puts a line of ours, its end included, in at the next place between two others.</summary>
    public void Insert(byte[] line)
    {
        _lines.Enqueue(line);
        ThreadPool.UnsafeQueueUserWorkItem(static output => output.TryPutIn(), this, preferLocal: false);
    }

    private void TryPutIn()
    {
        lock (_lock)
        {
            if (!_isBetweenLines) return;
            try
            {
                PutIn();
            }
            catch (Exception closed) when (closed is IOException or ObjectDisposedException)
            {
                // Whoever passes bytes learns of it too, and acts on it.
            }
        }
    }

    private void PutIn()
    {
        while (_lines.TryDequeue(out var line)) stream.Write(line);
        stream.Flush();
    }
}
