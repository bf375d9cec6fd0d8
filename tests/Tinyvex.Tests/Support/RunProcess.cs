using System.Diagnostics;
using System.Text;

namespace Tinyvex.Tests.Support;

/// <summary>A <c>tinyvex run</c> that goes on while the test looks at what it prints, types, or sends it signals.</summary>
internal sealed class RunProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    private RunProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors));
    }

    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <summary>Starts it with an stdin that has ended.</summary>
    public static RunProcess Start(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var run = Start(TestBinary.Path, arguments, environment);
        run._process.StandardInput.Close();
        return run;
    }

    /// <summary>Starts it in a process group of its own, as a shell does.</summary>
    public static RunProcess StartInOwnGroup(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("setsid is a command of Linux");
        var run = Start("setsid", [TestBinary.Path, .. arguments], environment);
        run._process.StandardInput.Close();
        return run;
    }

    /// <summary>Starts it on a terminal without colours, in which it can be typed.</summary>
    public static RunProcess StartOnTerminal(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        if (!OperatingSystem.IsLinux()) Skip.Test("the options of script are those of Linux");
        var command = string.Join(' ', ((string[])[TestBinary.Path, .. arguments]).Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        return Start("script", ["-qec", command, "/dev/null"], new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>()) { ["TERM"] = "xterm", ["NO_COLOR"] = "1", ["SHELL"] = "/bin/sh" });
    }

    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until it has printed a text.</summary>
    public async Task UntilAsync(string text)
    {
        try
        {
            await Deadline.UntilAsync(() => Output.Contains(text, StringComparison.Ordinal) || Errors.Contains(text, StringComparison.Ordinal), text);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}; printed was:\n{Output}\n{Errors}", exception);
        }
    }

    /// <summary>Waits for its end, and answers its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(Deadline.Token());
        await _reading.WaitAsync(Deadline.Long);
        return _process.ExitCode;
    }

    private static RunProcess Start(string program, string[] arguments, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["TINYVEX_TOKEN", "NO_COLOR", "FORCE_COLOR"]) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return new RunProcess(Process.Start(start)!);
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder into)
    {
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            lock (into) into.Append(buffer, 0, read);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(Deadline.Token());
        _process.Dispose();
    }
}
