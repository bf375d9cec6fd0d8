using System.Globalization;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Transfers;

/// <summary>Says how far an import is, and what became of each file and thread.</summary>
internal sealed class ImportReport(bool json, bool isTrial)
{
    /// <summary>The eye sees no more.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ProgressLine _progress = new(Screen.Error);
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private readonly Dictionary<ImportState, int> _states = [];
    private long _shown;
    private bool _hasFailed;

    public void Progress(string file, long read, long of)
    {
        if (_shown != 0 && TimeProvider.System.GetElapsedTime(_shown) < Interval) return;
        _shown = TimeProvider.System.GetTimestamp();
        var part = of == 0 ? 0 : (double)read / of;
        _progress.Show(string.Create(CultureInfo.InvariantCulture, $"Importing {part:0 %} of {Path.GetFileName(file)}"), TimeProvider.System.GetElapsedTime(_begun));
    }

    public void Clear() => _progress.Clear();

    /// <summary>A file is nothing that is known. In a folder there may be many others.</summary>
    public void Unknown(string file, bool isNamed)
    {
        if (isNamed) Failed(file, "it is no export, recording, database or session that is known");
    }

    public void Failed(string file, string why)
    {
        _hasFailed = true;
        Clear();
        Console.Error.WriteLine($"tinyvex: {Printable.Line(file)}: {why}");
    }

    /// <param name="failure">Why the file was not read to its end.</param>
    public void Done(string file, ImportSource source, ImportSink sink, string? failure = null)
    {
        Clear();
        foreach (var (thread, state) in sink.Done)
        {
            _states[state] = _states.GetValueOrDefault(state) + 1;
            _hasFailed |= state == ImportState.Rewritten;
            if (json) Print(file, source, thread, state);
            else Console.WriteLine($"{Printable.Line(file)}: {source.Name}, thread {Printable.Line(thread.ThreadId)}: {Says(thread, state)}");
            if (thread.LeftOut > 0) Console.Error.WriteLine($"tinyvex: {Printable.Line(file)}: {Number(thread.LeftOut)} of thread {Printable.Line(thread.ThreadId)} left out: larger than 11 MiB");
        }

        if (sink.BadCount > 0) Console.Error.WriteLine($"tinyvex: {Printable.Line(file)}: {Plural.Of(sink.BadCount, "line")} skipped: {string.Join("; ", sink.Bad)}{(sink.BadCount > sink.Bad.Count ? "; …" : "")}");
        if (failure is not null) Failed(file, failure);
        else if (sink.Done.Count == 0) Failed(file, "nothing in it could be read");
    }

    /// <returns>The exit code.</returns>
    public int End()
    {
        Clear();
        if (!json && _states.Values.Sum() > 1)
        {
            var (imported, added) = (_states.GetValueOrDefault(ImportState.Imported), _states.GetValueOrDefault(ImportState.Appended));
            var there = _states.GetValueOrDefault(ImportState.Unchanged) + _states.GetValueOrDefault(ImportState.Exists);
            Console.WriteLine($"{(isTrial ? "Would import" : "Imported")} {Plural.Of(imported, "thread")}{(added > 0 ? $", {(isTrial ? "add" : "added")} to {added}" : "")}{(there > 0 ? $"; {there} already there" : "")}");
        }
        else if (!json && !_hasFailed && _states.Count == 0)
        {
            Console.WriteLine("Nothing to import was found.");
        }

        return _hasFailed ? (int)ExitCode.InternalError : 0;
    }

    private string Says(ThreadImport thread, ImportState state) => state switch
    {
        ImportState.Imported => $"{(isTrial ? "would import" : "imported")}, {Number(thread.Written)}",
        ImportState.Appended => $"{(isTrial ? "would add" : "added")} {Number(thread.Written)}",
        ImportState.Unchanged => "already there",
        ImportState.Exists => "a thread of this name is there, and is no import; left as it is",
        _ => "the file no longer begins with what was imported from it; left as it is. To import it anew, delete the thread first",
    };

    private static string Number(long entries) => string.Create(CultureInfo.InvariantCulture, $"{entries:N0} {(entries == 1 ? "entry" : "entries")}");

    private static void Print(string file, ImportSource source, ThreadImport thread, ImportState state) => JsonLines.Print(new JsonObject
    {
        ["file"] = file,
        ["kind"] = source.Name,
        ["threadId"] = thread.ThreadId,
        ["state"] = state switch { ImportState.Imported => "imported", ImportState.Appended => "appended", ImportState.Unchanged => "unchanged", ImportState.Exists => "exists", _ => "rewritten" },
        ["entries"] = thread.Written,
    });
}
