namespace Tinyvex.Cli.Terminal;

/// <summary>Colours, where there is a terminal and nobody asked for none (https://no-color.org).</summary>
internal static class Paint
{
    private static readonly bool IsOn =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static string Dim(string text) => With("2", text);

    public static string Bold(string text) => With("1", text);

    public static string Green(string text) => With("32", text);

    public static string Red(string text) => With("31", text);

    public static string Cyan(string text) => With("36", text);

    public static string Yellow(string text) => With("33", text);

    private static string With(string code, string text) => IsOn ? $"\e[{code}m{text}\e[0m" : text;
}
