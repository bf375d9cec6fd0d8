using System.ComponentModel;
using System.Diagnostics;

namespace Tinyvex.Cli.Links;

/// <summary>The user's browser.</summary>
internal static class Browser
{
    /// <summary>The openers end at once as a rule; one that is still there after this has become the browser itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs the desktop's opener with a link, $1. A browser that it starts must not write into our stdout, which has one line for programs, and
    /// not end by a Ctrl-C that is meant for us: so it gets a session of its own, where there is a program that makes one.
    /// </summary>
    private static readonly string Script = $"""
        opener=$(command -v {Opener}) || exit {NoOpener}
        exec $(command -v setsid) "$opener" "$1" </dev/null >/dev/null 2>&1
        """;

    private const int NoOpener = 127;

    private static string Opener => OperatingSystem.IsMacOS() ? "open" : "xdg-open";

    /// <summary>What to say where it could not be opened.</summary>
    public static string ByHand(string link) => $"Open this link, which works once and within 5 minutes: {link}";

    /// <summary>Opens a link, and answers why it could not; null where it could, as far as can be told.</summary>
    public static async Task<string?> OpenAsync(string link, CancellationToken cancellationToken)
    {
        try
        {
            using var opener = Process.Start(OperatingSystem.IsWindows() ? new ProcessStartInfo(link) { UseShellExecute = true } : Unix(link));
            // On Windows a browser that runs already takes the link, and there is no process to wait for.
            if (opener is null || OperatingSystem.IsWindows()) return null;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            await opener.WaitForExitAsync(patience.Token);
            return opener.ExitCode switch
            {
                0 => null,
                NoOpener => $"No browser was opened, as {Opener} is not installed",
                var code => $"No browser was opened: {Opener} ended with {code}",
            };
        }
        catch (Win32Exception refused)
        {
            return $"No browser was opened: {refused.Message}";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static ProcessStartInfo Unix(string link)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", link]);
        // It has no use for the server's token.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TINYVEX_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        return start;
    }
}
