using System.Buffers;
using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>
/// The rows of a list, encoded one by one: a list ends after its limit or at 4 MiB, whichever comes first, and may be written in
/// the reverse of the order it was read in.
/// </summary>
internal sealed class RowPage : IDisposable
{
    /// <summary>Bytes of a list; one row alone may exceed it.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(4_096);
    private readonly List<(int Start, int End)> _rows = [];
    private readonly Utf8JsonWriter _json;

    public RowPage() => _json = new Utf8JsonWriter(_buffer, JsonWriting.Options);

    public int Count => _rows.Count;

    public int Bytes => _buffer.WrittenCount;

    /// <summary>Whether rows were left out because of the size.</summary>
    public bool IsFull => Bytes >= MaxBytes;

    public void Add<TRow>(TRow row, Action<TRow, Utf8JsonWriter> write)
    {
        var start = _buffer.WrittenCount;
        _json.Reset();
        write(row, _json);
        _json.Flush();
        _rows.Add((start, _buffer.WrittenCount));
    }

    /// <summary>
    /// Adds the rows of a statement until the list ends. To be given more rows than the limit, so that it is known whether some are left.
    /// </summary>
    /// <param name="add">Adds a row and answers its key; null where it is passed over.</param>
    /// <param name="last">The key to go on behind where other rows have filled the page already.</param>
    /// <returns>The key of the last row where some are left, else null.</returns>
    public PageToken? Fill(Statement rows, int limit, Func<Statement, PageToken?> add, PageToken? last = null)
    {
        while (rows.Step())
        {
            if (Count == limit || IsFull)
            {
                rows.Reset();
                return last;
            }

            last = add(rows) ?? last;
        }

        return null;
    }

    /// <summary>Writes the rows, and the page that follows.</summary>
    public void Write(Utf8JsonWriter json, string list, PageToken? next, bool reversed = false)
    {
        json.WritePropertyName("rows"u8);
        Write(json, reversed);
        json.WriteString("nextPage"u8, next?.Encode(list));
    }

    public void Write(Utf8JsonWriter json, bool reversed = false)
    {
        json.WriteStartArray();
        for (var i = 0; i < _rows.Count; i++)
        {
            var (start, end) = _rows[reversed ? _rows.Count - 1 - i : i];
            json.WriteRawValue(_buffer.WrittenSpan[start..end], skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    public void Dispose() => _json.Dispose();
}
