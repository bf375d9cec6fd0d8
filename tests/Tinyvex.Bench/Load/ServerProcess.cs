using System.Diagnostics;
using System.Text.Json;

namespace Tinyvex.Bench.Load;

/// <summary>A server that is measured from outside. It ends with its stdin.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Port { get; private init; }

    /// <summary>From before it was started until it had said that it listens.</summary>
    public TimeSpan TimeToReady { get; private init; }

    public ProcessUsage Usage => ProcessUsage.Of(_process.Id);

    public void ForgetPeak() => ProcessUsage.ForgetPeak(_process.Id);

    public static ServerProcess Start(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine() is not { } line)
        {
            process.WaitForExit();
            throw new IOException($"{file} ended with {process.ExitCode} before it listened");
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        using var ready = JsonDocument.Parse(line);
        return new ServerProcess(process) { Port = ready.RootElement.GetProperty("port").GetInt32(), TimeToReady = elapsed };
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.Dispose();
    }
}
