namespace Tinyvex.Replaying;

/// <summary>One line of a transcript: who wrote when, and either a message or a text that was none.</summary>
internal readonly record struct TranscriptLine(
    bool FromClient, TimeSpan Time, RecordedMessage? Message, ReadOnlyMemory<byte> Text);
