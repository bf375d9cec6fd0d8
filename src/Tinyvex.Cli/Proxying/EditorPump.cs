namespace Tinyvex.Cli.Proxying;

/// <summary>
/// From the editor to the agent: bytes as they come. Only while the agent waits for an answer each line is looked at first, as it may
/// be the answer, which others may have given before.
/// </summary>
internal sealed class EditorPump(Stream editor, SharedOutput agent, IWitness witness)
{
    /// <summary>A pipe of Linux holds no more.</summary>
    private const int BufferBytes = 64 * 1024;

    /// <summary>An answer is some hundred bytes; what is longer than this is none, and is not held up.</summary>
    private const int MaxAnswerBytes = 1024 * 1024;

    private readonly LineCutter _cutter = new(PassingLimits.MaxLineBytes);

    // Whether the beginning of the present line was passed on; else it is held, in the cutter.
    private bool _isPassing;

    /// <summary>Works until the editor says no more, or the agent takes no more.</summary>
    public void Run()
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = editor.Read(buffer)) > 0) Handle(buffer.AsSpan(0, read));
        if (!_isPassing) agent.Pass(_cutter.Begun);
    }

    private void Handle(ReadOnlySpan<byte> bytes)
    {
        // What stands before this was passed on, or is no longer to be.
        var from = 0;
        var start = 0;
        int at;
        while ((at = bytes[start..].IndexOf((byte)'\n')) >= 0)
        {
            var end = start + at + 1;
            var held = _isPassing ? 0 : (int)_cutter.Length;
            var mayBeAnswer = !_isPassing && witness.WaitsForAnswer;
            var line = _cutter.End(bytes[start..(end - 1)]);
            _isPassing = false;
            if (mayBeAnswer && line.Bytes is { } answer && witness.TryTakeAnswer(answer))
            {
                agent.Pass(bytes[from..start]);
                from = end;
            }
            else
            {
                witness.EditorSaid(line);
                // A line that is held began in an earlier piece, so nothing of this one comes before it.
                if (held > 0) agent.Pass(line.Bytes.AsSpan(0, held));
            }

            start = end;
        }

        var begun = bytes[start..];
        if (!_isPassing && witness.WaitsForAnswer && _cutter.Length + begun.Length <= MaxAnswerBytes)
        {
            agent.Pass(bytes[from..start]);
            _cutter.Add(begun);
            return;
        }

        if (!_isPassing) agent.Pass(_cutter.Begun);
        agent.Pass(bytes[from..]);
        _cutter.Add(begun);
        _isPassing = _cutter.Length > 0;
    }
}
