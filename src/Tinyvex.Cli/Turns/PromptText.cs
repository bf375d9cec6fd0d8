using System.Text;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>The prompt of a command line: its words, what is piped in, or both with an empty line between them.</summary>
internal static class PromptText
{
    /// <summary>What stands for stdin among the words.</summary>
    public const string Stdin = "-";

    /// <summary>Beyond what any model reads, and well within a frame of the server also when every character is escaped.</summary>
    public const int MaxStdinBytes = 2 * 1024 * 1024;

    /// <summary>Time after which someone who waits for stdin without knowing it is told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <exception cref="StartupException">There is no prompt, or too much of it.</exception>
    public static async Task<string> ReadAsync(string[] words, TimeProvider time)
    {
        var typed = words is [Stdin] ? "" : string.Join(' ', words).Trim();
        var readsTerminal = words is [Stdin] && !Console.IsInputRedirected;
        if (readsTerminal) Screen.Error.WriteLine(Screen.Error.Dim("Type the prompt, and Ctrl-D on a line of its own."));
        var piped = Console.IsInputRedirected || readsTerminal ? await ReadStdinAsync(tellsOfWaiting: !readsTerminal, time) : "";
        var prompt = typed.Length > 0 && piped.Length > 0 ? $"{typed}\n\n{piped}" : typed + piped;
        return prompt.Length > 0
            ? prompt
            : throw Wrong("""
                run needs a prompt:
                  tinyvex run "What does this project do?"
                  git diff | tinyvex run "Review this"
                """);
    }

    private static async Task<string> ReadStdinAsync(bool tellsOfWaiting, TimeProvider time)
    {
        // A read of stdin cannot be cancelled; a thread of its own leaves the process free to end.
        var reading = Task.Factory.StartNew(ReadStdin, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (tellsOfWaiting && await Task.WhenAny(reading, Task.Delay(Patience, time)) != reading)
        {
            Screen.Error.WriteLine(Screen.Error.Dim("Reading stdin to its end, to send it with the prompt. With < /dev/null there is nothing to read."));
        }

        return await reading;
    }

    private static string ReadStdin()
    {
        using var stdin = Console.OpenStandardInput();
        var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (stdin.Read(buffer) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxStdinBytes) throw Wrong($"stdin has more than {MaxStdinBytes / 1024 / 1024} MiB, which no model reads; name the file in the prompt, and the agent reads what it needs of it.");
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).Trim('\n', '\r');
    }

    private static StartupException Wrong(string message) => new(ExitCode.WrongUsage, message);
}
