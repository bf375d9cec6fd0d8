using System.Text.Json;

namespace Tinyvex.Cli.Transfers;

/// <summary>
/// Reads a large JSON object piece by piece: the value of each field, and of one field, an array, each element by itself. In memory is one piece at a time.
/// </summary>
internal sealed class JsonPieces(Stream stream, string streamed)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <exception cref="JsonException">It is no JSON object, or ends too early.</exception>
    public IEnumerable<(string Name, JsonElement Value)> Read()
    {
        Expect((byte)'{');
        while (Next() != '}')
        {
            if (Next() == ',') _start++;
            Next();
            var name = Value().GetString()!;
            Expect((byte)':');
            if (name != streamed || Next() != '[')
            {
                yield return (name, Value());
                continue;
            }

            _start++;
            while (Next() != ']')
            {
                if (Next() == ',') _start++;
                Next();
                yield return (name, Value());
            }

            _start++;
        }
    }

    private void Expect(byte wanted)
    {
        if (Next() != wanted) throw new JsonException($"'{(char)wanted}' is missing");
        _start++;
    }

    /// <summary>The next character that is no space; it stays the next.</summary>
    private byte Next()
    {
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or 0xEF or 0xBB or 0xBF) _start++;
            if (_start < _end) return _buffer[_start];
            if (!Fill()) throw new JsonException("it ends too early");
        }
    }

    private JsonElement Value()
    {
        while (true)
        {
            if (TryValue() is { } value) return value;
            if (!Fill()) throw new JsonException("it ends too early");
        }
    }

    private JsonElement? TryValue()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), isFinalBlock: false, new JsonReaderState(Options));
        if (!reader.Read() || !reader.TrySkip()) return null;
        var length = (int)reader.BytesConsumed;
        using var document = JsonDocument.Parse(_buffer.AsMemory(_start, length), new JsonDocumentOptions { MaxDepth = Options.MaxDepth });
        var value = document.RootElement.Clone();
        _start += length;
        return value;
    }

    private bool Fill()
    {
        if (_ended) return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
        return !_ended;
    }
}
