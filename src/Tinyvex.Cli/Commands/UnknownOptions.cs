using System.CommandLine;

namespace Tinyvex.Cli.Commands;

internal static class UnknownOptions
{
    /// <summary>An option that does not exist is taken for an argument by the parser; here it is told as what it is.</summary>
    public static void Refuse(Argument argument) => argument.Validators.Add(result =>
    {
        if (result.Tokens is [var token, ..] && token.Value.StartsWith("--", StringComparison.Ordinal)) result.AddError($"there is no option {token.Value}");
    });
}
