using System.Globalization;

namespace Bootstrapper.Supervision;

/// <summary>What the kernel lets this process do (capabilities(7)).</summary>
internal static class Capabilities
{
    private const int SetPcap = 8;

    /// <summary>
    /// Whether we may take capabilities from children for good; a container that was given few of them may not.
    /// </summary>
    public static bool MayBeDropped => Has(SetPcap);

    /// <param name="bit">Its number in linux/capability.h.</param>
    public static bool Has(int bit) => (Effective(File.ReadLines("/proc/self/status")) & (1UL << bit)) != 0;

    private static ulong Effective(IEnumerable<string> status)
    {
        const string Key = "CapEff:";
        var line = status.First(line => line.StartsWith(Key, StringComparison.Ordinal));
        return ulong.Parse(line.AsSpan(Key.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
