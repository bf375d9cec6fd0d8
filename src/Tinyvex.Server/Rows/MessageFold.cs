using System.Buffers;
using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Storage;

namespace Tinyvex.Rows;

/// <summary>
/// Folds into an open message's row the chunks that stand in the log after it: for readers, which so see text and cursor of one
/// and the same moment, and for the writer, which takes up an open message it does not hold.
/// </summary>
internal static class MessageFold
{
    public static void Apply(StoreConnection connection, MessageRow row)
    {
        if (!row.Partial) return;
        var chunks = connection.Get(EventLog.ChunksAfter).Bind(1, row.ThreadId).Bind(2, row.FoldedTo).Bind(3, row.Ord);
        ArrayBufferWriter<byte>? text = null;
        while (chunks.Step())
        {
            row.FoldedTo = chunks.Int64(0);
            row.Seq = chunks.Int64(1);
            row.TextLen = chunks.Int64(2);
            ReadOnlyMemory<byte> raw = chunks.Utf8(4).ToArray();
            using var document = JsonDocument.Parse(raw, JsonText.DocumentOptions);
            var update = SessionUpdate.Parse(raw, document.RootElement);
            if (update.Text is { } chunk)
            {
                if (text is null)
                {
                    text = new ArrayBufferWriter<byte>(row.Text.Length + chunk.Length + 256);
                    text.Write(row.Text.Span);
                }

                text.Write(chunk.Span);
            }
            else
            {
                row.Blocks.Add(new PlacedBlock(text?.WrittenCount ?? row.Text.Length, update.Block));
            }

            row.AcpMessageId = update.MessageId ?? row.AcpMessageId;
        }

        if (text is not null) row.Text = text.WrittenMemory;
    }
}
