using System.CommandLine;

namespace Tinyvex.Cli.Commands;

internal static class UnknownOptions
{
    /// <summary>An option that does not exist is taken for an argument by the parser; here it is told as what it is.</summary>
    public static void Refuse(Argument argument) => argument.Validators.Add(result =>
    {
        // A prompt may begin with a dash and be quoted, but an option has no space in it; and the end of a thread's id is a dash and a digit.
        var unknown = result.Tokens.FirstOrDefault(token => token.Value is ['-', not (>= '0' and <= '9'), ..] && !token.Value.Contains(' ', StringComparison.Ordinal));
        if (unknown is not null) result.AddError($"there is no option {unknown.Value}");
    });
}
