namespace Tinyvex.Replaying;

/// <summary>A transcript that cannot be played. The message names the file and, where there is one, the line.</summary>
internal sealed class TranscriptException : Exception
{
    public TranscriptException(string name, string reason)
        : base($"{name}: {reason}")
    {
    }

    public TranscriptException(string name, int line, string reason)
        : base($"{name}, line {line}: {reason}")
    {
    }
}
