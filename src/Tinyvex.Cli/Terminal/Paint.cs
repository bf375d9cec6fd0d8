namespace Tinyvex.Cli.Terminal;

/// <summary>Colours on stdout, where they are wanted; <see cref="Screen"/> knows when that is.</summary>
internal static class Paint
{
    public static string Dim(string text) => Screen.Output.Dim(text);

    public static string Bold(string text) => Screen.Output.Bold(text);

    public static string Green(string text) => Screen.Output.Green(text);

    public static string Red(string text) => Screen.Output.Red(text);

    public static string Cyan(string text) => Screen.Output.Cyan(text);

    public static string Yellow(string text) => Screen.Output.Yellow(text);
}
