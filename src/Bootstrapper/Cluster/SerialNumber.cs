using System.Diagnostics.CodeAnalysis;

namespace Bootstrapper.Cluster;

/// <summary>
/// The serial number that a machine's vendor wrote into its DMI table. Vendors who wrote none left a filler,
/// the same in every machine: a filler is not a serial number.
/// </summary>
internal readonly record struct SerialNumber : IParsable<SerialNumber>
{
    private static readonly HashSet<string> Fillers = new(StringComparer.OrdinalIgnoreCase)
    {
        "0123456789", "None", "To be filled by O.E.M.", "Default string", "System Serial Number", "Not Specified", "N/A",
    };

    private SerialNumber(string value) => Value = value;

    public string Value { get; }

    public static SerialNumber Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var serial) ? serial : throw new FormatException($"'{s}' is not a serial number");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SerialNumber result)
    {
        var trimmed = s?.Trim() ?? "";
        var isSerial = trimmed.Length > 0 && !Fillers.Contains(trimmed);
        result = isSerial ? new SerialNumber(trimmed) : default;
        return isSerial;
    }

    public override string ToString() => Value;
}
