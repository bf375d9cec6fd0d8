using Tinyvex.Acp;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>
/// Chunks of a message that follow each other in the log of their thread and differ in their text alone: the last one's event can stand for all
/// of them. The text is that of the message, so the event keeps none.
/// </summary>
internal sealed class ChunkRun
{
    private readonly List<(long Id, long TextLen)> _chunks = [];
    private ChunkTemplate _template;
    private string? _sessionId;
    private long _seq;
    private long _start;

    /// <summary>Adds a chunk; false where it does not belong to those before it.</summary>
    public bool TryAdd(long id, long seq, long textLen, string? sessionId, ChunkTemplate template, int textBytes)
    {
        if (_chunks.Count == 0)
        {
            (_template, _sessionId, _start) = (template, sessionId, textLen - textBytes);
        }
        else if (_chunks.Count == MergedChunks.Most || id - _chunks[0].Id > MergedChunks.MostSpan || textLen - _start > MergedChunks.MostText
            || seq != _seq + 1 || sessionId != _sessionId || !_template.IsSameAs(template))
        {
            return false;
        }

        _chunks.Add((id, textLen));
        _seq = seq;
        return true;
    }

    /// <summary>Has the last of them stand for all, where there is more than one.</summary>
    public void Merge(StoreConnection store, string threadId)
    {
        if (_chunks.Count > 1)
        {
            var last = _chunks[^1].Id;
            store.Get(EventLog.RemoveMerged).Bind(1, threadId).Bind(2, _chunks[0].Id).Bind(3, last).Run();
            store.Get(EventLog.Merge).Bind(1, last).BindText(2, _template.Fill([])).BindBlob(3, MergedChunks.Encode(_chunks, _start)).Run();
        }

        _chunks.Clear();
    }
}
