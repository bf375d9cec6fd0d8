using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Tinyvex.Replaying;

/// <summary>What the slots of a message are filled with, as JSON. A slot without a value keeps what was recorded.</summary>
internal readonly record struct SlotValues
{
    public ReadOnlyMemory<byte> MessageId { get; init; }

    public ReadOnlyMemory<byte> Session { get; init; }

    /// <summary>What is put to the end of ids that were used before in this session.</summary>
    public ReadOnlyMemory<byte> Suffix { get; init; }

    /// <summary>The client's name for each recorded terminal.</summary>
    public ConcurrentDictionary<string, byte[]>? TerminalIds { get; init; }

    public void Fill(SlotKind kind, ReadOnlySpan<byte> recorded, IBufferWriter<byte> output)
    {
        switch (kind)
        {
            case SlotKind.MessageId when !MessageId.IsEmpty:
                output.Write(MessageId.Span);
                break;
            case SlotKind.Session when !Session.IsEmpty:
                output.Write(Session.Span);
                break;
            case SlotKind.UniqueId when !Suffix.IsEmpty:
                output.Write(recorded[..^1]);
                output.Write(Suffix.Span);
                output.Write("\""u8);
                break;
            case SlotKind.Terminal when TerminalIds is { IsEmpty: false }
                && TerminalIds.TryGetValue(Encoding.UTF8.GetString(recorded), out var terminal):
                output.Write(terminal);
                break;
            default:
                output.Write(recorded);
                break;
        }
    }
}
