using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>
/// Brings the entries of one thread into the store, part by part. Each part's mark is how many entries there are up to its end, and a hash of them:
/// so what is there already is known again, and passed over, and a source that was rewritten is found out.
/// </summary>
/// <param name="link">The server; null to look only at the source.</param>
/// <param name="isTrial">Whether nothing is to be written.</param>
internal sealed class ThreadImport(ServerLink link, string threadId, ThreadFacts facts, bool isTrial, CancellationToken cancellationToken)
{
    /// <summary>Bytes at which a part is sent, once the next entry begins something new.</summary>
    private const int SoonBytes = 256 * 1024;

    /// <summary>Bytes at which it is sent in any case; with its last entry it must fit into a frame.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private const int MostEntries = 5_000;

    /// <summary>Ends the mark of a part with which the thread was closed.</summary>
    private const char Closed = '!';

    /// <summary>An entry that is larger fits into no frame, which may have 16 MiB.</summary>
    private const int MostEntryBytes = 11 * 1024 * 1024;

    private readonly List<Entry> _part = [];
    private byte[] _hash = [];
    private int _bytes;
    private long _count;
    private long _stored;
    private string? _after;
    private bool _wasThere;
    private bool _isAsked;
    private ImportState? _refusal;
    private bool _sentFacts;

    public string ThreadId { get; } = threadId;

    /// <summary>Entries that were written, or would be.</summary>
    public long Written { get; private set; }

    /// <summary>Entries that were left out since they are too large.</summary>
    public long LeftOut { get; private set; }

    public async Task AddAsync(Entry entry)
    {
        if (!_isAsked) await AskAsync();
        if (_refusal is not null) return;
        if (entry.Value.Length > MostEntryBytes)
        {
            LeftOut++;
            return;
        }

        _count++;
        _hash = Sha1.Hash([.. _hash, .. System.Text.Encoding.ASCII.GetBytes(entry.Kind), .. entry.Value.Span]);
        if (_count <= _stored)
        {
            if (_count == _stored && Position != _after?.TrimEnd(Closed)) _refusal = ImportState.Rewritten;
            return;
        }

        if (_part.Count >= MostEntries || _bytes + entry.Value.Length > MostBytes || (_bytes >= SoonBytes && !entry.MayContinue)) await SendAsync([]);
        _part.Add(entry);
        _bytes += entry.Value.Length + 64;
    }

    /// <param name="closing">What ends that which the source leaves open. It is no part of what is counted: a source that grows has another end then.</param>
    public async Task<ImportState> EndAsync(params IReadOnlyList<Entry> closing)
    {
        if (!_isAsked) await AskAsync();
        if (_refusal is null && _count < _stored) _refusal = ImportState.Rewritten;
        if (_refusal is { } refusal) return refusal;
        if (_wasThere && _part.Count == 0 && Written == 0 && _after!.EndsWith(Closed)) return ImportState.Unchanged;
        await SendAsync(closing, Closed.ToString());
        return _wasThere ? ImportState.Appended : ImportState.Imported;
    }

    private string Position => string.Create(CultureInfo.InvariantCulture, $"{_count}:{Convert.ToHexStringLower(_hash)}");

    /// <summary>Asks how much of the thread is there.</summary>
    private async Task AskAsync()
    {
        _isAsked = true;
        var answer = await link.AskAsync(id => Request(id, [], position: null), cancellationToken);
        if (answer.Text("type") != "tinyvex.error") return;
        if (answer.Text("code") != "conflict") throw Refused(answer);
        _after = answer.GetProperty("data").Text("position");
        _wasThere = true;
        // Where there are more marks than these, another program imports; it is not ours to go on.
        if (_after is null || !long.TryParse(_after.Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out _stored)) _refusal = ImportState.Exists;
    }

    private async Task SendAsync(IReadOnlyList<Entry> closing, string mark = "")
    {
        var position = Position + mark;
        if (!isTrial)
        {
            var answer = await link.AskAsync(id => Request(id, closing, position), cancellationToken);
            if (answer.Text("type") == "tinyvex.error") throw Refused(answer);
        }

        Written += _part.Count;
        _part.Clear();
        _bytes = 0;
        _after = position;
        _sentFacts = true;
    }

    private StartupException Refused(JsonElement answer) =>
        new(ExitCode.InternalError, $"thread {Printable.Line(ThreadId)} was not imported further: {Printable.Line(answer.Text("message") ?? "")}");

    private ReadOnlyMemory<byte> Request(int id, IReadOnlyList<Entry> closing, string? position)
    {
        var buffer = new ArrayBufferWriter<byte>(_bytes + 1_024);
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("control"u8, "tvx.import"u8);
            json.WriteNumber("id"u8, id);
            json.WriteString("threadId"u8, ThreadId);
            if (_after is not null) json.WriteString("after"u8, _after);
            if (position is not null)
            {
                json.WriteString("position"u8, position);
                if (!_sentFacts && !_wasThere) WriteFacts(json);
                json.WriteStartArray("entries"u8);
                foreach (var entry in _part) Write(json, entry);
                foreach (var entry in closing) Write(json, entry);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject();
        if (entry.Ts is { } ts) json.WriteNumber("ts"u8, Math.Max(ts, 0));
        json.WritePropertyName(entry.Kind);
        json.WriteRawValue(entry.Value.Span, skipInputValidation: true);
        json.WriteEndObject();
    }

    private void WriteFacts(Utf8JsonWriter json)
    {
        json.WriteStartObject("thread"u8);
        Text("title", facts.Title);
        Text("source", facts.Source);
        Text("workingDirectory", Path.IsPathFullyQualified(facts.WorkingDirectory ?? "") ? facts.WorkingDirectory : null);
        Text("projectId", facts.ProjectId);
        Text("resumeId", facts.ResumeId);
        if (facts.Archived is { } archived) json.WriteBoolean("archived"u8, archived);
        if (facts.CreatedAt is { } createdAt) json.WriteNumber("createdAt"u8, createdAt);
        json.WriteEndObject();

        void Text(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
        }
    }
}
