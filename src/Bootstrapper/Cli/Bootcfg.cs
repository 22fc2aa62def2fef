namespace Bootstrapper.Cli;

/// <summary>
/// bootcfg's flags and variables, which a unit or a <c>docker run</c> that was taken over may still give. None has an effect, and
/// nothing would say why.
/// </summary>
internal static class Bootcfg
{
    private const string Prefix = "BOOTCFG_";

    /// <summary>Without the dashes; the variable is the same in capitals.</summary>
    private static readonly Dictionary<string, string> Successors = new(StringComparer.Ordinal)
    {
        ["address"] = "'bootstrapper' and 'http_port' in cluster-desc.yml",
        ["assets-path"] = "'matchbox/assets/' in the data root",
        ["config"] = "the directory 'matchbox/' in the data root",
        ["data-path"] = "the directory 'matchbox/' in the data root",
        ["images-path"] = "'www/images/' in the data root",
        ["key-ring-path"] = "'config-signing.key' in the data root",
        ["passphrase"] = "'config-signing.passphrase' in the data root",
    };

    /// <param name="names">Of all variables. Values are left out: one of bootcfg's is a passphrase.</param>
    /// <returns>What takes the place of each; nothing where none is set.</returns>
    public static IEnumerable<string> Remarks(IEnumerable<string> names) =>
        from name in names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        let flag = name[Prefix.Length..].Replace('_', '-').ToLowerInvariant()
        select $"{name} has no effect: "
            + (Successors.TryGetValue(flag, out var successor) ? $"{successor} takes its place" : "see docs/matchbox.md");

    /// <param name="token">As it was typed, with one dash or two, and perhaps a value behind <c>=</c>.</param>
    /// <returns>What takes its place; <c>null</c> for what is no flag of bootcfg's.</returns>
    public static string? SuccessorOf(string token) => Successors.GetValueOrDefault(token.TrimStart('-').Split('=')[0]);
}
