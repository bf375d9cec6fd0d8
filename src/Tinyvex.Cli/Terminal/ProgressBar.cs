using System.Globalization;
using Tinyvex.Storage;

namespace Tinyvex.Cli.Terminal;

/// <summary>How far a copy is, on one line that is drawn again; nothing where a line cannot be taken back.</summary>
internal sealed class ProgressBar(Screen screen, string what, TimeProvider time) : IDisposable
{
    /// <summary>Drawn ten times a second: the eye sees no more, and the copy has better to do.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private const int BarColumns = 24;

    private readonly long _started = time.GetTimestamp();
    private long _drawn;
    private bool _isDrawn;

    public void Report(BackupProgress progress)
    {
        if (!screen.CanErase || (_isDrawn && time.GetElapsedTime(_drawn) < Interval && progress.Pages < progress.TotalPages)) return;
        _drawn = time.GetTimestamp();
        _isDrawn = true;
        screen.Write($"\r{Line(progress, time.GetElapsedTime(_started), screen.Columns)}\e[K");
    }

    /// <summary>The line, in fewer columns than the terminal has: in the last one some terminals wrap.</summary>
    public string Line(BackupProgress progress, TimeSpan taken, int columns)
    {
        var part = progress.TotalPages == 0 ? 1 : (double)progress.Pages / progress.TotalPages;
        var full = (int)(part * BarColumns);
        var speed = taken.TotalSeconds < 0.05 ? "" : $", {Moment.Size((long)(progress.Bytes / taken.TotalSeconds))}/s";
        var numbers = string.Create(CultureInfo.InvariantCulture, $"{part,4:0 %}  {progress.Pages:N0} of {progress.TotalPages:N0} pages{speed}");
        var whole = $"{what}  {new string('█', full)}{new string('░', BarColumns - full)} {numbers}";
        return TextWidth.Of(whole) < columns ? whole : TextWidth.Cut($"{what} {numbers}", Math.Max(columns - 1, 1));
    }

    /// <summary>Takes the line away: what comes of it is said by the command.</summary>
    public void Dispose()
    {
        if (_isDrawn) screen.EraseLine();
    }
}
