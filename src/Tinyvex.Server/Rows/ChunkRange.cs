namespace Tinyvex.Rows;

/// <summary>Chunks of one message that follow each other.</summary>
/// <param name="Position">Id of the last one's event.</param>
/// <param name="FromSeq">Number of the first.</param>
/// <param name="Seq">Number of the last.</param>
/// <param name="From">Byte of the message's text where they begin.</param>
/// <param name="TextLen">Byte where they end.</param>
internal readonly record struct ChunkRange(long Position, long FromSeq, long Seq, long From, long TextLen)
{
    public int Length => (int)(TextLen - From);

    public long Count => Seq - FromSeq + 1;
}
