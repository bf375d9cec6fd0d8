using System.CommandLine;
using Tinyvex.Replaying;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex replay</c>: an agent that plays a recording.</summary>
internal static class ReplayVerb
{
    public static Command Create()
    {
        var file = new Argument<string?>("file") { Description = "The recording; without one, a demonstration is played.", Arity = ArgumentArity.ZeroOrOne };
        UnknownOptions.Refuse(file);
        var speed = new Option<string>("--speed")
        {
            Description = "recorded, max, or a factor such as 2.5.",
            HelpName = "SPEED",
            DefaultValueFactory = _ => "recorded",
        };
        speed.Validators.Add(result =>
        {
            if (!ReplaySpeed.TryParse(result.GetValueOrDefault<string>()!, out _)) result.AddError("--speed is recorded, max, or a factor from 0.001 to 1000000");
        });
        var verb = new Command("replay", "Be an ACP agent on stdin and stdout that plays a recorded session: for first runs, demonstrations and tests.")
        {
            file,
            speed,
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            _ = ReplaySpeed.TryParse(parsed.GetValue(speed)!, out var parsedSpeed);
            return ReplayAgent.RunAsync(
                new ReplayOptions { File = parsed.GetValue(file), Speed = parsedSpeed },
                Console.OpenStandardInput(), Console.OpenStandardOutput(), TimeProvider.System, cancellationToken);
        });
        return verb;
    }
}
