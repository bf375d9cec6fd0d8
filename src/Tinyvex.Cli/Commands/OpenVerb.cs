using System.CommandLine;
using System.Text.Json.Nodes;
using Tinyvex.Admission;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;
using Tinyvex.Pages;
using Tinyvex.Protocol;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex open</c>: the running server's console, in the browser.</summary>
internal static class OpenVerb
{
    public static Command Create()
    {
        var print = new Option<bool>("--print") { Description = "Only print the link. Whoever opens it first, within 5 minutes, can run commands here." };
        var database = ServerArguments.Database();
        var verb = new Command("open", """
            Open the console of the running server in the browser. The link lets the browser in once;
            what it needs later it keeps itself.
            """)
        {
            print,
            database,
        };
        verb.SetAction((parsed, cancellationToken) => OpenAsync(parsed.GetValue(database), parsed.GetValue(print), cancellationToken));
        return verb;
    }

    private static async Task<int> OpenAsync(string? database, bool print, CancellationToken cancellationToken)
    {
        var (url, link) = await AskAsync(database, cancellationToken);
        if (print)
        {
            Console.WriteLine(link);
            return 0;
        }

        if (await Browser.OpenAsync(link, cancellationToken) is { } problem)
        {
            throw new StartupException(ExitCode.InternalError, $"{problem}. {Browser.ByHand(link)}");
        }

        Screen.Output.WriteLine($"The console of {url} opens in your browser. Where it does not: tinyvex open --print{DataDirectory.Arguments(ServerArguments.DatabaseOf(database))}");
        return 0;
    }

    private static async Task<(string Url, string Link)> AskAsync(string? database, CancellationToken cancellationToken)
    {
        await using var link = await ServerLink.ToRunningAsync(database, Subprotocols.Sync, cancellationToken);
        var url = link.Url.GetLeftPart(UriPartial.Authority);
        var answer = await link.RequestAsync(new JsonObject { ["control"] = Controls.AuthCode }, cancellationToken);
        return (url, ConsoleLink.Of(url, answer.Text("code")!));
    }
}
