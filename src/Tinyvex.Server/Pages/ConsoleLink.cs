namespace Tinyvex.Pages;

/// <summary>The console's address with a one-time code in it.</summary>
internal static class ConsoleLink
{
    /// <summary>In the fragment, which a browser sends to nobody: so the code is in no request, no log and no <c>Referer</c>.</summary>
    public static string Of(string url, string code) => $"{url}/#code={code}";
}
