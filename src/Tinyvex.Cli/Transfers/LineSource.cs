using System.Text.Json;
using Tinyvex.Replaying;

namespace Tinyvex.Cli.Transfers;

/// <summary>A file with one JSON object a line, read as a stream: a line at a time is in memory, however long the file is.</summary>
internal abstract class LineSource(string path) : ImportSource
{
    private const int MaxLineLength = 64 << 20;

    /// <summary>Nesting that is taken. It stands a few levels deeper in a request, which may have 256.</summary>
    private const int MaxDepth = 240;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    protected string FilePath => path;

    public override async Task ReadAsync(ImportSink sink, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var reader = new LineReader(file, MaxLineLength);
        for (var number = 1L; reader.Read() is { } line; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sink.Progress(file.Position, file.Length);
            if (line.IsTooLong)
            {
                sink.Skip(number, $"is longer than {MaxLineLength >> 20} MiB");
                continue;
            }

            if (line.Bytes.Span.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0) continue;
            await ReadLineAsync(sink, line.Bytes, number);
        }

        await EndAsync(sink);
    }

    private async Task ReadLineAsync(ImportSink sink, ReadOnlyMemory<byte> bytes, long number)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Options);
        }
        catch (JsonException exception)
        {
            sink.Skip(number, $"is not JSON (at byte {exception.BytePositionInLine})");
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object) sink.Skip(number, "is not a JSON object");
            else if (!JsonText.AllNamesAreText(bytes.Span)) sink.Skip(number, "has a name that is not Unicode text");
            else await TakeAsync(sink, document.RootElement, number);
        }
    }

    private async Task TakeAsync(ImportSink sink, JsonElement line, long number)
    {
        try
        {
            if (await LineAsync(sink, line, number) is { } why) sink.Skip(number, why);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair; it is found only when the string is read.
            sink.Skip(number, "has a string that is not Unicode text");
        }
    }

    /// <summary>Takes one line; answers what is wrong with it where it cannot be used.</summary>
    protected abstract Task<string?> LineAsync(ImportSink sink, JsonElement line, long number);

    /// <summary>The file is at its end.</summary>
    protected abstract Task EndAsync(ImportSink sink);

    /// <summary>A time as sources write it: an ISO text, or seconds or milliseconds since 1970.</summary>
    protected static long? Time(JsonElement of, string field)
    {
        const double laterAreMilliseconds = 1e11;
        if (!of.TryGetProperty(field, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is >= 0 and < 1e15)
        {
            return (long)(number < laterAreMilliseconds ? number * 1000 : number);
        }

        return value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? Math.Max(time.ToUnixTimeMilliseconds(), 0) : null;
    }
}
