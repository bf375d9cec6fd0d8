using System.Globalization;

namespace Tinyvex.Replaying;

/// <summary>How fast a recording is played: as recorded, a multiple of that, or without any waiting.</summary>
internal readonly record struct ReplaySpeed
{
    private readonly double _slowness;

    private ReplaySpeed(double slowness) => _slowness = slowness;

    public static ReplaySpeed Recorded { get; } = new(1);

    public static ReplaySpeed Max { get; } = new(0);

    public bool IsMax => _slowness == 0;

    /// <summary>Reads <c>recorded</c>, <c>max</c> or a factor such as <c>2.5</c>.</summary>
    public static bool TryParse(string text, out ReplaySpeed speed)
    {
        speed = text switch
        {
            "recorded" => Recorded,
            "max" => Max,
            _ => default,
        };
        if (text is "recorded" or "max")
            return true;

        // Beyond these bounds a factor is a slip of the pen: slower is no longer playing, faster is "max".
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            || factor is not (>= 0.001 and <= 1_000_000))
            return false;

        speed = new ReplaySpeed(1 / factor);
        return true;
    }

    /// <summary>The time that a recorded time takes at this speed.</summary>
    public TimeSpan Scale(TimeSpan recorded) => recorded * _slowness;
}
