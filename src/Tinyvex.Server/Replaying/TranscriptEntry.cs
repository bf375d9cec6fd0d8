namespace Tinyvex.Replaying;

/// <summary>One thing that the agent wrote: a message, or a line that was none.</summary>
internal sealed class TranscriptEntry
{
    /// <summary>The time since the entry before it, or since what the client sent if that came later.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>The message; null for a line of text.</summary>
    public RecordedMessage? Message { get; init; }

    /// <summary>The line of text; empty for a message.</summary>
    public ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>To a permission request: the option that was chosen when this was recorded.</summary>
    public string? ChosenOption { get; set; }

    /// <summary>To a request for a terminal: the terminal's name when this was recorded, as JSON.</summary>
    public string? TerminalId { get; set; }
}
