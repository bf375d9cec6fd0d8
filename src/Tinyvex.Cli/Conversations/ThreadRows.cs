using System.Text.Json;
using System.Text.Json.Nodes;
using Tinyvex.Cli.Links;
using Tinyvex.Cli.Terminal;
using Tinyvex.Hosting;
using Tinyvex.Protocol;

namespace Tinyvex.Cli.Conversations;

/// <summary>Threads as a person names them: by the beginning or the end of an id, or as the last one.</summary>
internal static class ThreadRows
{
    public const string Last = "last";

    /// <summary>Characters of an id that are shown where no more are needed to tell it from the others.</summary>
    private const int ShortId = 8;

    /// <summary>All threads, newest first, read page by page.</summary>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(
        ServerLink link, bool withArchived, int? limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int page = 1000;
        var left = limit ?? int.MaxValue;
        for (string? next = null; left > 0;)
        {
            var args = new JsonObject { ["limit"] = Math.Min(left, page), ["page"] = next };
            if (withArchived) args["archived"] = "all";
            var answer = await link.QueryAsync("threads.list", args, cancellationToken);
            foreach (var row in answer.GetProperty("rows").EnumerateArray())
            {
                left--;
                yield return row;
            }

            next = answer.Text("nextPage");
            if (next is null) yield break;
        }
    }

    /// <summary>The thread that is meant by an id, its beginning or end, or "last".</summary>
    /// <exception cref="StartupException">None is, or several are.</exception>
    public static async Task<JsonElement> FindAsync(ServerLink link, string wanted, CancellationToken cancellationToken) =>
        await TryFindAsync(link, wanted, cancellationToken) ?? throw await NoneAsync(link, wanted, cancellationToken);

    /// <summary>The same, or null where there is none. The last one is the first that <c>tinyvex threads</c> lists.</summary>
    /// <exception cref="StartupException">Several are meant.</exception>
    public static async Task<JsonElement?> TryFindAsync(ServerLink link, string wanted, CancellationToken cancellationToken)
    {
        var found = new List<JsonElement>();
        await foreach (var row in ReadAsync(link, withArchived: wanted != Last, limit: wanted == Last ? 1 : null, cancellationToken))
        {
            if (row.Text("id") == wanted || wanted == Last) return row;
            if (IsMeant(row, wanted)) found.Add(row);
        }

        return One(found, wanted);
    }

    /// <summary>Those that are meant by several such names, each once, from one reading of the list: a script may name a thousand.</summary>
    /// <param name="lastIsArchived">Whether the last one is the one that was archived last.</param>
    /// <exception cref="StartupException">One of the names means none, or several.</exception>
    public static async Task<List<JsonElement>> FindAllAsync(ServerLink link, IEnumerable<string> wanted, bool lastIsArchived, CancellationToken cancellationToken)
    {
        var all = new List<JsonElement>();
        await foreach (var row in ReadAsync(link, withArchived: true, limit: null, cancellationToken)) all.Add(row);
        var found = new List<JsonElement>();
        foreach (var name in wanted)
        {
            var one = name == Last
                ? all.Where(row => row.Is("archived") == lastIsArchived).Cast<JsonElement?>().FirstOrDefault()
                : all.Where(row => row.Text("id") == name).Cast<JsonElement?>().FirstOrDefault() ?? One(all.FindAll(row => IsMeant(row, name)), name);
            found.Add(one ?? throw await NoneAsync(link, name, cancellationToken));
        }

        return [.. found.DistinctBy(row => row.Text("id"))];
    }

    /// <summary>Sets fields of a thread, and gives it as it is then.</summary>
    public static async Task<JsonElement> UpdateAsync(ServerLink link, string id, JsonObject updates, CancellationToken cancellationToken)
    {
        await link.RequestAsync(new JsonObject { ["control"] = Controls.UpdateThread, ["threadId"] = id, ["updates"] = updates }, cancellationToken);
        return (await link.QueryAsync("threads.get", new JsonObject { ["threadId"] = id }, cancellationToken)).Items("rows").First();
    }

    /// <summary>What to say where there is no thread at all.</summary>
    public static string NoneYet(string database) => $"There is no thread yet. Make one with: tinyvex run{DataDirectory.Arguments(database)} \"Hello\"";

    /// <summary>The same, where there may be archived ones, which are not listed.</summary>
    public static async Task<string> NoneListedAsync(ServerLink link, CancellationToken cancellationToken) =>
        (await link.QueryAsync("threads.list", new JsonObject { ["limit"] = 1, ["archived"] = true }, cancellationToken)).Items("rows").Any()
            ? $"All threads are archived. List them with: {ListAll(link)}"
            : NoneYet(link.Database);

    private static string ListAll(ServerLink link) => $"tinyvex threads --archived{DataDirectory.Arguments(link.Database)}";

    private static async Task<StartupException> NoneAsync(ServerLink link, string wanted, CancellationToken cancellationToken) => new(
        ExitCode.InternalError,
        wanted == Last ? await NoneListedAsync(link, cancellationToken) : $"There is no thread '{Printable.Line(wanted)}'. List them with: {ListAll(link)}");

    private static bool IsMeant(JsonElement row, string wanted) =>
        row.Text("id")!.StartsWith(wanted, StringComparison.Ordinal) || row.Text("id")!.EndsWith(wanted, StringComparison.Ordinal);

    private static JsonElement? One(List<JsonElement> found, string wanted) => found switch
    {
        [] => null,
        [var one] => one,
        _ => throw new StartupException(
            ExitCode.InternalError,
            $"'{Printable.Line(wanted)}' is the beginning or the end of {found.Count} ids. Give more of it:{string.Concat(found.Take(5).Select(row => $"\n  {Printable.Line(row.Text("id")!)}  {TextWidth.Cut(Title(row), 50)}"))}"),
    };

    public static string Title(JsonElement row) => row.Text("title") is { Length: > 0 } title ? Printable.Line(title) : "(untitled)";

    /// <summary>The beginning of an id that none of the others has, of <see cref="ShortId"/> characters or more.</summary>
    public static Dictionary<string, string> Shorten(IEnumerable<string> ids)
    {
        var sorted = ids.Distinct().Order(StringComparer.Ordinal).ToArray();
        var shortened = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < sorted.Length; i++)
        {
            var needed = Math.Max(i == 0 ? 0 : Common(sorted[i - 1], sorted[i]), i == sorted.Length - 1 ? 0 : Common(sorted[i], sorted[i + 1])) + 1;
            shortened[sorted[i]] = sorted[i][..Math.Min(sorted[i].Length, Math.Max(ShortId, needed))];
        }

        return shortened;
    }

    private static int Common(string one, string other) => one.AsSpan().CommonPrefixLength(other);
}
