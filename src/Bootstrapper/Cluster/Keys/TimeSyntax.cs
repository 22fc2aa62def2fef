using System.Globalization;

namespace Bootstrapper.Cluster.Keys;

/// <summary>Spans of time and times of day.</summary>
internal static class TimeSyntax
{
    private const string OneUnit = "[0-9]{1,9}[smhdw]?";

    /// <summary>dnsmasq raises anything less without a word (dnsmasq(8), --dhcp-range).</summary>
    private static readonly TimeSpan ShortestLease = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Seconds; the most that fits DHCP's 32 bits, where the value with all bits set means forever (RFC 2131, 3.3).
    /// </summary>
    private const long Longest = uint.MaxValue - 1;

    /// <summary>
    /// As dnsmasq writes it: a number of seconds, minutes <c>m</c>, hours <c>h</c>, days <c>d</c> or weeks <c>w</c>.
    /// </summary>
    public static readonly Syntax<TimeSpan> Lease = new(
        "a lease time of two minutes or more, such as 24h, 45m, 3600 or infinite",
        TryReadLease,
        Pattern.SchemaOfAnyScalar(OneUnit + "|infinite"));

    public static readonly Syntax<TimeSpan> Interval =
        new("a time of one minute or more, such as 1h or 30m", TryReadInterval, Pattern.SchemaOfAnyScalar(OneUnit));

    /// <summary>locksmith's windows: a time of day, on one day of the week or on all.</summary>
    public static readonly Syntax<string> WindowStart =
        Pattern.Of("a time such as 03:00 or Thu 04:00", "(?:(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) )?(?:[01]?[0-9]|2[0-3]):[0-5][0-9]");

    public static readonly Syntax<string> WindowLength =
        Pattern.Of("a length such as 3h or 1h30m", "(?:[0-9]{1,3}h)(?:[0-9]{1,3}m)?|[0-9]{1,4}m");

    private static bool TryReadLease(string text, out TimeSpan lease)
    {
        if (text == "infinite")
        {
            lease = Timeout.InfiniteTimeSpan;
            return true;
        }

        return TryReadSpan(text, out lease) && lease >= ShortestLease;
    }

    private static bool TryReadInterval(string text, out TimeSpan interval) =>
        TryReadSpan(text, out interval) && interval >= TimeSpan.FromMinutes(1) && interval <= TimeSpan.FromDays(365);

    private static bool TryReadSpan(string text, out TimeSpan span)
    {
        var unit = text.Length > 0 ? SecondsIn(text[^1]) : null;
        var isNumber = uint.TryParse(
            unit is null ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var seconds = (long)number * (unit ?? 1);
        span = isNumber && seconds <= Longest ? TimeSpan.FromSeconds(seconds) : default;
        return span > TimeSpan.Zero;
    }

    private static int? SecondsIn(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => null,
    };
}
