using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>A thread as <c>tinyvex export --format json</c> writes it.</summary>
internal sealed class JsonSource(string path) : ImportSource
{
    public override string Name => "Tinyvex export";

    public override async Task ReadAsync(ImportSink sink, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var known = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        ThreadImport? thread = null;
        RowEntries? rows = null;
        try
        {
            foreach (var (name, value) in new JsonPieces(file, JsonExport.Streamed).Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                sink.Progress(file.Position, file.Length);
                if (name != JsonExport.Streamed)
                {
                    known[name] = value;
                    continue;
                }

                Begin();
                await rows!.AddAsync(value);
            }
        }
        catch (JsonException exception)
        {
            throw new StartupException(ExitCode.InternalError, $"{path} is not whole: {exception.Message}", exception);
        }

        Begin();
        await rows!.EndAsync(known.TryGetValue("state", out var state) ? state : null, known.TryGetValue("plan", out var plan) ? plan : null);
        await sink.EndAsync(thread!, Entries.Finalize(known["thread"].Number("updatedAt")));

        void Begin()
        {
            if (rows is not null) return;
            if (!known.TryGetValue("thread", out var row) || row.Text("id") is not { } id) throw new StartupException(ExitCode.InternalError, $"{path} has no 'thread' with an 'id' before its '{JsonExport.Streamed}'");
            if (known.TryGetValue("version", out var version) && version.ValueKind == JsonValueKind.Number && version.GetDouble() > JsonExport.Version) throw new StartupException(ExitCode.InternalError, $"{path} is of a newer Tinyvex");
            thread = sink.Open(id, RowEntries.Facts(row));
            rows = new RowEntries(thread, [.. Known("permissions"), .. Known("elicitations")]);
        }

        IEnumerable<JsonElement> Known(string name) => known.TryGetValue(name, out var given) && given.ValueKind == JsonValueKind.Array ? given.EnumerateArray() : [];
    }
}
