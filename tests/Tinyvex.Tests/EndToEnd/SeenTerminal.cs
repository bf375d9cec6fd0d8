using System.Text;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.EndToEnd;

/// <summary>A terminal as a client sees it that follows its updates as docs/protocol.md says.</summary>
internal sealed class SeenTerminal
{
    private byte[] _output = [];
    private long _start;

    /// <param name="row">Its row, or nothing yet.</param>
    public SeenTerminal(JsonElement row)
    {
        if (row.ValueKind == JsonValueKind.Object) TakeRow(row);
    }

    public string Status { get; private set; } = "running";

    public string Output => Encoding.UTF8.GetString(_output);

    public long OutputLen => _start + _output.Length;

    /// <summary>Updates that neither go on from what was seen nor replace it.</summary>
    public int Gaps { get; private set; }

    public void Take(JsonElement frame)
    {
        if (!frame.TryGetProperty("stream", out var stream) || stream.GetString() != "terminals") return;
        if (frame.TryGetProperty("row", out var row))
        {
            TakeRow(row);
            return;
        }

        var append = Encoding.UTF8.GetBytes(frame.Text("append"));
        var (from, start, end) = (frame.Number("from"), frame.Number("outputStart"), frame.Number("outputLen"));
        if (from + append.Length != end) throw new InvalidOperationException($"{from} and {append.Length} bytes do not end at {end}");
        if (end <= OutputLen) return;
        if (from == start) (_output, _start) = (append, from);
        else if (from == OutputLen) _output = [.. _output, .. append];
        else Gaps++;
        if (start <= _start) return;
        _output = _output[(int)(start - _start)..];
        _start = start;
    }

    private void TakeRow(JsonElement row)
    {
        Status = row.Text("status");
        if (!row.TryGetProperty("output", out var output) || row.Number("outputLen") < OutputLen) return;
        _output = Encoding.UTF8.GetBytes(output.GetString()!);
        _start = row.Number("outputStart");
        if (_start + _output.Length != row.Number("outputLen")) throw new InvalidOperationException($"the output does not end where it says: {row.Number("outputLen")}");
    }
}
