using System.Buffers;
using Tinyvex.Writing;

namespace Tinyvex.Fanout;

/// <summary>
/// Merges chunks of text that follow each other in one message. Their order among those of other messages and updates is let go of,
/// which nobody sees: none of a batch but the last has a cursor.
/// </summary>
internal sealed class ChunkMerger(Action<Change> emit)
{
    /// <summary>Text of one update, in bytes: large enough that its frame weighs nothing, a quarter of where a field is cut.</summary>
    private const int MaxText = 64 * 1024;

    private readonly Dictionary<MessageIdentity, Run> _runs = new(ReferenceEqualityComparer.Instance);

    public void Add(MessageChunk chunk)
    {
        if (chunk.Block is not null)
        {
            Flush(chunk.Message);
            emit(chunk);
            return;
        }

        if (!_runs.TryGetValue(chunk.Message, out var run)) _runs.Add(chunk.Message, run = new Run());
        if (run.Last is { } last && (last.Seq + 1 != chunk.FromSeq || run.Length + chunk.Append.Length > MaxText)) Emit(run);
        run.Add(chunk);
    }

    /// <summary>Emits what was merged of a message: it ends, or something else of it follows.</summary>
    public void Flush(MessageIdentity message)
    {
        if (_runs.Remove(message, out var run)) Emit(run);
    }

    public void Flush()
    {
        foreach (var run in _runs.Values) Emit(run);
        _runs.Clear();
    }

    private void Emit(Run run)
    {
        if (run.Take() is { } merged) emit(merged);
    }

    /// <summary>Chunks on their way to be one.</summary>
    private sealed class Run
    {
        private ArrayBufferWriter<byte>? _text;

        public MessageChunk? First { get; private set; }

        public MessageChunk? Last { get; private set; }

        public int Length => _text?.WrittenCount ?? First?.Append.Length ?? 0;

        public void Add(MessageChunk chunk)
        {
            if (First is null)
            {
                First = Last = chunk;
                return;
            }

            if (_text is null)
            {
                _text = new ArrayBufferWriter<byte>(First.Append.Length + chunk.Append.Length + 1_024);
                _text.Write(First.Append.Span);
            }

            _text.Write(chunk.Append.Span);
            Last = chunk;
        }

        public MessageChunk? Take()
        {
            var merged = _text is null ? First : Last! with { FromSeq = First!.FromSeq, Append = _text.WrittenMemory };
            (First, Last, _text) = (null, null, null);
            return merged;
        }
    }
}
