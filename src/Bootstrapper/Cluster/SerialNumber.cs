using System.Diagnostics.CodeAnalysis;

namespace Bootstrapper.Cluster;

/// <summary>
/// The serial number that a machine's vendor wrote into its DMI table. Vendors who wrote none left a filler,
/// the same in every machine: a filler is not a serial number.
/// </summary>
internal readonly record struct SerialNumber : IParsable<SerialNumber>
{
    /// <summary>Letters and digits alone, in lower case: vendors spell them with dots, dashes and blanks as they like.</summary>
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "", "none", "null", "nil", "na", "nan", "tbd", "oem", "empty", "unknown", "invalid", "blank", "default", "defaultstring",
        "notapplicable", "notavailable", "notspecified", "notset", "notfound", "notprovided", "notused", "noserial",
        "serial", "serialnumber", "sn", "systemserialnumber", "systemserial", "chassisserialnumber", "baseboardserialnumber",
        "tobefilledbyoem", "tobefilledbyodm", "tobefilled", "fillbyoem", "filledbyoem", "oemdefault", "ssn12345678901234567",
        "systemsn", "mbserialnumber", "123456789abcdef", "0123456789abcdef", "deadbeef",
    };

    /// <summary>How those who were to write a number, and did not, filled the field.</summary>
    private const string Counting = "012345678901234567890";

    /// <summary>A shorter run of digits may be somebody's own number.</summary>
    private const int ShortestCount = 6;

    private SerialNumber(string value) => Value = value;

    public string Value { get; }

    public static SerialNumber Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var serial) ? serial : throw new FormatException($"'{s}' is not a serial number");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SerialNumber result)
    {
        var trimmed = s?.Trim() ?? "";
        var isSerial = !IsFiller(trimmed);
        result = isSerial ? new SerialNumber(trimmed) : default;
        return isSerial;
    }

    public override string ToString() => Value;

    private static bool IsFiller(string text)
    {
        var letters = string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Fillers.Contains(letters)
            || letters.All(letter => letter == letters[0])
            || letters.Length >= ShortestCount && Counting.Contains(letters, StringComparison.Ordinal);
    }
}
