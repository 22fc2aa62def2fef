using System.Globalization;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Images.Releases;

/// <summary>Names of releases: what may be one, which is newer, and how <c>version.txt</c> says it.</summary>
internal static partial class ReleaseVersion
{
    /// <summary>The name of whatever is newest, here and on servers.</summary>
    public const string Current = "current";

    public const string FileName = "version.txt";

    /// <summary>A version becomes a folder's name, so a server must not choose it freely: no slash, no leading dot.</summary>
    public static bool IsSound(string version) => version != Current && NameSyntax.Release.TryRead(version, out _);

    /// <summary>Older before newer: numbers by their value, all else as text.</summary>
    public static int Compare(string left, string right) =>
        left.Split('.').Zip(right.Split('.'), ComparePart)
            .FirstOrDefault(difference => difference != 0) is var difference and not 0
            ? difference
            : left.Count(character => character == '.').CompareTo(right.Count(character => character == '.'));

    /// <returns><c>null</c> when the text names no version, or one that cannot be a folder.</returns>
    public static string? Read(string versionText) =>
        Line().Match(versionText) is { Success: true } line && IsSound(line.Groups["version"].Value)
            ? line.Groups["version"].Value
            : null;

    private static int ComparePart(string left, string right) =>
        long.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
            && long.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
            ? one.CompareTo(other)
            : string.CompareOrdinal(left, right);

    [GeneratedRegex(
        "^(?:FLATCAR|COREOS)_VERSION=\"?(?<version>[^\"\r\n]*)\"?\r?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
