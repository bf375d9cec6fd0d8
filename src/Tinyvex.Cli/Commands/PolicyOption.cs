using System.CommandLine;

namespace Tinyvex.Cli.Commands;

/// <summary><c>--policy</c>: what agents may do without asking.</summary>
internal static class PolicyOption
{
    public static Option<Policy?> Create(string description) => new("--policy")
    {
        Description = description,
        HelpName = "POLICY",
        CustomParser = result =>
        {
            var name = result.Tokens[0].Value;
            if (PolicyNames.Find(name) is { } policy) return policy;
            result.AddError($"--policy is {PolicyNames.Listed}; '{name}' is not");
            return null;
        },
    };
}
