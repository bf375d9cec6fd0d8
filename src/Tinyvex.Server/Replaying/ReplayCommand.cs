namespace Tinyvex.Replaying;

/// <summary>The verb <c>replay</c>: reads its arguments and plays over the standard streams.</summary>
internal static class ReplayCommand
{
    private const int UsageError = 2;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new ReplayOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--speed")
            {
                if (i + 1 == arguments.Length || !ReplaySpeed.TryParse(arguments[++i], out var speed))
                    return Refuse("--speed is recorded, max, or a factor from 0.001 to 1000000");
                options = options with { Speed = speed };
            }
            else if (arguments[i].StartsWith('-'))
            {
                return Refuse($"there is no option {arguments[i]}");
            }
            else if (options.File is not null)
            {
                return Refuse($"one file is played, and {options.File} is named already");
            }
            else
            {
                options = options with { File = arguments[i] };
            }
        }

        return ReplayAgent.RunAsync(
            options, Console.OpenStandardInput(), Console.OpenStandardOutput(), TimeProvider.System, CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine($"tinyvex replay: {reason}");
        Console.Error.WriteLine("usage: tinyvex replay [FILE] [--speed recorded|max|N]");
        return UsageError;
    }
}
