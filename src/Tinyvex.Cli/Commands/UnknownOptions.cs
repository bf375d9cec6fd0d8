using System.CommandLine;

namespace Tinyvex.Cli.Commands;

internal static class UnknownOptions
{
    /// <summary>An option that does not exist is taken for an argument by the parser; here it is told as what it is.</summary>
    public static void Refuse(Argument argument) => argument.Validators.Add(result =>
    {
        // A prompt may begin with a dash and be quoted; an option has no space in it.
        var unknown = result.Tokens.FirstOrDefault(token => token.Value.Length > 1 && token.Value.StartsWith('-') && !token.Value.Contains(' ', StringComparison.Ordinal));
        if (unknown is not null) result.AddError($"there is no option {unknown.Value}");
    });
}
