namespace Tinyvex.Cli.Terminal;

/// <summary>A question to whoever sits at the terminal, to which only a yes is a yes. It is asked on stderr, as stdout may have become a file.</summary>
internal static class Question
{
    public static bool CanBeAsked => !Console.IsInputRedirected && Screen.Error.IsTerminal;

    public static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        // What was typed before the question was seen is no answer to it.
        while (Console.KeyAvailable) Console.ReadKey(intercept: true);
        Screen.Error.Write($"{question} {Screen.Error.Bold("[y/N]")} ");
        // A read of the terminal cannot be cancelled, and a process ends without waiting for this one.
        var answer = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        // Ctrl-D leaves the cursor in the line.
        if (answer is null) Screen.Error.WriteLine();
        return answer?.Trim() is { } said && (said.Equals("y", StringComparison.OrdinalIgnoreCase) || said.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }
}
