namespace Tinyvex.Cli.Terminal;

/// <summary>One line on a terminal that says what is waited for, and is gone before anything else is printed.</summary>
internal sealed class ProgressLine(Screen screen)
{
    private static readonly string[] Wheel = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private bool _isShown;
    private int _turn;

    /// <param name="what">What goes on.</param>
    /// <param name="since">For how long.</param>
    public void Show(string what, TimeSpan since)
    {
        if (!screen.CanErase) return;
        var time = $" · {(since.TotalMinutes < 1 ? $"{(int)since.TotalSeconds} s" : Duration.Text(since))}";
        // A line that wraps cannot be taken back.
        var room = screen.Columns - time.Length - 3;
        if (room < 1) return;
        // In one write: an empty line in between would be seen as flicker.
        screen.Write($"\r{screen.Cyan(Wheel[_turn++ % Wheel.Length])} {screen.Dim(TextWidth.Cut(Printable.Line(what), room) + time)}\e[K");
        _isShown = true;
    }

    public void Clear()
    {
        if (_isShown) screen.EraseLine();
        _isShown = false;
    }
}
