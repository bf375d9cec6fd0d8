using System.Buffers;
using System.Text.Json;
using Tinyvex.Queries;
using Tinyvex.Storage;
using Tinyvex.Tests.Support;
using Tinyvex.Tests.Writing;
using Tinyvex.Writing;

namespace Tinyvex.Tests.Queries;

/// <summary>A writer, and a reading connection that searches what it wrote.</summary>
internal sealed class SearchStage : IAsyncDisposable
{
    private StoreConnection _reader;

    public SearchStage()
    {
        Writing.Start();
        _reader = StoreConnection.OpenReader(Writing.Path);
    }

    public WriterStage Writing { get; } = new();

    /// <summary>Writes messages that are final at once.</summary>
    public async Task SayAsync(string threadId, params string[] texts)
    {
        await Writing.IngestAsync(threadId, [.. texts.Select(text => Wire.Chunk(text, messageId: Guid.NewGuid().ToString()))]);
        await Writing.Writer.WriteAsync(done => new FinalizeMessages { ThreadId = threadId, Completed = done });
    }

    public JsonElement Search(string text, string? threadId = null, int limit = 50, string? page = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            SearchQueries.Search(_reader, json, text, threadId, limit, page);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    public List<JsonElement> Rows(string text, string? threadId = null) => [.. Search(text, threadId).GetProperty("rows").EnumerateArray()];

    /// <summary>What is found, each with what was looked for in brackets.</summary>
    public string Found(string text, string? threadId = null) => Rows(text, threadId).Select(Marked).Lines();

    public static string Marked(JsonElement row)
    {
        var snippet = row.Text("snippet");
        foreach (var highlight in row.GetProperty("highlights").EnumerateArray().Reverse())
        {
            var (start, length) = (highlight[0].GetInt32(), highlight[1].GetInt32());
            snippet = snippet.Insert(start + length, "]").Insert(start, "[");
        }

        return snippet;
    }

    /// <summary>Closes the store, has the file changed, and opens it again.</summary>
    public async Task ReopenAsync(Action<string> change)
    {
        _reader.Dispose();
        await Writing.CloseAsync();
        change(Writing.Path);
        Writing.Open();
        Writing.Start();
        _reader = StoreConnection.OpenReader(Writing.Path);
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await Writing.DisposeAsync();
    }
}
