using System.Diagnostics;
using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.CodexExec;

/// <summary>
/// Codex's own record of a thread, <c>rollout-…-THREAD.jsonl</c> below its home: it has the diffs of changed files and how full the model's context
/// is, which the events leave out. Nothing depends on it: where it is missing or says something else, less is shown.
/// </summary>
internal sealed class Rollout
{
    /// <summary>A turn that writes more than this at once has its diffs from the files.</summary>
    private const int MaxReadBytes = 64 << 20;

    /// <summary>Codex writes it beside its events, so what was just told may be a moment away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly Queue<List<FileChange>> _changes = new();
    private string? _thread;
    private string? _path;
    private long _read;
    private (long Used, long Size)? _context;
    private bool _isOfNoUse;

    public Rollout(string? thread)
    {
        _thread = thread;
        // What is in it already is of earlier turns.
        if (thread is not null && Find()) _read = new FileInfo(_path!).Length;
    }

    /// <summary>Codex has said its id of the thread.</summary>
    public void Name(string thread)
    {
        if (_thread != thread) (_thread, _path, _read) = (thread, null, 0);
    }

    /// <summary>The next change of just these files, with what is known of it.</summary>
    public IReadOnlyList<FileChange>? FindChange(IReadOnlyList<FileChange> files)
    {
        var wanted = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        while (!_isOfNoUse)
        {
            ReadOn();
            while (_changes.TryDequeue(out var change))
            {
                if (change.Count == files.Count && change.All(file => wanted.Contains(file.Path) || file.Verb == "Move")) return change;
            }

            // One miss, and the record is not what is known here; the turn is not to wait again and again.
            var left = Patience - watch.Elapsed;
            if (left <= TimeSpan.Zero || !SpinWait.SpinUntil(HasMore, left)) _isOfNoUse = true;
        }

        return null;
    }

    /// <summary>The tokens that the last request took, and the size of the model's context.</summary>
    public (long Used, long Size)? Context()
    {
        ReadOn();
        return _context;
    }

    private bool HasMore() => _isOfNoUse || (Find() && new FileInfo(_path!).Length > _read);

    private void ReadOn()
    {
        if (!Find()) return;
        try
        {
            using var file = new FileStream(_path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length - _read is <= 0 or > MaxReadBytes) return;
            file.Position = _read;
            var bytes = new byte[file.Length - _read];
            file.ReadExactly(bytes);
            // Whole lines alone: the last one may be on its way.
            var whole = bytes.AsMemory(0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
            _read += whole.Length;
            foreach (var line in whole.Span.Split((byte)'\n')) Note(whole[line]);
        }
        catch (IOException)
        {
            _isOfNoUse = true;
        }
    }

    private void Note(ReadOnlyMemory<byte> line)
    {
        // Most lines are conversation, and of no interest here.
        if (line.Span.IndexOf("token_count"u8) < 0 && line.Span.IndexOf("FileChange"u8) < 0 && line.Span.IndexOf("patch_apply_end"u8) < 0) return;
        try
        {
            using var document = JsonDocument.Parse(line, JsonText.DocumentOptions);
            if (document.RootElement.Field("payload") is not { ValueKind: JsonValueKind.Object } payload) return;
            var item = payload.Field("item") ?? payload;
            if (payload.Text("type") == "token_count" && payload.Field("info") is { } info
                && info.Field("last_token_usage")?.Number("total_tokens") is { } used && info.Number("model_context_window") is { } size)
            {
                _context = (used, size);
            }
            else if (item.Text("type") is "FileChange" or "patch_apply_end" && item.Field("changes") is { } changes)
            {
                _changes.Enqueue(FileChange.ReadAll(changes));
            }
        }
        catch (JsonException)
        {
            // A line that this version of codex writes in another way.
        }
    }

    private bool Find()
    {
        if (_path is not null || _thread is null || _isOfNoUse) return _path is not null;
        // Codex gives ids of letters, digits and dashes; anything else might be a pattern.
        if (!_thread.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) return false;
        var home = Environment.GetEnvironmentVariable("CODEX_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".codex");
        try
        {
            _path = Directory.EnumerateFiles(Path.Combine(home, "sessions"), $"rollout-*-{_thread}.jsonl", SearchOption.AllDirectories).FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _isOfNoUse = true;
        }

        return _path is not null;
    }
}
